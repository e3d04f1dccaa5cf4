"""Naming who is kept from a case, by functions of the gate: what hangs together may be held by several communes."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.scope import bare_connection
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, Confidentiality
from childcare_api.cases.guarding.models import CaseRecipient, Exclusion, ExclusionGround
from childcare_api.cases.opening.models import CaseReport
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound

_EXCLUDE = "SELECT exclude_person($1, $2, $3, $4, $5, $6)"
_LIFT = "SELECT lift_exclusion($1, $2, $3, $4)"
_WORKS_HERE = "SELECT works_here($1)"
_STILL_THERE = "SELECT recipient_works_there($1, $2)"


async def works_here(session: AsyncSession, user_id: UUID) -> bool:
    """Say whether a person has a post today in the actor's commune or in the province above it."""
    return bool(await (await bare_connection(session)).fetchval(_WORKS_HERE, user_id))


async def exclude(
    session: AsyncSession, exclusion_id: UUID, subject_id: UUID, *, user_id: UUID, ground: ExclusionGround, reason: str
) -> bool:
    """Keep a person from a report or a case of the actor's own unit; False where that is so already.

    What was changed before goes out first: after an actor's own exclusion the record is no longer there to be changed.
    """
    await session.flush()
    connection = await bare_connection(session)
    return bool(
        await connection.fetchval(_EXCLUDE, exclusion_id, subject_id, user_id, ground.value, reason, clock.now())
    )


async def lift(session: AsyncSession, exclusion_id: UUID, subject_id: UUID, reason: str) -> bool:
    """Let a person see again what the naming kept from them; False where the database refuses."""
    connection = await bare_connection(session)
    return bool(await connection.fetchval(_LIFT, exclusion_id, subject_id, reason, clock.now()))


def exclusions_of(subject_id: UUID) -> Select[Exclusion]:
    """Return the statement for everybody who was ever kept from a report or a case."""
    return select(Exclusion).where(Exclusion.subject_id == subject_id)


async def get_exclusion(session: AsyncSession, subject_id: UUID, exclusion_id: UUID) -> Exclusion:
    """Return one as it stands now. Raises NotFound."""
    statement = exclusions_of(subject_id).where(Exclusion.id == exclusion_id)
    found: Exclusion | None = await session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(exclusion_id=exclusion_id)
    return found


async def recipients_of(session: AsyncSession, case: Case) -> list[CaseRecipient]:
    """Return who may open the case though it is sealed, the first first."""
    found = await session.scalars(
        select(CaseRecipient)
        .where(
            CaseRecipient.case_id == case.id,
            CaseRecipient.commune_id == case.commune_id,
            CaseRecipient.ended_at.is_(None),
        )
        .order_by(CaseRecipient.added_at, CaseRecipient.id)
    )
    return list(found)


async def still_there(session: AsyncSession, recipients: list[CaseRecipient]) -> set[UUID]:
    """Return which of them still work where they were named; the others see nothing of the case by that any more."""
    connection = await bare_connection(session)
    return {one.id for one in recipients if await connection.fetchval(_STILL_THERE, one.user_id, one.works_in_id)}


async def less_secret_siblings(session: AsyncSession, case: Case) -> list[UUID]:
    """Return the cases within the actor's sight that stand on a report of this one and are less secret than it."""
    lower = {
        Confidentiality.SEALED: (Confidentiality.NORMAL, Confidentiality.SENSITIVE),
        Confidentiality.SENSITIVE: (Confidentiality.NORMAL,),
        Confidentiality.NORMAL: (),
    }[Confidentiality(case.confidentiality)]
    reports = select(CaseReport.intake_id).join(CaseStep, CaseStep.id == CaseReport.id)
    found = await session.scalars(
        select(Case.id)
        .join(CaseStep, CaseStep.case_id == Case.id)
        .join(CaseReport, CaseReport.id == CaseStep.id)
        .where(
            CaseReport.intake_id.in_(reports.where(CaseStep.case_id == case.id)),
            Case.id != case.id,
            Case.status != CaseStatus.ENTERED_IN_ERROR.value,
            Case.confidentiality.in_([level.value for level in lower]),
        )
        .distinct()
        .order_by(Case.id)
    )
    return list(found)
