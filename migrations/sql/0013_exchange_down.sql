DROP FUNCTION paper_signers
--;
DROP FUNCTION hotline_tell
--;
DROP FUNCTION hotline_take_back
--;
DROP FUNCTION hotline_no_longer
--;
DROP FUNCTION hotline_concerned
--;
DROP FUNCTION hotline_joined
--;
DROP FUNCTION hotline_step_counts
--;
DROP FUNCTION hotline_referral_behind
--;
DROP FUNCTION hotline_withdraw_referral
--;
DROP FUNCTION hotline_update_referral, tell_more_of_intake, intake_told_by_me, intake_is_told_by_me, report_is_told_more
--;
DROP FUNCTION hotline_referral_state
--;
DROP FUNCTION hotline_source_name
--;
DROP TABLE hotline_feedback
--;
DROP TABLE hotline_referrals
