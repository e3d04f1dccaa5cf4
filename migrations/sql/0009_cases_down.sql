DROP POLICY of_mine ON tasks
--;
DROP FUNCTION task_is_of_mine
--;
DROP FUNCTION lock_reports_of
--;
DROP FUNCTION case_acting_for
--;
DROP POLICY granted ON cases
--;
DROP POLICY granted ON case_steps
--;
DROP POLICY granted ON case_reports
--;
DROP POLICY granted ON case_parties
--;
DROP POLICY granted ON case_emergency_measures
--;
DROP POLICY granted ON case_handovers
--;
DROP POLICY granted ON case_assessments
--;
DROP POLICY granted ON case_meetings
--;
DROP POLICY granted ON case_plans
--;
DROP POLICY granted ON case_decisions
--;
DROP POLICY granted ON case_services
--;
DROP POLICY granted ON case_reviews
--;
DROP POLICY origin ON case_steps
--;
DROP POLICY origin ON case_grants
--;
DROP POLICY origin ON case_reports
--;
DROP POLICY origin ON case_parties
--;
DROP POLICY origin ON case_handovers
--;
DROP FUNCTION case_last_position_of_my_making, case_is_newly_of_my_making
--;
DROP FUNCTION case_step_is_of_my_making
--;
DROP TABLE case_reviews
--;
DROP TABLE case_services
--;
DROP TABLE case_decisions
--;
DROP TABLE case_plan_services
--;
DROP TABLE case_plans
--;
DROP TABLE case_meetings
--;
DROP TABLE case_assessments
--;
DROP TABLE case_handovers
--;
DROP TABLE case_emergency_measures
--;
DROP TABLE case_grants
--;
DROP TABLE case_parties
--;
DROP TABLE case_reports
--;
DROP TABLE case_steps
--;
DROP TABLE cases
--;
DROP FUNCTION case_plan_is_settled
--;
DROP FUNCTION report_stands_behind_mine
--;
DROP FUNCTION case_plan_services_are_settled
