"""Naming who is kept from a case, by functions of the gate: what hangs together may be held by several communes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, column, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import bare_connection, in_scope, second_look
from childcare_api.cases.file.models import Case, CaseGrant, CaseStatus, CaseStep, Confidentiality
from childcare_api.cases.file.moved import not_led_here
from childcare_api.cases.file.queries import is_granted
from childcare_api.cases.guarding.errors import CaseLedHere
from childcare_api.cases.guarding.models import CaseRecipient, Exclusion, ExclusionGround
from childcare_api.cases.opening.models import CaseReport
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound, StaleVersion

_EXCLUDE = "SELECT exclude_person($1, $2, $3, $4, $5, $6)"
_EXCLUDE_ELSEWHERE = "SELECT exclude_elsewhere($1, $2, $3, $4, $5)"
_LIFT = "SELECT lift_exclusion($1, $2, $3, $4)"
_LIFT_ELSEWHERE = "SELECT lift_exclusion_elsewhere($1, $2, $3, $4)"
_WORKS_WHERE_GRANTED = "SELECT works_where_granted($1, $2)"
_WORKS_HERE = "SELECT works_here($1)"
_WORKS_THERE = "SELECT recipient_works_there($1, $2)"
_SEEN_THERE = "SELECT case_is_seen_there($1, $2)"
_TELL_HERE = "SELECT case_tell_here($1, $2, $3, $4, $5)"


async def works_here(session: AsyncSession, user_id: UUID) -> bool:
    """Say whether a person has a post today in the actor's commune or in the province above it."""
    return bool(await (await bare_connection(session)).fetchval(_WORKS_HERE, user_id))


async def works_with(session: AsyncSession, user_id: UUID, case: Case) -> bool:
    """Say whether a person has a post today in the actor's commune or province, or where a grant opens the case."""
    connection = await bare_connection(session)
    return await works_here(session, user_id) or bool(await connection.fetchval(_WORKS_WHERE_GRANTED, user_id, case.id))


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


async def exclude_elsewhere(
    session: AsyncSession, exclusion_id: UUID, case: Case, *, user_id: UUID, reason: str
) -> bool:
    """Keep a person from a case that was granted to the actor's commune; False where that is so already.

    Raises NotFound where the database refuses.
    """
    connection = await bare_connection(session)
    done = await connection.fetchval(_EXCLUDE_ELSEWHERE, exclusion_id, case.id, user_id, reason, clock.now())
    if done is None:
        raise NotFound(case_id=case.id)
    return bool(done)


async def lift(session: AsyncSession, exclusion_id: UUID, subject_id: UUID, reason: str) -> bool:
    """Let a person see again what the naming kept from them; False where the database refuses."""
    connection = await bare_connection(session)
    return bool(await connection.fetchval(_LIFT, exclusion_id, subject_id, reason, clock.now()))


async def lift_elsewhere(session: AsyncSession, exclusion_id: UUID, case_id: UUID, reason: str) -> bool:
    """Let a person of the actor's commune see another's case again; False where the database refuses."""
    connection = await bare_connection(session)
    return bool(await connection.fetchval(_LIFT_ELSEWHERE, exclusion_id, case_id, reason, clock.now()))


def named_here(case_id: UUID) -> type[Exclusion]:
    """Return whom the actor's commune keeps from a case that was granted to it, for its leader, to be selected from."""
    columns = (column(one.name, one.type) for one in Exclusion.__table__.columns)
    found = func.exclusions_named_here(case_id).table_valued(*columns, name="named_here")
    return aliased(Exclusion, found, adapt_on_names=True)


async def get_named_here(session: AsyncSession, case_id: UUID, exclusion_id: UUID) -> Exclusion:
    """Return one of them as it stands now. Raises NotFound."""
    named = named_here(case_id)
    statement = select(named).where(named.id == exclusion_id).execution_options(populate_existing=True)
    found: Exclusion | None = await session.scalar(statement)
    if found is None:
        raise NotFound(exclusion_id=exclusion_id)
    return found


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
    """Return who may open the case though it is sealed, the first first, as far as the eyes of the moment see them.

    Whom the leader of a commune named that followed the child is none of them any more once it does not.
    """
    today = clock.today()
    follows = select(CaseGrant.id).where(
        CaseGrant.id == CaseRecipient.grant_id,
        CaseGrant.commune_id == case.commune_id,
        CaseGrant.revoked_at.is_(None),
        or_(CaseGrant.valid_to.is_(None), CaseGrant.valid_to >= today),
    )
    found = await session.scalars(
        select(CaseRecipient)
        .where(
            CaseRecipient.case_id == case.id,
            CaseRecipient.commune_id == case.commune_id,
            CaseRecipient.ended_at.is_(None),
            or_(CaseRecipient.grant_id.is_(None), follows.exists()),
        )
        .order_by(CaseRecipient.added_at, CaseRecipient.id)
    )
    return list(found)


async def end_recipients(session: AsyncSession, case: Case, at: datetime, by: UUID) -> None:
    """End everybody's leave to open a case that is no longer sealed, whoever named them: sealed again, it is told anew.

    So also where the commune that followed the child does not any more.
    """
    there = (CaseRecipient.case_id == case.id, CaseRecipient.commune_id == case.commune_id)
    await session.execute(
        update(CaseRecipient)
        .where(*there, CaseRecipient.ended_at.is_(None))
        .values(ended_at=at, ended_by=by)
        .execution_options(synchronize_session=False)
    )


async def works_in(session: AsyncSession, user_id: UUID, unit_id: int | None) -> bool:
    """Say whether a person has a post today in this very office."""
    return bool(await (await bare_connection(session)).fetchval(_WORKS_THERE, user_id, unit_id))


async def still_there(session: AsyncSession, recipients: list[CaseRecipient]) -> set[UUID]:
    """Return which of them still work where they were named; the others see nothing of the case by that any more."""
    return {one.id for one in recipients if await works_in(session, one.user_id, one.works_in_id)}


async def unseen_in(session: AsyncSession, case: Case, communes: list[int]) -> list[int]:
    """Return in which of the communes that follow the child of a case nobody sees it."""
    connection = await bare_connection(session)
    return [one for one in communes if not await connection.fetchval(_SEEN_THERE, case.id, one)]


async def find_followed(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    """Return a case of another commune of which something was granted here, unlocked. Raises as `lock_file`.

    Of an own one raises CaseLedHere.
    """
    if await session.scalar(select(Case.id).where(Case.id == case_id, in_scope(Case, actor))) is not None:
        raise CaseLedHere
    return await _granted(session, actor, case_id)


async def find_led_or_followed(session: AsyncSession, actor: Actor, case_id: UUID) -> tuple[Case, bool]:
    """Return a case of the own scope, or one of which something was granted here, and whether it is of the own scope.

    Unlocked. Raises as `lock_file`.
    """
    led: Case | None = await session.scalar(select(Case).where(Case.id == case_id, in_scope(Case, actor)))
    return (await _granted(session, actor, case_id), False) if led is None else (led, True)


async def _granted(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    case: Case | None = None
    if actor.level is Level.COMMUNE:
        async with second_look(session):
            case = await session.scalar(select(Case).where(Case.id == case_id, is_granted(actor)))
    if case is None:
        raise await not_led_here(session, actor, case_id)
    # Nothing of this session may write it back.
    session.expunge(case)
    return case


async def tell_here(session: AsyncSession, case: Case, recipients: list[UUID], reason: str) -> int:
    """Say who else of the actor's commune sees a sealed case whose child it follows. Return the case's new version.

    Raises NotFound where the database refuses, and StaleVersion.
    """
    connection = await bare_connection(session)
    version = await connection.fetchval(_TELL_HERE, case.id, case.row_version, recipients, reason, clock.now())
    if version is None:
        raise NotFound(case_id=case.id)
    if version < 0:
        raise StaleVersion(row_version=-version)
    return int(version)


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
