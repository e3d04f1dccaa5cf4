"""Addresses of emergency measures and hand-overs."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import details, lock_file, open_file, told
from childcare_api.cases.protecting import actions
from childcare_api.cases.protecting.models import CaseEmergencyMeasure, CaseHandover
from childcare_api.cases.protecting.schemas import (
    EmergencyMeasureList,
    EmergencyMeasureOut,
    HandoverList,
    HandoverOut,
    RecordEmergencyMeasure,
    RecordHandover,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/emergency-measures", status_code=201, responses=problems(*RECORDING))
async def record_emergency_measure(
    case_id: UUID,
    body: RecordEmergencyMeasure,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> EmergencyMeasureOut:
    """Record what was done at once to keep the child safe. An emergency gives 12 hours for it (Điều 26.3, 31)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, measure = await actions.record_emergency_measure(session, actor, file, body)
    return told(EmergencyMeasureOut, file, step, measure)


@router.get("/emergency-measures", responses=problems(NotFound))
async def list_emergency_measures(case_id: UUID, actor: CurrentActor, session: Session) -> EmergencyMeasureList:
    """Read the emergency measures of a case."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "emergency_measures") as file:
        rows = await details(session, file, CaseEmergencyMeasure, StepKind.EMERGENCY_MEASURE)
        items = [told(EmergencyMeasureOut, file, step, row) for step, row in rows]
        return EmergencyMeasureList(row_version=file.case.row_version, items=items)


@router.post("/handovers", status_code=201, responses=problems(*RECORDING))
async def record_handover(
    case_id: UUID, body: RecordHandover, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> HandoverOut:
    """Record that the case, or possible evidence, went to the police or another body; the case goes on (Điều 25.3)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, handover = await actions.record_handover(session, actor, file, body)
    return told(HandoverOut, file, step, handover)


@router.get("/handovers", responses=problems(NotFound))
async def list_handovers(case_id: UUID, actor: CurrentActor, session: Session) -> HandoverList:
    """Read the hand-overs of a case."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "handovers") as file:
        rows = await details(session, file, CaseHandover, StepKind.HANDOVER)
        items = [told(HandoverOut, file, step, row) for step, row in rows]
        return HandoverList(row_version=file.case.row_version, items=items)
