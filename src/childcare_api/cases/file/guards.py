"""Who may do what to a case, when, and by which article: every command of the case file as one row of a table.

The rules, the guards of the actions and docs/case-work.md are read off this table; so whoever builds a command adds
its row here, and the command stands in the documentation and in the test that tries everything in every state.
"""

from collections.abc import Iterable

from childcare_api.access.permissions import Permission
from childcare_api.cases.file.commands import ALL, OPEN, Guard
from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.placing.guards import IN_CARE
from childcare_api.cases.proceeding.guards import IN_PROCEEDINGS
from childcare_api.cases.separating.guards import IN_SEPARATION

_EXISTS = ALL - {CaseStatus.ENTERED_IN_ERROR}
_BEFORE_A_PLAN = frozenset({CaseStatus.OPENED, CaseStatus.ASSESSED, CaseStatus.PLANNING, CaseStatus.REPLANNING})
_DRAFTED = frozenset({CaseStatus.PLANNING, CaseStatus.IMPLEMENTING})
_SUBMITTED = frozenset({CaseStatus.AWAITING_DECISION, CaseStatus.IMPLEMENTING})

K, P = StepKind, Permission

ON_REPORTS: tuple[Guard, ...] = (
    Guard("open_cases", K.OPENING, frozenset(), P.CASE_OPEN, "NĐ 56/2017 Điều 26.2, Luật Trẻ em Điều 52.2"),
    Guard(
        "join_case",
        K.REPORT_JOINED,
        OPEN,
        P.CASE_OPEN,
        "NĐ 56/2017 Điều 26.1, 26.3",
        "an assessed report on the same child",
    ),
    Guard(
        "update_intake", K.REPORT_UPDATED, OPEN, P.INTAKE_WORK, "NĐ 56/2017 Điều 25.1, 26.3", "a report not put aside"
    ),
)
"""The commands that are given on a report: opening a case, joining the report to one that is open, and adding to it."""

TOLD_FROM_ELSEWHERE: tuple[Guard, ...] = (
    Guard(
        "tell_more_of_intake",
        K.REPORT_UPDATED,
        OPEN,
        P.INTAKE_CREATE,
        "NĐ 56/2017 Điều 25.1, 26.3",
        "a report of one's own that another office has, or that stands in one's province; no report withdrawn",
    ),
    Guard(
        "update_referral",
        K.REPORT_UPDATED,
        OPEN,
        P.HOTLINE_REFER,
        "NĐ 56/2017 Điều 25.1, 26.1, 26.3",
        "the hotline's own referral, not withdrawn",
    ),
)
"""What is added to a report by whoever told of it. It reaches the cases, and is no command of who works on them."""

GUARDS: tuple[Guard, ...] = (
    Guard(
        "join_other_case",
        None,
        frozenset({CaseStatus.OPENED}),
        P.CASE_OPEN,
        "NĐ 56/2017 Điều 26.1, 26.3; Luật Trẻ em Điều 52.2",
        "another open case of the commune on the same child, no separation in force in this one, nothing in it"
        " that others were asked and have not answered, no care in force",
    ),
    Guard("add_party", K.PARTY, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 25.1, 27.1 b"),
    Guard("link_child", K.CHILD_LINKED, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 30.3"),
    Guard("register_case_child", K.CHILD_LINKED, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 30.3"),
    Guard("record_emergency_measure", K.EMERGENCY_MEASURE, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 26.3, 31.2, 31.3 a"),
    Guard("record_handover", K.HANDOVER, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 25.3, 31.3 a, 31.4"),
    *IN_SEPARATION,
    Guard(
        "record_assessment",
        K.ASSESSMENT,
        OPEN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 27.1",
        "the child's own wishes or why they were not asked; none of a harm-doer's",
    ),
    Guard("record_meeting", K.MEETING, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 27.2", "minutes and who was there"),
    Guard(
        "draft_plan",
        K.PLAN_DRAFTED,
        _BEFORE_A_PLAN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 28.1, 28.3",
        "no other version that is being drafted",
    ),
    Guard(
        "adjust_plan",
        K.PLAN_DRAFTED,
        frozenset({CaseStatus.IMPLEMENTING}),
        P.CASE_WORK,
        "NĐ 56/2017 Điều 29.1 a",
        "the plan in force, and the reason",
    ),
    Guard("change_plan", None, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 28.3", "a draft that was never submitted"),
    Guard("revise_plan", K.PLAN_DRAFTED, _DRAFTED, P.CASE_WORK, "NĐ 56/2017 Điều 28.4", "a version that came back"),
    Guard(
        "submit_plan",
        K.PLAN_SUBMITTED,
        _DRAFTED,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 28.1, 28.2",
        "a draft whose dossier is complete",
    ),
    Guard("return_plan", K.PLAN_RETURNED, _SUBMITTED, P.CASE_DECIDE, "NĐ 56/2017 Điều 28.4", "a submitted version"),
    Guard(
        "approve_plan",
        K.PLAN_APPROVED,
        _SUBMITTED,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 28.4; TT 14/2020/TT-BLĐTBXH Điều 9.5",
        "a submitted version, number and day of the decision; of a child in a facility that its head agreed",
    ),
    Guard(
        "send_decision",
        K.DECISION_SENT,
        _EXISTS,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 28.5, 45.4; TT 14/2020/TT-BLĐTBXH Điều 11.4",
        "the decision in force on a plan, in `implementing` and `ready_to_close`, to whom it names; or, in any of these"
        " states, a decision of this commune that gave a child of a facility to a carer, to that facility and to who is"
        " competent to end its care",
    ),
    Guard(
        "record_plan_refusal",
        K.PLAN_REFUSED,
        frozenset({CaseStatus.IMPLEMENTING}),
        P.CASE_WORK,
        "Luật Trẻ em Điều 52.3; NĐ 56/2017 Điều 29.3, 32.1",
        "the decision in force; who refuses, and what was explained to them",
    ),
    Guard(
        "end_plan_refusal",
        K.PLAN_REFUSAL_ENDED,
        frozenset({CaseStatus.IMPLEMENTING}),
        P.CASE_WORK,
        "NĐ 56/2017 Điều 29.1 a, 29.3",
        "a refusal that was not ended; how it is known",
    ),
    Guard(
        "record_service",
        K.SERVICE,
        OPEN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 29.1, 29.2",
        "a plan in force; of a service that is stopped the reason",
    ),
    Guard("add_progress_note", K.PROGRESS_NOTE, OPEN, P.CASE_WORK, "NĐ 56/2017 Điều 29.1 a"),
    Guard(
        "record_review",
        K.REVIEW,
        frozenset({CaseStatus.IMPLEMENTING, CaseStatus.READY_TO_CLOSE}),
        P.CASE_WORK,
        "NĐ 56/2017 Điều 30.1, 30.2",
        "a plan in force",
    ),
    Guard(
        "close_case",
        K.CLOSURE,
        frozenset({CaseStatus.READY_TO_CLOSE}),
        P.CASE_CLOSE,
        "NĐ 56/2017 Điều 30.1 b, 30.3",
        "a review without risk and with a stable child, or that the child died or turned 16; no emergency in"
        " which nobody intervened since, nor care by who harmed the child, unless it died; no separation in force,"
        " nothing that others were asked and have not answered or an authority asked and nobody did, no release that"
        " nobody prepared for, the decision sent to whom it names; none of these three if the child died or turned 16",
    ),
    Guard(
        "reopen_case",
        K.REOPENING,
        frozenset({CaseStatus.CLOSED}),
        P.CASE_CLOSE,
        "– (không quy định việc mở lại; quy tắc của hệ thống: lập lại kế hoạch như sau Điều 30.1 c)",
        "the reason; a child to plan for",
    ),
    Guard("record_death", K.CHILD_DIED, OPEN, P.CASE_WORK, "–", "once"),
    Guard(
        "record_sixteenth",
        K.TURNED_SIXTEEN,
        OPEN,
        P.CASE_WORK,
        "Luật Trẻ em Điều 1; TT 14/2020/TT-BLĐTBXH Điều 13.4",
        "once, and no known birthday or age guessed that says otherwise",
    ),
    Guard(
        "ask_referral",
        K.REFERRAL,
        OPEN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 24.2, 29.1 b",
        "one body, a consent or the ground without; parts of the file only with a service of the plan in force",
    ),
    Guard(
        "write_down_referral_answer",
        K.REFERRAL_ANSWERED,
        _EXISTS,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 29.1 a, 29.2",
        "a body that does not work here, and who said so; a commune answers for itself",
    ),
    Guard(
        "withdraw_case_referral",
        K.REFERRAL_WITHDRAWN,
        _EXISTS,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 29.1 a",
        "a referral that is neither declined nor done",
    ),
    Guard(
        "offer_case_transfer",
        K.TRANSFER_OFFERED,
        OPEN,
        P.CASE_DECIDE,
        "Luật Trẻ em Điều 52.2",
        "another commune where the child lives, a consent or the ground without; no other offer that waits",
    ),
    Guard(
        "withdraw_case_transfer",
        K.TRANSFER_WITHDRAWN,
        _EXISTS,
        P.CASE_DECIDE,
        "Luật Trẻ em Điều 52.2",
        "an offer that waits for an answer",
    ),
    *IN_PROCEEDINGS,
    *IN_CARE,
    Guard("give_grant", K.GRANT, _EXISTS, P.CASE_DECIDE, "NĐ 56/2017 Điều 24.2, 25.2"),
    Guard(
        "revoke_grant",
        K.GRANT_REVOKED,
        _EXISTS,
        P.CASE_DECIDE,
        "Luật Trẻ em Điều 6.11",
        "a grant in force, but none by which another commune follows the child in care there, or is to answer",
    ),
    Guard(
        "exclude_person_from_case",
        None,
        ALL,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 24, Luật Trẻ em Điều 6.11",
        "somebody else who works in the commune, its province, or where a grant opens the case",
    ),
    Guard("declare_conflict_in_case", None, ALL, P.CASE_READ, "NĐ 56/2017 Điều 24", "where one reads it, once"),
    Guard("lift_exclusion_from_case", None, ALL, P.CASE_DECIDE, "NĐ 56/2017 Điều 24", "another's exclusion in force"),
    Guard(
        "set_case_confidentiality",
        None,
        ALL,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 24.3",
        "recipients who work in the commune or its province",
    ),
    Guard(
        "enter_step_in_error",
        None,
        ALL,
        P.CASE_WORK,
        "–",
        "the permission of the step itself; not a draft, which is changed, nor a grant, which is revoked, nor what a"
        " closure stands on, nor the opening while something is under way",
    ),
)
"""Every command on a case that is open or once was, in the order of the decree."""


def allowed_in(guards: Iterable[Guard]) -> dict[StepKind, frozenset[CaseStatus]]:
    """Return in which states of the case each kind of step may be recorded, by any of its commands."""
    allowed: dict[StepKind, frozenset[CaseStatus]] = {}
    for guard in guards:
        if guard.kind is not None:
            allowed[guard.kind] = allowed.get(guard.kind, frozenset()) | guard.states
    return allowed


def permissions_of(guards: Iterable[Guard]) -> dict[StepKind, Permission]:
    """Return what it takes to record each kind of step. Raises ValueError where two commands of one kind differ."""
    wanted: dict[StepKind, Permission] = {}
    for guard in guards:
        if guard.kind is not None and wanted.setdefault(guard.kind, guard.permission) is not guard.permission:
            raise ValueError(guard.operation)
    return wanted


OTHER_COMMUNE_SEES = (
    StepKind.OPENING,
    StepKind.PARTY,
    StepKind.EMERGENCY_MEASURE,
    StepKind.HANDOVER,
    StepKind.SEPARATION,
    StepKind.SEPARATION_EXTENDED,
    StepKind.SEPARATION_CANCELLED,
)
"""What the commune of the incident keeps seeing of a case that another leads: its part, and not what others told."""
