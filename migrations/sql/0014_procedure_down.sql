DROP FUNCTION case_clock_of_hours, promised_length
--;
DROP FUNCTION announce_escalations
--;
DROP FUNCTION extend_task
--;
DROP TABLE task_extensions
--;
DROP TABLE unit_terms
--;
DROP FUNCTION announce_sixteen_in_cases
--;
DROP FUNCTION case_separation_follows, case_court_follows, case_step_counts, case_step_holds
--;
DROP FUNCTION case_speaks_of_itself
--;
DROP TABLE case_deaths
--;
DROP TABLE case_sendings
--;
DROP TABLE case_plan_refusals
--;
DROP TABLE case_release_notices
--;
DROP TABLE case_proceedings
--;
DROP TABLE case_court_answers
--;
DROP TABLE case_court_requests
--;
DROP TABLE case_separation_changes
--;
DROP TABLE case_separations
--;
ALTER TABLE case_assessments DROP COLUMN carers_ensure_safety
--;
ALTER TABLE case_steps DROP COLUMN informed_at, DROP COLUMN protected_at, DROP COLUMN ends_at
--;
ALTER TABLE cases DROP COLUMN separation_id, DROP COLUMN separation_ends_at
