"""Opening the case of each child of a report, in the commune where the child lives (Luật Trẻ em, Điều 52.2)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file import clocks, guards
from childcare_api.cases.file.actions import StepTimes, announce, guard_state, held, new_step, record_step
from childcare_api.cases.file.events import EVENT_NAMES
from childcare_api.cases.file.grants import OF_INCIDENT
from childcare_api.cases.file.models import Case, CaseGrant, CaseStatus, CaseStep, Confidentiality, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.restating import restate
from childcare_api.cases.opening import queries
from childcare_api.cases.opening.errors import ChildHasCase
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.opening.queries import Reported
from childcare_api.cases.opening.schemas import LinkChild, OpenCases, OpenForChild, RegisterCaseChild
from childcare_api.cases.protecting.actions import handover_of
from childcare_api.cases.protecting.schemas import RecordHandover
from childcare_api.children.actions import register_child
from childcare_api.children.models import Child
from childcare_api.intake.actions import mark_case_opened
from childcare_api.intake.models import Intake, IntakeChild, IntakeGrant, IntakeUpdate
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import no_such_record
from childcare_api.units.errors import ResidenceUnknown
from childcare_api.units.queries import resolve_place


async def open_cases(session: AsyncSession, actor: Actor, reported: Reported, command: OpenCases) -> list[Case]:
    """Open the cases, siblings of one another.

    What goes to another commune is written with the origin that the insert check asks for, and never read back: this
    commune keeps seeing its own part of it by a grant.
    """
    intake = reported.intake
    joined = await queries.joined_children(session, intake)
    happened_at = command.happened_at or clock.now()
    await mark_case_opened(session, actor, intake, reported.assessment, happened_at=happened_at)
    opened = []
    for wanted in command.children:
        child = reported.child(wanted.intake_child_id)
        if child is None:
            raise no_such_record("/children")
        if child.id in joined:
            raise ChildHasCase
        holder = await _residence(session, actor, wanted)
        opened.append(await _open(session, actor, reported, child, wanted, holder=holder, command=command))
    _let_leaders_read(session, actor, intake, {case.commune_id for case in opened} - {actor.commune_id})
    return opened


def _let_leaders_read(session: AsyncSession, actor: Actor, intake: Intake, communes: set[int | None]) -> None:
    """Let the communes that now lead read the report itself; who reported stays sealed here."""
    session.add_all(
        IntakeGrant(
            **holder_of(intake),
            id=new_id(),
            intake_id=intake.id,
            origin_unit_id=actor.unit_id,
            grantee_commune_id=commune,
            kind="leads_case",
            granted_at=clock.now(),
            granted_by=actor.id,
            ended_at=None,
        )
        for commune in communes
    )


async def _residence(session: AsyncSession, actor: Actor, wanted: OpenForChild) -> dict[str, int | None]:
    if wanted.residence is None:
        return actor.holder
    place = await resolve_place(session, wanted.residence, clock.today())
    if place.commune_id is None:
        raise ResidenceUnknown
    if place.commune_id == actor.commune_id:
        return actor.holder | {"village_id": place.village_id}
    return {
        "unit_id": place.commune_id,
        "village_id": place.village_id,
        "commune_id": place.commune_id,
        "district_id": None,
        "province_id": place.province_id,
    }


async def _open(
    session: AsyncSession,
    actor: Actor,
    reported: Reported,
    child: IntakeChild,
    wanted: OpenForChild,
    *,
    holder: dict[str, int | None],
    command: OpenCases,
) -> Case:
    case = _new_case(actor, reported, child, wanted, holder)
    file = CaseFile(case, [], {})
    opening = new_step(
        actor,
        file,
        kind=StepKind.OPENING,
        step_id=None,
        happened_at=command.happened_at,
        about_id=child.id,
        times=times_of(reported),
    )
    case.opened_at = opening.happened_at
    for update in reported.updates:
        new_step(
            actor,
            file,
            kind=StepKind.REPORT_UPDATED,
            step_id=None,
            happened_at=opening.happened_at,
            stands_on=[opening.id],
            about_id=update.id,
            note=update.text,
            times=times_of(reported, update),
        )
    parts: list[CaseReport | CaseGrant | object] = [held(report_of(actor, reported, child), opening)]
    if command.handover is not None:
        parts.append(_handover(actor, file, command.handover))
    if case.commune_id != actor.commune_id:
        parts.append(_keep_own_part(actor, file))
    # Everything is settled before the first row goes out: what another commune holds cannot be changed from here.
    restate(file)
    case.row_version = case.step_count
    session.add(case)
    await session.flush()
    session.add_all(file.steps)
    await session.flush()
    # Before the grant: once this commune has its own, the case is no longer new to it, and nothing more goes there.
    await clocks.keep(session, file, origin_unit_id=actor.unit_id)
    await session.flush()
    session.add_all(parts)
    await session.flush()
    for step in file.steps:
        await announce(session, file, EVENT_NAMES[StepKind(step.kind)], step)
    return case


def _new_case(
    actor: Actor, reported: Reported, child: IntakeChild, wanted: OpenForChild, holder: dict[str, int | None]
) -> Case:
    intake = reported.intake
    return Case(
        **holder,
        id=wanted.case_id or new_id(),
        row_version=1,
        origin_commune_id=actor.commune_id,
        intake_id=intake.id,
        intake_child_id=child.id,
        sibling_group_id=intake.id,
        status=CaseStatus.OPENED.value,
        cycle=1,
        confidentiality=intake.confidentiality or Confidentiality.NORMAL.value,
        step_count=0,
        emergency=intake.emergency,
        harm_doer_is_carer=reported.harm_doer_is_carer,
        harm_doer_relations=reported.harm_doer_relations,
        harm_kinds=list(intake.harm_kinds),
        received_at=intake.heard_at,
        opened_at=clock.now(),
        opened_by=actor.id,
        child_id=None,
        child_name=child.full_name,
        child_name_registered=False,
        child_sex=child.sex,
        child_born_on=child.born_on,
        child_born_on_precision=child.born_on_precision,
        child_estimated_age=child.estimated_age,
    )


def times_of(reported: Reported, update: IntakeUpdate | None = None) -> StepTimes:
    """Return from when the 12 hours of a report, or of an addition to it, run, and when the child was protected."""
    since = reported.dangers.get(None if update is None else update.id)
    heard_at = reported.intake.heard_at if update is None else update.happened_at
    return StepTimes(informed_at=since, protected_at=reported.protected_since(since or heard_at))


def report_of(actor: Actor, reported: Reported, child: IntakeChild) -> CaseReport:
    """Return the copy of a report that the file keeps, still without its step."""
    intake = reported.intake
    return CaseReport(
        origin_commune_id=actor.commune_id,
        intake_id=intake.id,
        channel=intake.channel,
        received_at=intake.received_at,
        place_unit_id=intake.place_unit_id,
        narrative=intake.narrative,
        condition=child.condition,
        initial_assessment=reported.initial_assessment,
    )


def _handover(actor: Actor, file: CaseFile, command: RecordHandover) -> object:
    step = new_step(actor, file, kind=StepKind.HANDOVER, step_id=None, happened_at=command.happened_at)
    return held(handover_of(command, actor.commune_id), step)


def _keep_own_part(actor: Actor, file: CaseFile) -> CaseGrant:
    """Return the grant by which the commune of the incident keeps seeing its part, with the step that says so."""
    grant_id, now = new_id(), clock.now()
    new_step(actor, file, kind=StepKind.GRANT, step_id=None, happened_at=now, about_id=grant_id)
    return CaseGrant(
        **holder_of(file.case),
        id=grant_id,
        origin_commune_id=actor.commune_id,
        case_id=file.case.id,
        granted_commune_id=actor.commune_id,
        reason=OF_INCIDENT,
        kinds=[kind.value for kind in guards.OTHER_COMMUNE_SEES],
        valid_from=clock.day_of(now),
        valid_to=None,
        granted_at=now,
        granted_by=actor.id,
        revoked_at=None,
        revoked_by=None,
    )


async def link_child(session: AsyncSession, actor: Actor, file: CaseFile, command: LinkChild) -> tuple[CaseStep, Child]:
    """Link the case to a child of the actor's own register; a wrong link is entered in error and made again."""
    child = await queries.find_child(session, actor, command.child_id)
    if child is None:
        raise no_such_record("/child_id")
    step = await record_step(session, actor, file, kind=StepKind.CHILD_LINKED, command=command, about_id=child.id)
    return step, child


async def register_child_of_case(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RegisterCaseChild
) -> tuple[CaseStep, Child]:
    """Write the child into the commune's own register and link the case to it, both or neither."""
    guard_state(file, StepKind.CHILD_LINKED)
    child = await register_child(session, actor, command.child)
    step = await record_step(session, actor, file, kind=StepKind.CHILD_LINKED, command=command, about_id=child.id)
    return step, child
