"""Addresses of the case file as a whole: the list, one case, its timeline, people, grants, and errors."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, Reading, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import scope_column
from childcare_api.cases.file import actions, correcting, queries, reading, rules
from childcare_api.cases.file.errors import (
    RECORDING,
    CaseFull,
    CaseMoved,
    CaseNotInState,
    ClosureStandsOnIt,
    HarmIsRecorded,
    NotMarkable,
)
from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.file.queries import lock_file, open_file, told
from childcare_api.cases.file.schemas import (
    CaseOut,
    CaseSummary,
    GiveGrant,
    GrantList,
    GrantOut,
    MarkedStep,
    RevokeGrant,
    Timeline,
    TimelineItem,
)
from childcare_api.cases.joining.actions import take_back, take_closure_back
from childcare_api.cases.joining.errors import CaseNotSettled
from childcare_api.cases.joining.queries import lock_reports
from childcare_api.cases.placing.errors import ChildIsPlaced, PlacementElsewhere
from childcare_api.cases.placing.keeping import guard_follower
from childcare_api.cases.separating.errors import SeparationRuns
from childcare_api.shared import reads
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases")
_LOCKED = (NotFound, CaseMoved, VersionRequired, StaleVersion)

Part = Literal[
    "opening",
    "reports",
    "parties",
    "child-links",
    "emergency-measures",
    "handovers",
    "separations",
    "separation-extensions",
    "separation-cancellations",
    "court-requests",
    "court-orders",
    "court-refusals",
    "court-withdrawals",
    "proceedings",
    "proceeding-answers",
    "release-notices",
    "release-preparations",
    "assessments",
    "meetings",
    "submissions",
    "returns",
    "decisions",
    "sendings",
    "plan-refusals",
    "plan-refusal-ends",
    "services",
    "progress-notes",
    "care-needs",
    "care-papers",
    "family-notices",
    "placements",
    "placement-handovers",
    "placement-visits",
    "carer-reports",
    "placement-end-requests",
    "placement-ends",
    "reviews",
    "closures",
    "reopenings",
    "deaths",
    "sixteenth-birthdays",
]
KIND_OF_PART: dict[str, StepKind] = {
    "opening": StepKind.OPENING,
    "reports": StepKind.REPORT_JOINED,
    "parties": StepKind.PARTY,
    "child-links": StepKind.CHILD_LINKED,
    "emergency-measures": StepKind.EMERGENCY_MEASURE,
    "handovers": StepKind.HANDOVER,
    "separations": StepKind.SEPARATION,
    "separation-extensions": StepKind.SEPARATION_EXTENDED,
    "separation-cancellations": StepKind.SEPARATION_CANCELLED,
    "court-requests": StepKind.COURT_REQUEST,
    "court-orders": StepKind.COURT_GRANTED,
    "court-refusals": StepKind.COURT_REFUSED,
    "court-withdrawals": StepKind.COURT_WITHDRAWN,
    "proceedings": StepKind.PROCEEDING,
    "proceeding-answers": StepKind.PROCEEDING_ANSWERED,
    "release-notices": StepKind.RELEASE_NOTICE,
    "release-preparations": StepKind.RELEASE_PREPARED,
    "assessments": StepKind.ASSESSMENT,
    "meetings": StepKind.MEETING,
    "submissions": StepKind.PLAN_SUBMITTED,
    "returns": StepKind.PLAN_RETURNED,
    "decisions": StepKind.PLAN_APPROVED,
    "sendings": StepKind.DECISION_SENT,
    "plan-refusals": StepKind.PLAN_REFUSED,
    "plan-refusal-ends": StepKind.PLAN_REFUSAL_ENDED,
    "services": StepKind.SERVICE,
    "progress-notes": StepKind.PROGRESS_NOTE,
    "care-needs": StepKind.CARE_NEEDS,
    "care-papers": StepKind.CARE_PAPERS,
    "family-notices": StepKind.FAMILY_NOTICE,
    "placements": StepKind.PLACEMENT,
    "placement-handovers": StepKind.PLACEMENT_HANDOVER,
    "placement-visits": StepKind.PLACEMENT_VISIT,
    "carer-reports": StepKind.CARER_REPORT,
    "placement-end-requests": StepKind.PLACEMENT_END_REQUESTED,
    "placement-ends": StepKind.PLACEMENT_ENDED,
    "reviews": StepKind.REVIEW,
    "closures": StepKind.CLOSURE,
    "reopenings": StepKind.REOPENING,
    "deaths": StepKind.CHILD_DIED,
    "sixteenth-birthdays": StepKind.TURNED_SIXTEEN,
}


@router.get("", response_model=Page[CaseSummary], responses=problems(BadQuery))
async def list_cases(
    page: Paging,
    actor: CurrentActor,
    reader: Reading,
    *,
    status: Annotated[CaseStatus | None, Query(description="Only cases that stand there.")] = None,
    child_id: Annotated[UUID | None, Query(description="Only cases of this child of the register.")] = None,
    sibling_group_id: Annotated[UUID | None, Query(description="Only cases opened on the same report.")] = None,
    emergency: Annotated[bool | None, Query(description="Only emergencies, or only others.")] = None,
    shared: Annotated[bool, Query(description="What other communes granted to yours, and nothing of its own.")] = False,
) -> Response:
    """List the cases of your unit, the newest first. It is recorded which were shown."""
    actor.require(Permission.CASE_READ)
    wanted = {
        "status": status,
        "child_id": child_id,
        "sibling_group_id": sibling_group_id,
        "emergency": emergency,
    }
    filters = {name: value for name, value in wanted.items() if value is not None}
    if not shared:
        return reads.answer(await reading.cases_page(reader, scope_column(actor), page, filters))
    if actor.commune_id is None:
        return reads.answer({"items": [], "next_cursor": None, "total": 0 if page.with_total else None})
    granted = (reading.GRANTED, actor.commune_id)
    return reads.answer(await reading.cases_page(reader.second_look(), granted, page, filters))


@router.get("/{case_id}", response_model=CaseOut, responses=problems(NotFound))
async def read_case(case_id: UUID, actor: CurrentActor, reader: Reading) -> Response:
    """Read a case's head. That you opened it is recorded. A case of another commune shows only what was granted."""
    actor.require(Permission.CASE_READ)
    head = await reading.head_of(reader, actor, case_id)
    if head is None:
        raise NotFound(case_id=case_id)
    return reads.answer(head)


@router.get("/{case_id}/timeline", responses=problems(NotFound))
async def read_timeline(case_id: UUID, actor: CurrentActor, session: Session) -> Timeline:
    """Read everything that was recorded in a case, in order, what was entered in error included."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "timeline") as file:
        return Timeline(
            row_version=file.case.row_version,
            case_id=file.case.id,
            status=CaseStatus(file.case.status),
            items=[told(TimelineItem, file, step, step) for step in file.steps],
        )


@router.post("/{case_id}/grants", status_code=201, responses=problems(*RECORDING))
async def give_grant(
    case_id: UUID, body: GiveGrant, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> GrantOut:
    """Let another commune see some kinds of step of this case, with the reason. Only the commune's leader may."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    return queries.grant_out(file.case, await actions.give_grant(session, actor, file, body))


@router.get("/{case_id}/grants", responses=problems(NotFound))
async def list_grants(case_id: UUID, actor: CurrentActor, session: Session) -> GrantList:
    """Read which other communes may see part of a case, or once could."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "grants") as file:
        found = await queries.grants_of(session, file.case)
        return GrantList(row_version=file.case.row_version, items=[queries.grant_out(file.case, one) for one in found])


@router.post(
    "/{case_id}/grants/{grant_id}/revoke",
    responses=problems(*_LOCKED, CaseNotInState, CaseFull, AlreadyEnded, CaseNotSettled),
)
async def revoke_grant(
    case_id: UUID,
    grant_id: UUID,
    body: RevokeGrant,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> GrantOut:
    """End a grant. That commune sees nothing of the case from then on. Only the commune's leader may.

    Not that by which it follows the child in the care of a carer there, or is to answer for one: the care is ended
    there, and the question withdrawn.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    await guard_follower(session, file, grant_id)
    return queries.grant_out(file.case, await actions.revoke_grant(session, actor, file, grant_id, body))


_MARKS_OF: Final = {
    StepKind.OPENING: take_back,
    StepKind.REPORT_JOINED: take_back,
    StepKind.CLOSURE: take_closure_back,
}
"""What is marked in its own way, since the reports of the case follow."""


@router.post(
    "/{case_id}/{part}/{step_id}/entered-in-error",
    responses=problems(
        *(*_LOCKED, AlreadyEnteredInError, NotMarkable, CaseNotInState, ClosureStandsOnIt, PlacementElsewhere),
        *(CaseNotSettled, SeparationRuns, HarmIsRecorded, ChildIsPlaced),
    ),
)
async def enter_step_in_error(
    case_id: UUID,
    part: Part,
    step_id: UUID,
    body: EnterInError,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> MarkedStep:
    """Mark a recorded step as entered in error, with a reason. It stays readable and stops counting.

    So does what stood on it: an assessment takes the plan's submission and decision with it, a decision the review.
    The answer names it all. A report on which no case stands any more asks for one again, or to be put aside, and its
    emergency runs on. Who may record a step may mark it. What a closure stands on is not marked while that
    stands: the leader marks the closure first, and the case is open again. With its opening a case goes, so what is
    under way in it, a separation or care in force included, is settled before that. What a recorded harm of the child
    stands on is not marked before the visit, or the end of care, that says so; nor what the care of another commune's
    carer stands on, which that commune marks first (`placement_elsewhere`). The end of care, or a separation
    that care took over from, is no error while later care is in force, which is ended or marked first
    (`child_is_placed`).
    """
    kind = KIND_OF_PART[part]
    actor.require(rules.permission_for(kind))
    await once.begin(session)
    mark = _MARKS_OF.get(kind, correcting.enter_in_error)
    if kind in _MARKS_OF:
        await lock_reports(session, [case_id])
    file = await lock_file(session, actor, case_id, version=if_match)
    step = queries.get_step(file, kind, step_id)
    undone = await mark(session, actor, file, step, body)
    return told(MarkedStep, file, step, step, case_status=file.case.status, no_longer_counts=undone)
