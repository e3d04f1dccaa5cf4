"""Which problem goes with which need of the table of commands, in a case that meets no more than its state."""

NO_SUCH_STEP = {"not_found"}
"""The address names a step that the case does not have."""

FOR_A_NEED: dict[str, set[str]] = {
    "link_child": {"no_such_record"},
    "join_other_case": {"no_such_record"},
    "extend_separation": NO_SUCH_STEP,
    "cancel_separation": NO_SUCH_STEP,
    "record_court_order": NO_SUCH_STEP,
    "record_court_refusal": NO_SUCH_STEP,
    "draft_plan": {"plan_version_open"},
    # No version yet, one that waits for its decision, one that was decided on.
    "change_plan": {"not_found", "plan_not_in_state", "plan_unchangeable"},
    "submit_plan": {"plan_not_in_state"},
    "return_plan": {"plan_not_in_state"},
    "approve_plan": {"plan_not_in_state"},
    "end_plan_refusal": NO_SUCH_STEP,
    # Before a decision there is no plan in force; after it the service of another plan is none of this one's.
    "record_service": {"no_plan_in_force", "no_such_record"},
    "withdraw_case_transfer": NO_SUCH_STEP,
    "decline_placement": NO_SUCH_STEP,
    "withdraw_placement_request": NO_SUCH_STEP,
    "place_child": {"no_such_record"},
    "hand_child_over": NO_SUCH_STEP,
    "record_placement_visit": NO_SUCH_STEP,
    "record_carer_report": NO_SUCH_STEP,
    "request_placement_end": NO_SUCH_STEP,
    "end_placement": NO_SUCH_STEP,
    # The report guessed an age of eight.
    "record_sixteenth": {"still_a_child"},
    "revoke_grant": NO_SUCH_STEP,
    "lift_exclusion_from_case": NO_SUCH_STEP,
    "enter_step_in_error": NO_SUCH_STEP,
}
"""What may refuse a command in a state where the table allows it; whatever is not named here is carried out."""

OUT_OF_STATE: dict[str, set[str]] = {
    "link_child": {"no_such_record"},
    "join_other_case": {"no_such_record"},
    "extend_separation": NO_SUCH_STEP,
    "cancel_separation": NO_SUCH_STEP,
    "record_court_order": NO_SUCH_STEP,
    "record_court_refusal": NO_SUCH_STEP,
    "adjust_plan": {"not_found", "plan_not_in_state"},
    "change_plan": {"not_found", "plan_unchangeable"},
    "submit_plan": {"not_found", "plan_not_in_state"},
    "return_plan": {"not_found", "plan_not_in_state"},
    "approve_plan": {"not_found", "plan_not_in_state", "dossier_incomplete"},
    "send_decision": {"not_found", "case_not_in_state"},
    "end_plan_refusal": NO_SUCH_STEP,
    "record_service": {"no_plan_in_force", "no_such_record"},
    "record_review": {"no_plan_in_force", "case_not_in_state"},
    "close_case": {"risk_remains", "case_already_closed"},
    # What was entered in error left nothing under way.
    "write_down_referral_answer": {"referral_not_in_state"},
    "withdraw_case_referral": {"referral_not_in_state"},
    "withdraw_case_transfer": NO_SUCH_STEP,
    "decline_placement": NO_SUCH_STEP,
    "withdraw_placement_request": NO_SUCH_STEP,
    "hand_child_over": NO_SUCH_STEP,
    "record_placement_visit": NO_SUCH_STEP,
    "record_carer_report": NO_SUCH_STEP,
    "request_placement_end": NO_SUCH_STEP,
    "end_placement": NO_SUCH_STEP,
    "revoke_grant": NO_SUCH_STEP,
}
"""What refuses a command in a state where the table does not allow it, where that is not `case_not_in_state` alone."""
