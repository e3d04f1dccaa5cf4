"""Drafting, changing and issuing plans. A change of a part is a change of its plan and counts in its version."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.action_plans.drafting import queries
from childcare_api.action_plans.drafting.errors import PlanWithoutTargets, TargetIncoherent
from childcare_api.action_plans.drafting.models import ActionPlan, Part, PlanTarget
from childcare_api.action_plans.drafting.schemas import ChangeActionPlan, ChangeTarget, DraftActionPlan, IssueActionPlan
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import ends_before_it_begins
from childcare_api.shared.schemas import members

PartRow = TypeVar("PartRow", bound=Part)


async def draft_plan(session: AsyncSession, actor: Actor, command: DraftActionPlan) -> ActionPlan:
    """Draft a plan of the actor's own unit. Raises NotFound for a parent that is out of sight."""
    if command.parent_plan_id is not None:
        await queries.get_plan(session, actor, command.parent_plan_id)
    plan = new_plan(
        actor,
        id=command.id or new_id(),
        title=command.title,
        period_from=command.period_from,
        period_to=command.period_to,
        objective=command.objective,
        parent_plan_id=command.parent_plan_id,
        renewal_year=None,
    )
    session.add(plan)
    await session.flush()  # An id that is taken is refused before the event is written.
    await _record(session, plan, "action_plan.drafted")
    return plan


def new_plan(actor: Actor, **content: object) -> ActionPlan:
    """Return an empty draft of the actor's unit."""
    now = clock.now()
    return ActionPlan(
        **actor.holder,
        **content,
        row_version=1,
        source_key=None,
        number=None,
        number_note=None,
        issued_on=None,
        issued_on_precision=None,
        status="draft",
        created_at=now,
        created_by=actor.id,
        changed_at=now,
        changed_by=actor.id,
        issued_at=None,
        issued_by=None,
    )


async def change_plan(session: AsyncSession, actor: Actor, plan: ActionPlan, command: ChangeActionPlan) -> ActionPlan:
    """Change the head of a draft. A change that changes nothing makes no version."""
    fields = changed(plan, members(command))
    if not fields:
        return plan
    if plan.period_to < plan.period_from:
        raise ends_before_it_begins("/period_to" if "period_to" in fields else "/period_from")
    await touch(session, actor, plan)
    await _record(session, plan, "action_plan.changed", fields=fields)
    return plan


async def issue_plan(session: AsyncSession, actor: Actor, plan: ActionPlan, command: IssueActionPlan) -> ActionPlan:
    """Record that a plan was signed. From then on nobody changes it."""
    if not await queries.has_targets(session, plan):
        raise PlanWithoutTargets
    plan.status = "issued"
    plan.number, plan.issued_on, plan.issued_on_precision = command.number, command.issued_on, "day"
    plan.issued_at, plan.issued_by = clock.now(), actor.id
    await touch(session, actor, plan)
    await _record(session, plan, "action_plan.issued")
    return plan


async def add_part(session: AsyncSession, actor: Actor, plan: ActionPlan, part: PartRow) -> PartRow:
    """Put a new part behind the others of its kind."""
    part.position = await queries.next_position(session, type(part), plan)
    session.add(part)
    await touch(session, actor, plan)
    await _record(session, plan, "action_plan.part_added", part=part.__tablename__, part_id=str(part.id))
    return part


def new_part(model: type[PartRow], plan: ActionPlan, *, part_id: UUID | None, **content: object) -> PartRow:
    """Return a part with its plan's holder columns, which came from no source and no earlier plan."""
    unset = {"section": None, "quote": None, "note": None, "carry_over": None, "from_part_id": None}
    return model(
        **holder_of(plan),
        **(unset | {"source_row": None, "carry_over_notes": [], "position": 0} | content),
        id=part_id or new_id(),
        plan_id=plan.id,
    )


async def change_target(
    session: AsyncSession, actor: Actor, plan: ActionPlan, target: PlanTarget, command: ChangeTarget
) -> PlanTarget:
    """Change a target of a draft; one that renewing marked for review counts as reviewed, also if all was right."""
    fields = changed(target, members(command))
    if not fields and target.carry_over != "review":
        return target
    if (target.operator is None) != (target.value is None) or (
        target.audience is not None and target.counts != "participants"
    ):
        raise TargetIncoherent
    if target.carry_over == "review":
        target.carry_over = "carried"
    await touch(session, actor, plan)
    await _record(session, plan, "action_plan.target_changed", part_id=str(target.id), fields=fields)
    return target


def changed(record: object, fields: Mapping[str, object]) -> list[str]:
    """Write fields into a record and return the names of those that were different before."""
    different = sorted(name for name, value in fields.items() if getattr(record, name) != value)
    for name in different:
        setattr(record, name, fields[name])
    return different


async def remove_part(session: AsyncSession, actor: Actor, plan: ActionPlan, part: Part) -> None:
    """Take a part out of a draft."""
    await session.delete(part)
    await touch(session, actor, plan)
    await _record(session, plan, "action_plan.part_removed", part=part.__tablename__, part_id=str(part.id))


async def touch(session: AsyncSession, actor: Actor, plan: ActionPlan) -> None:
    """Count a change of a plan and write it, so that what the database refuses is refused before the event."""
    plan.row_version += 1
    plan.changed_at, plan.changed_by = clock.now(), actor.id
    await session.flush()  # Refused here, not after the event.


async def _record(session: AsyncSession, plan: ActionPlan, event: str, **detail: object) -> None:
    await audit.record(session, event, subject_kind="action_plan", subject_id=plan.id, detail=detail, holder=plan)
    await outbox.publish(session, event, plan_id=plan.id)
