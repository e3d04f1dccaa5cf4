"""Addresses of a placement while the child is in care."""

from typing import Literal
from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.caring import actions, correcting
from childcare_api.cases.caring.schemas import (
    CarerReportList,
    CarerReportOut,
    EndPlacement,
    HandChildOver,
    RecordCarerReport,
    RecordVisit,
    RequestEnd,
    VisitList,
    VisitOut,
)
from childcare_api.cases.caring.telling import visit_out
from childcare_api.cases.file.errors import RECORDING, HarmIsRecorded
from childcare_api.cases.file.queries import get_step, open_file, told
from childcare_api.cases.file.routes import KIND_OF_PART
from childcare_api.cases.file.rules import permission_for
from childcare_api.cases.file.schemas import TimelineItem
from childcare_api.cases.placing import queries, telling
from childcare_api.cases.placing.errors import ChildIsPlaced, PlacementElsewhere, PlacementNotInState, PlacementNotReady
from childcare_api.cases.placing.schemas import PlacementOut
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")
PlacingPart = Literal[
    "placements",
    "placement-handovers",
    "placement-visits",
    "carer-reports",
    "placement-end-requests",
    "placement-ends",
    "sendings",
]
_RECORDING = (
    *RECORDING,
    ValidationFailed,
)
_ON_PLACEMENT = problems(*_RECORDING, PlacementElsewhere, PlacementNotInState)


@router.post(
    "/placements/{placement_id}/handover",
    responses=problems(*_RECORDING, PlacementNotReady, PlacementElsewhere, PlacementNotInState),
)
async def hand_child_over(
    case_id: UUID,
    placement_id: UUID,
    body: HandChildOver,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementOut:
    """Record that the child was handed over to the carer: 15 working days from the decision (Điều 42.7)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    return await telling.placement_out(
        session, placing, *await actions.hand_child_over(session, actor, placing, placement_id, body)
    )


@router.post("/placements/{placement_id}/visits", status_code=201, responses=_ON_PLACEMENT)
async def record_placement_visit(
    case_id: UUID,
    placement_id: UUID,
    body: RecordVisit,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> VisitOut:
    """Record how the child fares with the carer: after 1 and 3 months, then every 6 (Mẫu 13; Điều 43.2)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, visit = await actions.record_visit(session, actor, placing, placement_id, body)
    return await visit_out(session, placing, placement_id, step, visit)


@router.get("/placements/{placement_id}/visits", responses=problems(NotFound))
async def list_placement_visits(case_id: UUID, placement_id: UUID, actor: CurrentActor, session: Session) -> VisitList:
    """Read the visits of a placement."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "placement_visits") as file:
        placing = await queries.load(session, file)
        queries.get_of(placing.placements, placement_id)
        mine = [one for one in placing.visits if one[0].about_id == placement_id]
        items = [await visit_out(session, placing, placement_id, *one) for one in mine]
        return VisitList(row_version=file.case.row_version, items=items)


@router.post("/placements/{placement_id}/carer-reports", status_code=201, responses=_ON_PLACEMENT)
async def record_carer_report(
    case_id: UUID,
    placement_id: UUID,
    body: RecordCarerReport,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CarerReportOut:
    """Record what the carer told of the child: after 6 months, then each year (Luật Trẻ em, Điều 64.1 b)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, report = await actions.record_carer_report(session, actor, placing, placement_id, body)
    return told(CarerReportOut, placing.file, step, report, placement_id=placement_id)


@router.get("/placements/{placement_id}/carer-reports", responses=problems(NotFound))
async def list_carer_reports(
    case_id: UUID, placement_id: UUID, actor: CurrentActor, session: Session
) -> CarerReportList:
    """Read what the carer told of the child."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "carer_reports") as file:
        placing = await queries.load(session, file)
        queries.get_of(placing.placements, placement_id)
        mine = [one for one in placing.reports if one[0].about_id == placement_id]
        items = [told(CarerReportOut, file, *one, placement_id=placement_id) for one in mine]
        return CarerReportList(row_version=file.case.row_version, items=items)


@router.post("/placements/{placement_id}/end-requests", status_code=201, responses=_ON_PLACEMENT)
async def request_placement_end(
    case_id: UUID,
    placement_id: UUID,
    body: RequestEnd,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementOut:
    """Record that the carer or the child asked to end the placement (Mẫu 15; Luật Trẻ em, Điều 69.1 c, d, 69.3)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    return await telling.placement_out(
        session, placing, *await actions.request_end(session, actor, placing, placement_id, body)
    )


@router.post("/placements/{placement_id}/end", responses=_ON_PLACEMENT)
async def end_placement(
    case_id: UUID,
    placement_id: UUID,
    body: EndPlacement,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementOut:
    """End a placement by decision, and say where the child goes (Mẫu 16; Luật Trẻ em, Điều 69)."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    return await telling.placement_out(
        session, placing, *await actions.end_placement(session, actor, placing, placement_id, body)
    )


@router.post(
    "/placing-steps/{part}/{step_id}/entered-in-error",
    responses=problems(*_RECORDING, PlacementNotInState, HarmIsRecorded, ChildIsPlaced),
)
async def mark_placing_step_in_error(
    case_id: UUID,
    part: PlacingPart,
    step_id: UUID,
    body: EnterInError,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> TimelineItem:
    """Mark what your commune wrote into another's case, about a child in care here, as entered in error.

    In a case of your own use the address of the step itself. Who may record a step may mark it. The end of care is no
    error while the child is in other care since, wherever that is (`child_is_placed`).
    """
    kind = KIND_OF_PART[part]
    actor.require(permission_for(kind))
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step = get_step(placing.file, kind, step_id)
    step = await correcting.mark_in_error(session, actor, placing, step, body)
    return told(TimelineItem, placing.file, step, step)
