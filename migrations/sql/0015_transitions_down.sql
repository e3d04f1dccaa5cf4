DROP FUNCTION case_tasks_of_step_end, case_referral_answer, case_told_from_elsewhere, case_step_from_elsewhere
--;
DROP POLICY granted ON case_plan_services
--;
REVOKE SELECT ON case_plan_services FROM childcare_commune_granted
--;
DROP TABLE case_referral_answers
--;
DROP TABLE case_referrals
