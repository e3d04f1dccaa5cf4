"""Finding, locking and reading a case file as a whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope, second_look
from childcare_api.cases.file.models import Case, CaseGrant, CaseStep, ReviewOutcome, StepDetail, StepKind
from childcare_api.cases.file.moved import not_led_here
from childcare_api.cases.file.rules import Standing, StepFact, standing_of
from childcare_api.cases.file.schemas import CaseOut, GrantOut, StepHead, ToldChild
from childcare_api.cases.planning.models import CasePlan
from childcare_api.children.models import Child
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import initials

_END_TASKS = text("SELECT case_tasks_of_step_end(:step, :reason, :now)")


@dataclass(slots=True)
class CaseFile:
    """A case with its steps in order and the versions of its plan: what the rules of the procedure look at.

    `elsewhere` marks what is another commune's and was opened to this one: it is written through the gate alone.
    """

    case: Case
    steps: list[CaseStep]
    plans: dict[UUID, CasePlan]
    standing: Standing = field(init=False)
    elsewhere: bool = False

    def __post_init__(self) -> None:
        """Read the standing off the steps."""
        self.standing = standing_of(map(fact_of, self.steps))

    def step(self, step_id: UUID | None) -> CaseStep | None:
        """Return a step by its id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def counting(self, kind: StepKind) -> list[CaseStep]:
        """Return the steps of a kind that count, in order."""
        return [step for step in self.steps if step.kind == kind and step.id in self.standing.counting]

    def counts(self, step: CaseStep) -> bool:
        """Say whether a step, and all it stands on, still holds."""
        return step.id in self.standing.counting


def fact_of(step: CaseStep) -> StepFact:
    """Return what the rules need of a step."""
    return StepFact(
        id=step.id,
        kind=StepKind(step.kind),
        position=step.position,
        in_error=step.in_error_at is not None,
        stands_on=tuple(step.stands_on),
        about_id=step.about_id,
        outcome=None if step.outcome is None else ReviewOutcome(step.outcome),
        ends_at=step.ends_at,
    )


async def lock_file(session: AsyncSession, actor: Actor, case_id: UUID, *, version: Version) -> CaseFile:
    """Return the case file at that version, its case locked until commit, so that writers of one case queue.

    A case outside the actor's scope does not exist here, but for one that its commune gave away.
    """
    file = await find_file_to_lock(session, actor, case_id)
    if file is None:
        raise await not_led_here(session, actor, case_id)
    version.check(file.case)
    return file


async def find_file_to_lock(session: AsyncSession, actor: Actor, case_id: UUID) -> CaseFile | None:
    """Return the case file locked as it is, for what was not decided by looking at it; None outside the scope."""
    case = await session.scalar(select(Case).where(Case.id == case_id, in_scope(Case, actor)).with_for_update())
    return None if case is None else await with_parts(session, case)


async def find_led_case(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    """Return a case of the actor's own scope, unlocked, for a command beside its steps. Raises as `lock_file`."""
    case: Case | None = await session.scalar(select(Case).where(Case.id == case_id, in_scope(Case, actor)))
    if case is None:
        raise await not_led_here(session, actor, case_id)
    return case


async def find_case(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    """Return a case of the actor's own scope, unlocked. Raises NotFound."""
    case: Case | None = await session.scalar(select(Case).where(Case.id == case_id, in_scope(Case, actor)))
    if case is None:
        raise NotFound(case_id=case_id)
    return case


@asynccontextmanager
async def open_file(session: AsyncSession, actor: Actor, case_id: UUID, part: str) -> AsyncIterator[CaseFile]:
    """Open a case file, or what another commune granted of it, for reading one part; that it was opened is recorded.

    What is read inside the block is read with the same eyes. Raises NotFound for a case that does not exist here.
    """
    case = await session.scalar(select(Case).where(Case.id == case_id, in_scope(Case, actor)))
    if case is not None:
        file = await with_parts(session, case)
        yield file
    elif actor.level is not Level.COMMUNE:
        raise NotFound(case_id=case_id)
    else:
        async with second_look(session):
            case = await session.scalar(select(Case).where(Case.id == case_id, is_granted(actor)))
            if case is None:
                raise NotFound(case_id=case_id)
            file = await with_parts(session, case)
            file.elsewhere = True
            yield file
    await audit.record(
        session, "case.opened_to_read", subject_kind="case", subject_id=case.id, detail={"part": part}, holder=case
    )


def keep_to_holder(actor: Actor, file: CaseFile) -> None:
    """Raise NotFound for what no grant opens: it is there for the unit that holds the case and those above it alone."""
    if actor.level is Level.COMMUNE and file.case.commune_id != actor.commune_id:
        raise NotFound(case_id=file.case.id)


async def with_parts(session: AsyncSession, case: Case) -> CaseFile:
    """Return a case with its steps and plans, as far as the scope shows them."""
    # The commune stands beside the id, so that the planner takes the index and not the policy alone.
    mine = (CaseStep.case_id == case.id, CaseStep.commune_id == case.commune_id)
    steps = await session.scalars(select(CaseStep).where(*mine).order_by(CaseStep.position))
    plans = await session.scalars(
        select(CasePlan)
        .where(CasePlan.case_id == case.id, CasePlan.commune_id == case.commune_id)
        .order_by(CasePlan.version)
    )
    return CaseFile(case, list(steps), {plan.id: plan for plan in plans})


async def registered_name(session: AsyncSession, file: CaseFile) -> str | None:
    """Return the name that the register has of the child the case is linked to."""
    child_id = file.standing.child_id
    of_case = (Child.id == child_id, Child.commune_id == file.case.commune_id)
    name: str | None = None if child_id is None else await session.scalar(select(Child.full_name).where(*of_case))
    return name


def is_granted(actor: Actor) -> ColumnElement[bool]:
    """Say which cases a grant in force opens to the actor's commune: the predicate that the policy has, too."""
    today = clock.today()
    return (
        select(CaseGrant.id)
        .where(
            CaseGrant.case_id == Case.id,
            CaseGrant.granted_commune_id == actor.commune_id,
            CaseGrant.revoked_at.is_(None),
            CaseGrant.valid_from <= today,
            or_(CaseGrant.valid_to.is_(None), CaseGrant.valid_to >= today),
        )
        .exists()
    )


async def grants_of(session: AsyncSession, case: Case) -> list[CaseGrant]:
    """Return all grants ever given for a case, newest last."""
    found = await session.scalars(
        select(CaseGrant)
        .where(CaseGrant.case_id == case.id, CaseGrant.commune_id == case.commune_id)
        .order_by(CaseGrant.id)
    )
    return list(found)


async def sibling_ids(session: AsyncSession, case: Case) -> list[UUID]:
    """Return the cases of the other children of the same report, as far as they are in the same commune."""
    found = await session.scalars(
        select(Case.id)
        .where(
            Case.commune_id == case.commune_id,
            Case.sibling_group_id == case.sibling_group_id,
            Case.id != case.id,
            Case.status != "entered_in_error",
        )
        .order_by(Case.id)
    )
    return list(found)


Out = TypeVar("Out", bound=StepHead)
Detail = TypeVar("Detail", bound=StepDetail)


def told(answer: type[Out], file: CaseFile, step: CaseStep, detail: object = None, /, **more: object) -> Out:
    """Return the answer for a step: its head, the fields of its detail, and what was reckoned beside."""
    head: dict[str, Any] = {
        "row_version": file.case.row_version,
        "id": step.id,
        "case_id": step.case_id,
        "kind": step.kind,
        "position": step.position,
        "happened_at": step.happened_at,
        "recorded_at": step.recorded_at,
        "recorded_by": step.recorded_by,
        "stands_on": step.stands_on,
        "counts": file.counts(step),
        "entered_in_error_at": step.in_error_at,
        "entered_in_error_by": step.in_error_by,
        "entered_in_error_reason": step.in_error_reason,
    }
    names = answer.model_fields.keys() - head.keys() - more.keys()
    return answer.model_validate(head | {name: getattr(detail, name) for name in names} | more)


async def details(
    session: AsyncSession, file: CaseFile, model: type[Detail], kind: StepKind
) -> list[tuple[CaseStep, Detail]]:
    """Return the steps of a kind with their details, in the order they were recorded."""
    steps = {step.id: step for step in file.steps if step.kind == kind}
    if not steps:
        return []
    found = await session.scalars(select(model).where(model.id.in_(steps), model.commune_id == file.case.commune_id))
    rows = {row.id: row for row in found}
    return [(step, rows[step.id]) for step in file.steps if step.id in rows]


async def case_out(session: AsyncSession, file: CaseFile) -> CaseOut:
    """Return the answer for a case's head."""
    case = file.case
    head = {name: getattr(case, name) for name in CaseOut.model_fields if name != "siblings"}
    return CaseOut.model_validate(head | {"siblings": await sibling_ids(session, case)})


def get_step(file: CaseFile, kind: StepKind, step_id: UUID) -> CaseStep:
    """Return a step of that kind. Raises NotFound for one of another kind or case."""
    step = file.step(step_id)
    if step is None or step.kind != kind:
        raise NotFound(step_id=step_id)
    return step


def grant_out(case: Case, grant: CaseGrant) -> GrantOut:
    """Return the answer for a grant."""
    return GrantOut(
        row_version=case.row_version,
        id=grant.id,
        case_id=grant.case_id,
        commune_id=grant.granted_commune_id,
        kinds=[StepKind(kind) for kind in grant.kinds],
        reason=grant.reason,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        end_reason=grant.end_reason,
        granted_at=grant.granted_at,
        granted_by=grant.granted_by,
        revoked_at=grant.revoked_at,
        until_position=grant.until_position,
    )


def told_child(row: object) -> ToldChild:
    """Return the answer for the child as another body is told of it; `row` keeps it as it was then."""
    columns = {name: f"child_{name.removeprefix('full_')}" for name in ToldChild.model_fields}
    return ToldChild.model_validate({name: getattr(row, column) for name, column in columns.items()})


def listed_child(child: ToldChild | None) -> ToldChild | None:
    """Return the child as a list of another commune's children shows it: by initials."""
    if child is None or child.full_name is None:
        return child
    return child.model_copy(update={"full_name": initials(child.full_name)})


async def end_tasks(session: AsyncSession, step_id: UUID, *, reason: str) -> None:
    """End the clocks of a step wherever they run: those of the office it was sent to as well."""
    await session.execute(_END_TASKS, {"step": step_id, "reason": reason, "now": clock.now()})
