"""Addresses of who is kept from a report or a case."""

from uuid import UUID

from sqlalchemy import select

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import second_look
from childcare_api.cases.file.errors import CaseMoved
from childcare_api.cases.file.models import Case, Confidentiality
from childcare_api.cases.file.queries import CaseFile, keep_to_holder, lock_file, open_file
from childcare_api.cases.guarding import actions, queries
from childcare_api.cases.guarding.errors import AlreadyExcluded, CaseLedHere, OwnExclusion
from childcare_api.cases.guarding.models import Exclusion
from childcare_api.cases.guarding.notices import notices_of
from childcare_api.cases.guarding.schemas import (
    ConfidentialityOut,
    DeclareConflict,
    ExcludePerson,
    ExclusionOut,
    LiftExclusion,
    RecipientHereOut,
    RecipientOut,
    RecipientsHereOut,
    SetConfidentiality,
    SetRecipientsHere,
)
from childcare_api.cases.joining.queries import lock_reports
from childcare_api.intake.queries import get_intake
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router()
_NAMING = (NotFound, AlreadyExcluded, OwnExclusion)
_DECLARING = (NotFound, AlreadyExcluded)


@router.post("/cases/{case_id}/exclusions", status_code=201, responses=problems(*_NAMING, CaseMoved))
async def exclude_person_from_case(
    case_id: UUID, body: ExcludePerson, *, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ExclusionOut:
    """Keep a person of your office or province from a case, because they are related to somebody in it.

    They see nothing of it from then on, whatever their role: neither the case, nor the report behind it, nor the cases
    of the other children of that report, nor the tasks. The database itself refuses. Who leads the case names people
    of a commune that reads it by a grant, too; the leader there names those of the own commune.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    case, led_here = await queries.find_led_or_followed(session, actor, case_id)
    if led_here:
        return await actions.exclude_person(session, actor, case, body)
    return await actions.exclude_person_elsewhere(session, actor, case, body)


@router.post("/cases/{case_id}/declare-conflict", status_code=201, responses=problems(*_DECLARING, CaseMoved))
async def declare_conflict_in_case(
    case_id: UUID, body: DeclareConflict, *, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ExclusionOut:
    """Step back from a case because you are a party to it or related to one. You see nothing of it from then on.

    So also from a case of another commune that yours reads by a grant.
    """
    actor.require(Permission.CASE_READ)
    await once.begin(session)
    case, led_here = await queries.find_led_or_followed(session, actor, case_id)
    if led_here:
        return await actions.declare_conflict(session, actor, case, body)
    return await actions.declare_conflict_elsewhere(session, actor, case, body)


@router.get("/cases/{case_id}/exclusions", responses=problems(NotFound))
async def list_case_exclusions(
    case_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[ExclusionOut]:
    """List who is kept from a case, or once was, and why, the first first.

    Of a case that another commune leads the leader sees whom the own commune keeps from it, and nobody else anything.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "exclusions") as file:
        kept = queries.named_here(file.case.id) if file.elsewhere else Exclusion
        statement = select(kept).where(kept.subject_id == file.case.id)
        found = await paging.fetch(session, statement, page, kept.named_at, kept.id)
        return Page[ExclusionOut].model_validate(found)


@router.post(
    "/cases/{case_id}/exclusions/{exclusion_id}/lift",
    responses=problems(NotFound, CaseMoved, VersionRequired, StaleVersion, AlreadyEnded, OwnExclusion),
)
async def lift_exclusion_from_case(
    case_id: UUID,
    exclusion_id: UUID,
    body: LiftExclusion,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ExclusionOut:
    """Let a person see a case again, and all that hangs together with it. Nobody lifts their own.

    Of a case that another commune leads the leader lifts what the own commune keeps its people from. Whoever is a party
    to the case stays kept from it as one (`ground` `party`).
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    case, led_here = await queries.find_led_or_followed(session, actor, case_id)
    lift = actions.lift_exclusion if led_here else actions.lift_exclusion_elsewhere
    return ExclusionOut.model_validate(await lift(session, case, exclusion_id, body, if_match))


@router.post("/intakes/{intake_id}/exclusions", status_code=201, responses=problems(*_NAMING))
async def exclude_person_from_intake(
    intake_id: UUID, body: ExcludePerson, *, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ExclusionOut:
    """Keep a related person from a report, and from the cases that are opened on it."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    return await actions.exclude_person(session, actor, await get_intake(session, actor, intake_id), body)


@router.post("/intakes/{intake_id}/declare-conflict", status_code=201, responses=problems(*_DECLARING))
async def declare_conflict_in_intake(
    intake_id: UUID, body: DeclareConflict, *, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ExclusionOut:
    """Step back from a report, and from the cases that are opened on it, because you are a party or related to one."""
    actor.require(Permission.INTAKE_READ)
    await once.begin(session)
    return await actions.declare_conflict(session, actor, await get_intake(session, actor, intake_id), body)


async def _confidentiality(session: Session, file: CaseFile) -> ConfidentialityOut:
    case = file.case
    named = await queries.recipients_of(session, case)
    still_there = await queries.still_there(session, named)
    recipients = [
        RecipientOut(
            user_id=one.user_id,
            added_at=one.added_at,
            added_by=one.added_by,
            works_in_id=one.works_in_id,
            still_works_there=one.id in still_there,
            grant_id=one.grant_id,
        )
        for one in named
    ]
    own = {one.id for one in named if one.grant_id is None}
    return ConfidentialityOut(
        row_version=case.row_version,
        case_id=case.id,
        level=Confidentiality(case.confidentiality),
        recipients=recipients,
        warnings=await notices_of(session, file, own & still_there),
    )


@router.put("/cases/{case_id}/confidentiality", responses=problems(NotFound, CaseMoved, VersionRequired, StaleVersion))
async def set_case_confidentiality(
    case_id: UUID,
    body: SetConfidentiality,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ConfidentialityOut:
    """Say how secret a case is: normal, sensitive, or sealed, with its recipients (NĐ 56/2017, Điều 24.3).

    Lists above the commune never show a child's full name. Of a sensitive case no list does. A sealed case, with its
    report, is not there at all for anybody but its recipients, the commune's leader and whoever opened it there; with
    no recipients it is theirs alone, and `warnings` says so. The case of another child of the report keeps its own
    level and its copy of what was reported: `warnings` names those that are less secret. It says, too, where another
    commune has the child in the care of a carer: there the leader goes on seeing what concerns that care, whom that
    leader names, and nobody else. A recipient sees it in a post of the office where they were named, and no longer once
    they left that.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    await lock_reports(session, [case_id])
    file = await lock_file(session, actor, case_id, version=if_match)
    await actions.set_confidentiality(session, actor, file.case, body)
    await session.flush()  # The new recipients are read back.
    return await _confidentiality(session, file)


@router.get("/cases/{case_id}/confidentiality", responses=problems(NotFound))
async def read_case_confidentiality(case_id: UUID, actor: CurrentActor, session: Session) -> ConfidentialityOut:
    """Read how secret a case is, and who may open it though it is sealed."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "confidentiality") as file:
        keep_to_holder(actor, file)
        return await _confidentiality(session, file)


@router.get("/cases/{case_id}/recipients-here", responses=problems(NotFound))
async def read_recipients_here(case_id: UUID, actor: CurrentActor, session: Session) -> RecipientsHereOut:
    """Read who of your own office was named to see a sealed case: of one that your commune leads, or follows.

    Its leader sees it beside them; `GET …/confidentiality` tells whoever leads it of all.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "recipients") as file:
        return await _recipients_here(session, actor, file.case)


async def _recipients_here(session: Session, actor: CurrentActor, case: Case) -> RecipientsHereOut:
    here = actor.commune_id or actor.unit_id
    named = [one for one in await queries.recipients_of(session, case) if one.works_in_id == here]
    still_there = await queries.still_there(session, named)
    return RecipientsHereOut(
        row_version=case.row_version,
        case_id=case.id,
        level=Confidentiality(case.confidentiality),
        recipients=[
            RecipientHereOut(
                user_id=one.user_id,
                added_at=one.added_at,
                added_by=one.added_by,
                still_works_there=one.id in still_there,
            )
            for one in named
        ],
    )


@router.put(
    "/cases/{case_id}/recipients-here",
    responses=problems(NotFound, CaseMoved, CaseLedHere, VersionRequired, StaleVersion),
)
async def set_recipients_here(
    case_id: UUID,
    body: SetRecipientsHere,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> RecipientsHereOut:
    """Say who else of your commune sees a sealed case of another commune, whose child yours follows in care.

    A carer of your commune has the child, or your commune is to answer for one (NĐ 56/2017, Điều 42.8, 43.2): of a
    sealed case its leader alone sees what concerns that. The officer who visits the child is named here, and sees it
    as far as the leader does, until somebody else is named, the care or the question ends, or the case is no longer
    sealed. The leader of the commune that leads the case sees whom you named.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    case = await queries.find_followed(session, actor, case_id)
    if_match.check(case)
    case.row_version = await actions.set_recipients_here(session, actor, case, body)
    async with second_look(session):
        return await _recipients_here(session, actor, case)
