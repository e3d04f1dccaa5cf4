"""Who may use the operations of plans, activities and reports."""

from childcare_api.access.permissions import Permission

P = Permission

OF_PLANS: dict[str, P | None] = {
    # action plans
    "list_action_plans": P.PLAN_READ,
    "draft_action_plan": P.PLAN_WRITE,
    "read_action_plan": P.PLAN_READ,
    "change_action_plan": P.PLAN_WRITE,
    "issue_action_plan": P.PLAN_ISSUE,
    "renew_action_plan": P.PLAN_WRITE,
    "list_plan_targets": P.PLAN_READ,
    "add_plan_target": P.PLAN_WRITE,
    "read_plan_target": P.PLAN_READ,
    "change_plan_target": P.PLAN_WRITE,
    "remove_plan_target": P.PLAN_WRITE,
    "list_plan_legal_bases": P.PLAN_READ,
    "add_plan_legal_basis": P.PLAN_WRITE,
    "remove_plan_legal_basis": P.PLAN_WRITE,
    "list_plan_budget_lines": P.PLAN_READ,
    "add_plan_budget_line": P.PLAN_WRITE,
    "remove_plan_budget_line": P.PLAN_WRITE,
    "list_plan_staffing_lines": P.PLAN_READ,
    "read_action_plan_progress": P.PLAN_READ,
    "list_measurements": P.PLAN_READ,
    "record_measurement": P.PLAN_WRITE,
    "mark_measurement_in_error": P.PLAN_WRITE,
    "list_plan_report_obligations": P.PLAN_READ,
    "add_plan_report_obligation": P.PLAN_WRITE,
    "remove_plan_report_obligation": P.PLAN_WRITE,
    # activities and reports
    "list_activities": P.ACTIVITY_READ,
    "list_plan_activities": P.ACTIVITY_READ,
    "record_activity": P.ACTIVITY_WRITE,
    "read_activity": P.ACTIVITY_READ,
    "mark_activity_in_error": P.ACTIVITY_WRITE,
    "list_report_obligations": P.REPORT_READ,
    "list_reports": P.REPORT_READ,
    "draft_report": P.REPORT_WRITE,
    "read_report": P.REPORT_READ,
    "change_report": P.REPORT_WRITE,
    "submit_report": P.REPORT_SUBMIT,
    "return_report": P.REPORT_ACCEPT,
    "accept_report": P.REPORT_ACCEPT,
}
