DROP FUNCTION intake_hand_over
--;
DROP FUNCTION intake_is_mine
--;
DROP FUNCTION intake_reporter_revealed
--;
DROP FUNCTION intake_receipt
--;
DROP FUNCTION is_kept_from_me
--;
DROP POLICY origin ON intake_grants
--;
DROP FUNCTION intake_is_from_here
--;
DROP POLICY origin ON intake_children
--;
DROP POLICY origin_hotline ON intake_children
--;
DROP POLICY origin ON intake_reporters
--;
DROP POLICY origin_hotline ON intake_reporters
--;
DROP FUNCTION intake_is_new
--;
DROP POLICY granted ON intakes
--;
DROP TABLE intake_safety_measures
--;
DROP TABLE intake_assessments
--;
DROP TABLE intake_reexaminations
--;
DROP TABLE intake_updates
--;
DROP FUNCTION teller_took_back
--;
DROP TABLE intake_transfers
--;
DROP TABLE intake_reporters
--;
DROP TABLE intake_children
--;
DROP TABLE intake_grants
--;
DROP TABLE intakes
--;
DROP FUNCTION intake_was_received, report_was_updated
