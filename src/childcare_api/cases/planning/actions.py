"""Building a plan and deciding on it (NĐ 56/2017, Điều 28), and adjusting it (Điều 29.1 a)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import changed, guard_command, guard_paper, record_step
from childcare_api.cases.file.models import CaseStatus, CaseStep, PlanStatus, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.rules import GUARD_OF
from childcare_api.cases.planning import queries
from childcare_api.cases.planning.errors import (
    DossierIncomplete,
    PlanNotInState,
    PlanUnchangeable,
    PlanUnchanged,
    PlanVersionOpen,
)
from childcare_api.cases.planning.models import CaseDecision, CasePlan, CasePlanService
from childcare_api.cases.planning.rules import Missing
from childcare_api.cases.planning.schemas import (
    AdjustInterventionPlan,
    ApproveInterventionPlan,
    ChangeInterventionPlan,
    DraftInterventionPlan,
    PlanService,
    ReturnInterventionPlan,
    ReviseInterventionPlan,
    SubmitInterventionPlan,
)
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import refused, too_early
from childcare_api.shared.schemas import members

_CHANGEABLE = (PlanStatus.DRAFT, PlanStatus.RETURNED)
_IT_CHANGED = (
    "plan_was_changed",
    "Only what was returned and not changed asks for it.",
    "Chỉ nêu khi trình lại nguyên văn bản đã bị trả lại.",
)


async def draft_plan(session: AsyncSession, actor: Actor, file: CaseFile, command: DraftInterventionPlan) -> CasePlan:
    """Draft the first plan of a cycle. A new cycle stands on the review that found risk (Điều 30.1 c)."""
    guard_command(file, "draft_plan")
    return await _draft(session, actor, file, command, stands_on=file.standing.renewed_by_id)


async def adjust_plan(
    session: AsyncSession, actor: Actor, file: CaseFile, plan: CasePlan, command: AdjustInterventionPlan
) -> CasePlan:
    """Draft another version of the plan that is being carried out; until it is approved the old one stays in force."""
    if plan.status != PlanStatus.APPROVED or file.standing.status is not CaseStatus.IMPLEMENTING:
        raise PlanNotInState(plan_status=plan.status)
    of = _Of(adjusts_id=plan.id, reason=command.reason)
    return await _draft(session, actor, file, command, stands_on=file.standing.decision_id, of=of)


async def revise_plan(
    session: AsyncSession, actor: Actor, file: CaseFile, plan: CasePlan, command: ReviseInterventionPlan
) -> CasePlan:
    """Draft the next version of one that came back: what was submitted stays as the leader saw it, beside it."""
    guard_command(file, "revise_plan")
    if plan.status not in _CHANGEABLE or plan.first_submitted_at is None:
        raise PlanNotInState(plan_status=plan.status)
    given = members(command)
    services = [PlanService.model_validate(queries.content_of(one)) for one in await queries.services_of(session, plan)]
    draft = DraftInterventionPlan(
        id=command.id,
        happened_at=command.happened_at,
        protection_level=command.protection_level or plan.protection_level,
        objectives=given.get("objectives", plan.objectives),
        supervision=given.get("supervision", plan.supervision),
        services=services if command.services is None else command.services,
    )
    of = _Of(adjusts_id=plan.adjusts_id, reason=plan.adjustment_reason)
    base = file.standing.renewed_by_id if plan.adjusts_id is None else file.standing.decision_id
    return await _draft(session, actor, file, draft, stands_on=base, of=of)


@dataclass(frozen=True, slots=True)
class _Of:
    """Of what a version is a version: the plan in force that it adjusts, and why."""

    adjusts_id: UUID | None = None
    reason: str | None = None


async def _draft(
    session: AsyncSession,
    actor: Actor,
    file: CaseFile,
    command: DraftInterventionPlan,
    *,
    stands_on: UUID | None,
    of: _Of | None = None,
) -> CasePlan:
    of = of or _Of()
    waiting = file.standing.open_plan_id
    # What came back is mended in the next version, which takes its place; what lies with the leader is not.
    if waiting is not None and (
        file.plans[waiting].first_submitted_at is None or file.plans[waiting].status == PlanStatus.SUBMITTED
    ):
        raise PlanVersionOpen(plan_id=str(waiting))
    plan = CasePlan(
        **holder_of(file.case),
        id=command.id or new_id(),
        case_id=file.case.id,
        version=len(file.plans) + 1,
        cycle=file.standing.cycle,
        adjusts_id=of.adjusts_id,
        revises_id=waiting,
        adjustment_reason=of.reason,
        status=PlanStatus.DRAFT.value,
        protection_level=command.protection_level,
        objectives=command.objectives,
        supervision=command.supervision,
        first_submitted_at=None,
        first_decided_at=None,
    )
    file.plans[plan.id] = plan
    await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_DRAFTED,
        command=command.model_copy(update={"id": plan.id}),
        detail=plan,
        stands_on=[stands_on],
        about_id=plan.id,
    )
    _add_services(session, plan, command.services)
    await session.flush()  # The answer reads the services back.
    return plan


def _add_services(session: AsyncSession, plan: CasePlan, services: Sequence[PlanService]) -> None:
    session.add_all(
        CasePlanService(
            **holder_of(plan),
            **service.model_dump(exclude={"id"}),
            id=service.id or new_id(),
            plan_id=plan.id,
            position=position,
        )
        for position, service in enumerate(services, start=1)
    )


async def change_plan(
    session: AsyncSession, file: CaseFile, plan: CasePlan, command: ChangeInterventionPlan
) -> CasePlan:
    """Change a draft. What was once submitted stays as the leader saw it, even where submitting it was an error."""
    if plan.first_submitted_at is not None:
        raise PlanUnchangeable
    if plan.status != PlanStatus.DRAFT or file.standing.status not in GUARD_OF["change_plan"].states:
        raise PlanNotInState(plan_status=plan.status)
    given = members(command)
    services = given.pop("services", None)
    if not given and services is None:
        return plan
    if given.get("protection_level", "") is None:
        del given["protection_level"]
    for name, value in given.items():
        setattr(plan, name, value)
    if services is not None:
        await queries.remove_services(session, plan)
        _add_services(session, plan, services)
    drafted = next(step for step in file.steps if step.id == plan.id)
    await session.flush()  # What the database refuses is refused before the event is written.
    await changed(session, file, "case.plan_changed", drafted)
    return plan


async def submit_plan(
    session: AsyncSession, actor: Actor, file: CaseFile, plan: CasePlan, command: SubmitInterventionPlan
) -> CaseStep:
    """Submit a version with its dossier. What the dossier lacks is named by article, and nothing is submitted."""
    if plan.status not in _CHANGEABLE:
        raise PlanNotInState(plan_status=plan.status)
    missing = await queries.missing_of(session, file, plan)
    if missing:
        raise DossierIncomplete(missing=queries.told_missing(plan, missing))
    unchanged = await queries.is_as_returned(session, file, plan)
    if unchanged and command.unchanged_reason is None:
        raise PlanUnchanged
    if command.unchanged_reason is not None and not unchanged:
        raise refused("/unchanged_reason", *_IT_CHANGED)
    standing = file.standing
    if plan.first_submitted_at is None:
        plan.first_submitted_at = clock.now()
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_SUBMITTED,
        command=command,
        stands_on=[plan.id, standing.assessment_id, standing.meeting_id],
        about_id=plan.id,
        note=command.unchanged_reason,
    )


async def return_plan(
    session: AsyncSession, actor: Actor, file: CaseFile, plan: CasePlan, command: ReturnInterventionPlan
) -> CaseStep:
    """Send a submitted plan back to the officer, with the reason."""
    if plan.status != PlanStatus.SUBMITTED:
        raise PlanNotInState(plan_status=plan.status)
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_RETURNED,
        command=command,
        stands_on=[file.standing.submission_ids[plan.id]],
        about_id=plan.id,
        note=command.reason,
    )


async def approve_plan(
    session: AsyncSession, actor: Actor, file: CaseFile, plan: CasePlan, command: ApproveInterventionPlan
) -> CaseStep:
    """Approve a submitted plan by decision (Điều 28.4). What is incomplete or was not submitted is not approved."""
    if plan.status not in (PlanStatus.DRAFT, PlanStatus.SUBMITTED):
        raise PlanNotInState(plan_status=plan.status)
    missing = await queries.missing_of(session, file, plan)
    if plan.status == PlanStatus.DRAFT:
        missing.append(Missing("submission", "28.1"))
    if command.facility_agreed_on is None and await queries.lives_in_a_facility(session, file):
        missing.append(Missing("facility_agreement", "9.5", law="TT 14/2020/TT-BLĐTBXH"))
    if missing:
        raise DossierIncomplete(missing=queries.told_missing(plan, missing))
    submission_id = file.standing.submission_ids[plan.id]
    _check_day(file, submission_id, command)
    decision = CaseDecision(
        plan_id=plan.id,
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        facility_agreed_on=command.facility_agreed_on,
        acting_for_id=await queries.acting_for(session),
    )
    if plan.first_decided_at is None:
        plan.first_decided_at = clock.now()
        # The wall around decided versions looks at this, so it stands before anything else is written.
        await session.flush()
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_APPROVED,
        command=command,
        detail=decision,
        stands_on=[submission_id],
        about_id=plan.id,
    )


def _check_day(file: CaseFile, submission_id: UUID, command: ApproveInterventionPlan) -> None:
    """Judge the day on the decision: not before the plan was submitted, nor before a facility agreed on it.

    Nor was it decided before that day: by when it was, the 2 working days are judged (Điều 28.4).
    """
    submission = file.step(submission_id)
    earliest = None if submission is None else clock.day_of(submission.happened_at)
    if earliest is not None and command.decided_on < earliest:
        raise too_early("/decided_on", earliest)
    if command.facility_agreed_on is not None and command.decided_on < command.facility_agreed_on:
        raise too_early("/decided_on", command.facility_agreed_on)
    guard_paper(command.happened_at, command.decided_on)
