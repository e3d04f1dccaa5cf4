"""Gathering what the papers of a case are made from, as far as the reader may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import in_scope
from childcare_api.alternative_care.models import Carer
from childcare_api.cases.file.models import CaseStep, StepDetail, StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.planning.models import CasePlanService
from childcare_api.cases.transferring.models import CaseTransfer
from childcare_api.children.history.models import ChildChange
from childcare_api.children.models import Child, Guardian, Household
from childcare_api.deadlines import queries as deadlines
from childcare_api.deadlines.models import ClockRule, Task
from childcare_api.exchange.papers.facilities import Facilities, facilities_of
from childcare_api.exchange.papers.homes import Homes, homes_of
from childcare_api.exchange.papers.leading import Led, left_of
from childcare_api.exchange.papers.steps import DETAILS
from childcare_api.exchange.papers.wording import Words
from childcare_api.intake import queries as intakes
from childcare_api.intake.queries import IntakeFile
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound
from childcare_api.units.models import CodeListEntry, Unit

_GOES_ON = frozenset({"starts_anew", "case_opened"})
_OF_CARERS = (StepKind.PLACEMENT, StepKind.PLACEMENT_ENDED)
_SIGNERS = text("SELECT id, name, held_position FROM paper_signers(:case_id)")
_CLOCKS = text("SELECT * FROM case_clocks(:case_id)")


def void_steps(steps: Iterable[CaseStep]) -> frozenset[UUID]:
    """Return the steps that were entered in error and those that stand on one, as far as the reader sees it.

    Steps come in their order, so that what one stands on was judged before. Through a grant a step may stand on one
    that is not shown: that is no reason to call it void.
    """
    void: set[UUID] = set()
    for step in steps:
        if step.in_error_at is not None or not void.isdisjoint(step.stands_on):
            void.add(step.id)
    return frozenset(void)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the name, and the position held then, where somebody has said it."""

    name: str | None
    position: str | None


@dataclass(slots=True)
class Material:
    """Everything a paper of this case may say to this reader."""

    file: CaseFile
    words: Words
    units: dict[int, str]
    signers: dict[UUID, Signer]
    details: dict[UUID, StepDetail]
    services: dict[UUID, list[CasePlanService]]
    intake: IntakeFile | None
    child: Child | None
    guardians: Sequence[Guardian]
    tasks: Sequence[tuple[Task, str]] = field(default=())
    homes: Homes = field(default_factory=Homes)
    """Where the child lived. Through a grant none of it is seen."""
    left: bool = False
    """Whether the reader's commune led the case before: of where the child lives now it is told nothing."""
    led: Led | None = None
    """Until when it led, also while one of its carers has the child: what it made then stays as it was."""
    carers: dict[UUID, Carer] = field(default_factory=dict)
    """The carers of the reader's own commune who have the child; those of others have no name here."""
    facilities: Facilities = field(default_factory=Facilities)
    """The facilities that have the child, or had it when it was given to a carer."""
    void: frozenset[UUID] = frozenset()
    """The steps that were entered in error, and those that stand on them."""
    unsealed: bool = False
    """Whether a reason was given for which the alleged harm-doer's name is printed where a form needs it."""

    def steps(self, kind: StepKind) -> list[CaseStep]:
        """Return the steps of a kind that hold, in order."""
        return [step for step in self.file.steps if step.kind == kind and self.holds(step)]

    def holds(self, step: CaseStep) -> bool:
        """Say whether neither a step nor anything it stands on was entered in error."""
        return step.id not in self.void

    def unit(self, unit_id: int | None) -> str | None:
        """Return the name a unit had, in the list it was named in."""
        return None if unit_id is None else self.units.get(unit_id)


async def material_of(session: AsyncSession, actor: Actor, file: CaseFile, *, unsealed: bool = False) -> Material:
    """Gather it, inside `open_file`: through a grant, only what the grant opens. No grant unseals a name."""
    # A reader above the communes sees a case only in its own scope.
    is_own = actor.commune_id is None or file.case.commune_id == actor.commune_id
    found: dict[UUID, StepDetail] = {}
    for kind, model in DETAILS:
        found |= {step.id: detail for step, detail in await details(session, file, model, kind)}
    void = void_steps(file.steps)
    # Of other carers a grant opens that the child was with them, and nothing that a paper could be made of.
    file.steps = [step for step in file.steps if step.kind not in _OF_CARERS or step.id in found]
    intake = await _intake(session, actor, file) if is_own else None
    child = await _child(session, actor, file) if is_own else None
    left, led = (False, None) if is_own else await left_of(session, actor, file)
    transfers = [one for one in found.values() if isinstance(one, CaseTransfer)]
    return Material(
        file=file,
        words=await words_of_today(session),
        units=await _units(session, file, found, intake),
        signers=await _signers(session, file),
        details=found,
        services=await _services(session, file),
        intake=intake,
        child=child,
        guardians=[] if child is None else await _guardians(session, child),
        tasks=await _tasks(session, file) if is_own else (),
        homes=homes_of(
            file.case,
            transfers=transfers,
            taken={
                step.about_id: step.recorded_at
                for step in file.steps
                if step.kind == StepKind.TRANSFER_ACCEPTED and step.about_id is not None
            },
            reported=_reported_home(file, intake),
            child=child,
            household=None if child is None else await _household(session, child),
            changes=[] if child is None else await _changes(session, child),
        )
        if is_own
        else Homes(),
        left=left,
        led=led,
        void=void,
        unsealed=unsealed and is_own,
    )


async def add_own(session: AsyncSession, actor: Actor, material: Material) -> None:
    """Add what is the reader's own, outside `open_file`: a second look, by a grant, sees nothing of its own.

    That is the report, for who took it and let another commune lead the case: they wrote the paper of it. And who has
    or had the child in care, for the commune of the carer, which issues their papers.
    """
    if material.file.elsewhere:
        material.intake = await _intake(session, actor, material.file)
        material.units |= await _units(session, material.file, material.details, material.intake)
    placements = {step_id: one for step_id, one in material.details.items() if isinstance(one, CasePlacement)}
    material.facilities = await facilities_of(session, actor, placements)
    wanted = {one.carer_id for one in placements.values() if one.carer_id is not None}
    if wanted and actor.may(Permission.CARER_READ):
        found = await session.scalars(select(Carer).where(Carer.id.in_(wanted), in_scope(Carer, actor)))
        material.carers = {carer.id: carer for carer in found}


async def words_of_today(session: AsyncSession) -> Words:
    """Return what codes are called today."""
    today = clock.today()
    rows = await session.execute(
        select(CodeListEntry.list_name, CodeListEntry.code, CodeListEntry.label_vi)
        .where(
            or_(CodeListEntry.valid_from.is_(None), CodeListEntry.valid_from <= today),
            or_(CodeListEntry.valid_to.is_(None), CodeListEntry.valid_to >= today),
        )
        .order_by(CodeListEntry.list_name, CodeListEntry.position)
    )
    labels: dict[str, dict[str, str]] = {}
    for list_name, code, label in rows:
        labels.setdefault(list_name, {})[code] = label
    return Words(labels)


async def _units(
    session: AsyncSession, file: CaseFile, found: dict[UUID, StepDetail], intake: IntakeFile | None
) -> dict[int, str]:
    wanted = {file.case.unit_id, file.case.commune_id, file.case.origin_commune_id}
    wanted |= {step.unit_id for step in file.steps} | {step.origin_commune_id for step in file.steps}
    wanted |= {detail.place_unit_id for detail in found.values() if isinstance(detail, CaseReport)}
    wanted |= {detail.carer_commune_id for detail in found.values() if isinstance(detail, CasePlacement)}
    for detail in found.values():
        if isinstance(detail, CaseTransfer):
            wanted |= {detail.from_commune_id, detail.to_commune_id}
    if intake is not None:
        wanted |= {intake.intake.place_unit_id, intake.intake.commune_id, intake.intake.unit_id}
    rows = await session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted - {None})))
    return {unit_id: name for unit_id, name in rows}  # noqa: C416 - rows are not pairs to mypy


async def _signers(session: AsyncSession, file: CaseFile) -> dict[UUID, Signer]:
    rows = await session.execute(_SIGNERS, {"case_id": file.case.id})
    return {row.id: Signer(row.name, row.held_position) for row in rows}


async def _services(session: AsyncSession, file: CaseFile) -> dict[UUID, list[CasePlanService]]:
    services: dict[UUID, list[CasePlanService]] = {plan_id: [] for plan_id in file.plans}
    if not services:
        return services
    rows = await session.scalars(
        select(CasePlanService)
        .where(CasePlanService.plan_id.in_(services), CasePlanService.commune_id == file.case.commune_id)
        .order_by(CasePlanService.plan_id, CasePlanService.position)
    )
    for row in rows:
        services[row.plan_id].append(row)
    return services


async def _intake(session: AsyncSession, actor: Actor, file: CaseFile) -> IntakeFile | None:
    """Return the report itself where the reader may read reports; the file's own copy of it is enough otherwise."""
    if not actor.may(Permission.INTAKE_READ):
        return None
    try:
        return await intakes.get_file(session, actor, file.case.intake_id)
    except NotFound:
        return None


async def _child(session: AsyncSession, actor: Actor, file: CaseFile) -> Child | None:
    if file.case.child_id is None or not actor.may(Permission.CHILD_READ):
        return None
    found: Child | None = await session.scalar(
        select(Child).where(Child.id == file.case.child_id, in_scope(Child, actor))
    )
    return found


async def _guardians(session: AsyncSession, child: Child) -> Sequence[Guardian]:
    rows = await session.scalars(
        select(Guardian)
        .where(
            Guardian.child_id == child.id,
            Guardian.commune_id == child.commune_id,
            Guardian.ended_on.is_(None),
            Guardian.entered_in_error_at.is_(None),
        )
        .order_by(Guardian.id)
    )
    return rows.all()


def _reported_home(file: CaseFile, intake: IntakeFile | None) -> str | None:
    children = [] if intake is None else intake.children
    return next((child.residence for child in children if child.id == file.case.intake_child_id), None)


async def _household(session: AsyncSession, child: Child) -> Household | None:
    found: Household | None = await session.scalar(
        select(Household).where(Household.id == child.household_id, Household.commune_id == child.commune_id)
    )
    return found


async def _changes(session: AsyncSession, child: Child) -> Sequence[ChildChange]:
    rows = await session.scalars(
        select(ChildChange)
        .where(
            ChildChange.child_id == child.id, ChildChange.commune_id == child.commune_id, ChildChange.part == "child"
        )
        .order_by(ChildChange.row_version)
    )
    return rows.all()


async def _tasks(session: AsyncSession, file: CaseFile) -> list[tuple[Task, str]]:
    """Return the clocks that ran or run for the case and its reports, whosever they were, with what they are called."""
    ran = await session.scalars(select(Task).from_statement(_CLOCKS).params(case_id=file.case.id))
    # A clock that was set anew, or that the case took over from its report, goes on: what it was before says no more.
    tasks = [task for task in ran if task.cancel_reason not in _GOES_ON]
    rules = await deadlines.clocks_of(session, tasks)
    return [(task, _title(rules.get((task.rule_code, task.rule_valid_from)), task)) for task in tasks]


def _title(rule: ClockRule | None, task: Task) -> str:
    return task.rule_code if rule is None else rule.title_vi
