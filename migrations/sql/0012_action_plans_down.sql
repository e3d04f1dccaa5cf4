DROP TABLE reports
--;
DROP TABLE report_obligations
--;
DROP TABLE plan_target_activities
--;
DROP TABLE plan_measurements
--;
DROP TABLE plan_staffing_lines, plan_budget_lines, plan_targets, plan_legal_bases
--;
DROP TABLE action_plans
