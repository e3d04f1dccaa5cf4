"""Protecting the child at once (NĐ 56/2017, Điều 26.3, 31), and handing over what is the police's."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.protecting.models import CaseEmergencyMeasure, CaseHandover
from childcare_api.cases.protecting.schemas import RecordEmergencyMeasure, RecordHandover


async def record_emergency_measure(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordEmergencyMeasure
) -> tuple[CaseStep, CaseEmergencyMeasure]:
    """Record a measure; in an emergency the first one ends the 12 hours of Điều 31.2."""
    measure = CaseEmergencyMeasure(measure=command.measure, description=command.description, done_by=command.done_by)
    step = await record_step(session, actor, file, kind=StepKind.EMERGENCY_MEASURE, command=command, detail=measure)
    return step, measure


async def record_handover(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordHandover
) -> tuple[CaseStep, CaseHandover]:
    """Record a hand-over (Điều 25.3, 31.3 a)."""
    handover = handover_of(command, file.case.commune_id)
    step = await record_step(session, actor, file, kind=StepKind.HANDOVER, command=command, detail=handover)
    return step, handover


def handover_of(command: RecordHandover, origin_commune_id: int | None) -> CaseHandover:
    """Return the row of a hand-over, still without its step."""
    return CaseHandover(
        origin_commune_id=origin_commune_id,
        body=command.body,
        body_name=command.body_name,
        received_by=command.received_by,
        document_number=command.document_number,
        document_on=command.document_on,
        subject=command.subject,
        evidence=command.evidence,
    )
