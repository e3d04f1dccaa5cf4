"""Which commands name a step, and which problem goes with which need of the table of commands."""

NAMES_A_STEP = frozenset(
    {
        *("revise_plan", "extend_separation", "cancel_separation", "record_court_order", "record_court_refusal"),
        *("withdraw_court_request", "answer_proceeding", "record_release_prepared"),
        *("write_down_referral_answer", "withdraw_case_referral"),
        *("withdraw_case_transfer", "decline_placement", "withdraw_placement_request"),
        *("hand_child_over", "record_placement_visit", "record_carer_report", "request_placement_end", "end_placement"),
        *("end_plan_refusal", "revoke_grant", "lift_exclusion_from_case", "enter_step_in_error"),
    }
)
"""The commands on a step that only a case has in which it is under way."""

NEVER_CARRIED_OUT = {
    # The commune that was asked answers; nobody of it is among those who try.
    "decline_placement",
    # The report guessed an age of eight.
    "record_sixteenth",
}
"""The commands that no case here can show carried out."""

FOR_A_NEED: dict[str, set[str]] = {
    # Before an assessment there is none to name.
    "cancel_separation": {"no_such_record"},
    # A request that stood on a separation which was an error is none any more.
    "record_court_order": {"court_answered"},
    "record_court_refusal": {"court_answered"},
    "withdraw_court_request": {"court_answered"},
    # They were marked before the case was closed.
    "answer_proceeding": {"already_entered_in_error"},
    # Before a decision there is no plan in force.
    "record_release_prepared": {"no_plan_in_force"},
    "draft_plan": {"plan_version_open"},
    # No version yet, one that was submitted.
    "change_plan": {"not_found", "plan_unchangeable"},
    # One that is in force.
    "revise_plan": {"plan_not_in_state"},
    "submit_plan": {"plan_not_in_state"},
    "return_plan": {"plan_not_in_state"},
    "approve_plan": {"plan_not_in_state"},
    # Before a decision there is none to send, and on a plan none in a closed case; no child leaves a facility here.
    "send_decision": {"not_found", "case_not_in_state"},
    # Before a decision there is no plan in force.
    "record_service": {"no_plan_in_force"},
    # Before a case was closed they were withdrawn.
    "write_down_referral_answer": {"referral_not_in_state"},
    "withdraw_case_referral": {"referral_not_in_state"},
    "withdraw_case_transfer": {"transfer_answered"},
    "withdraw_placement_request": {"placement_answered"},
    "decline_placement": {"placement_elsewhere"},
    "record_sixteenth": {"still_a_child"},
}
"""What may refuse a command in a state where the table allows it; whatever is not named here is carried out."""

OUT_OF_STATE: dict[str, set[str]] = {
    # One of them is joined to itself.
    "join_other_case": {"no_such_record", "case_not_in_state"},
    "adjust_plan": {"not_found", "plan_not_in_state"},
    "change_plan": {"not_found", "plan_unchangeable"},
    "revise_plan": {"not_found", "case_not_in_state"},
    "submit_plan": {"not_found", "plan_not_in_state"},
    "return_plan": {"not_found", "plan_not_in_state"},
    "approve_plan": {"not_found", "plan_not_in_state", "dossier_incomplete"},
    "send_decision": {"not_found"},
    "end_plan_refusal": {"not_found", "case_not_in_state"},
    "record_service": {"no_plan_in_force", "case_not_in_state"},
    "record_review": {"no_plan_in_force", "case_not_in_state"},
    "close_case": {"risk_remains", "case_already_closed"},
    # What was entered in error left nothing under way.
    "write_down_referral_answer": {"referral_not_in_state"},
    "withdraw_case_referral": {"referral_not_in_state"},
    "withdraw_case_transfer": {"transfer_answered"},
    "decline_placement": {"placement_elsewhere"},
    "withdraw_placement_request": {"placement_answered"},
    "hand_child_over": {"placement_not_in_state"},
    "record_placement_visit": {"placement_not_in_state"},
    "record_carer_report": {"placement_not_in_state"},
    "request_placement_end": {"placement_not_in_state"},
    "end_placement": {"placement_not_in_state"},
}
"""What refuses a command in a state where the table does not allow it, where that is not `case_not_in_state` alone."""

FOR_WHAT_RUNS: dict[str, set[str]] = {
    "join_other_case": {"separation_runs"},
    "decide_separation": {"separation_runs"},
    "close_case": {"separation_runs"},
    "offer_case_transfer": {"transfer_pending"},
    "place_child": {"child_is_placed"},
}
"""What is refused in every state that allows it, as long as a separation, care and questions are under way."""
