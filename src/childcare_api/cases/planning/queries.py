"""Reading plans, and gathering the dossier that goes to the leader with one."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.assessing.queries import harm_doers_of
from childcare_api.cases.file.models import CaseStep, PlanStatus, StepKind
from childcare_api.cases.file.numbers import Numbered, warnings_of
from childcare_api.cases.file.queries import CaseFile, details, told
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.people.models import CaseParty
from childcare_api.cases.placing.models import CaseCareNeeds, CasePlacement
from childcare_api.cases.planning import rules
from childcare_api.cases.planning.models import CaseDecision, CasePlan, CasePlanService
from childcare_api.cases.planning.rules import Dossier, Missing, PlannedService
from childcare_api.cases.planning.schemas import InterventionPlanOut, PlanService
from childcare_api.shared.problems import NotFound
from childcare_api.shared.refusals import no_such_record


def get_plan(file: CaseFile, plan_id: UUID) -> CasePlan:
    """Return a version of the case's plan. Raises NotFound for one of another case."""
    plan = file.plans.get(plan_id)
    if plan is None:
        raise NotFound(plan_id=plan_id)
    return plan


async def services_of(session: AsyncSession, plan: CasePlan) -> list[CasePlanService]:
    """Return a version's services in their order."""
    found = await session.scalars(
        select(CasePlanService)
        .where(CasePlanService.plan_id == plan.id, CasePlanService.commune_id == plan.commune_id)
        .order_by(CasePlanService.position)
    )
    return list(found)


async def expected_ends(session: AsyncSession, file: CaseFile) -> list[date]:
    """Return the days on which the services of the plan in force are expected to end, as far as they are known."""
    found = await session.scalars(
        select(CasePlanService.expected_end_on).where(
            CasePlanService.plan_id == file.standing.plan_id, CasePlanService.commune_id == file.case.commune_id
        )
    )
    return [day for day in found if day is not None]


async def remove_services(session: AsyncSession, plan: CasePlan) -> None:
    """Take all services out of a draft, whose new ones take their places."""
    mine = (CasePlanService.plan_id == plan.id, CasePlanService.commune_id == plan.commune_id)
    await session.execute(delete(CasePlanService).where(*mine))


async def get_decided_service(session: AsyncSession, file: CaseFile, service_id: UUID) -> CasePlanService:
    """Return a service of a version that was decided on; none of a draft, or of another case, is one to carry out."""
    service: CasePlanService | None = await session.scalar(
        select(CasePlanService).where(
            CasePlanService.id == service_id, CasePlanService.commune_id == file.case.commune_id
        )
    )
    if service is None or service.plan_id not in file.plans or file.plans[service.plan_id].first_decided_at is None:
        raise no_such_record("/plan_service_id")
    return service


def content_of(service: CasePlanService) -> dict[str, Any]:
    """Return what a line of a plan says, without the record it is."""
    return {name: getattr(service, name) for name in PlanService.model_fields if name != "id"}


async def is_as_returned(session: AsyncSession, file: CaseFile, plan: CasePlan) -> bool:
    """Say whether a version is word for word what the leader returned: itself, or the one that it revises."""
    if plan.status == PlanStatus.RETURNED:
        return True
    before = None if plan.revises_id is None else file.plans[plan.revises_id]
    if before is None or not any(step.about_id == before.id for step in file.counting(StepKind.PLAN_RETURNED)):
        return False
    if any(getattr(before, name) != getattr(plan, name) for name in ("protection_level", "objectives", "supervision")):
        return False
    said = [[content_of(one) for one in await services_of(session, version)] for version in (before, plan)]
    return said[0] == said[1]


async def missing_of(session: AsyncSession, file: CaseFile, plan: CasePlan) -> list[Missing]:
    """Return what the dossier of this version lacks today, by article."""
    standing = file.standing
    report = await session.scalar(
        select(CaseReport)
        .join(CaseStep, CaseStep.id == CaseReport.id)
        .where(CaseStep.case_id == file.case.id, CaseStep.commune_id == file.case.commune_id)
        .order_by(CaseStep.position)
        .limit(1)
    )
    assessment = meeting = None
    if standing.assessment_id is not None:
        assessment = await session.get(CaseAssessment, standing.assessment_id)
    if standing.meeting_id is not None:
        meeting = await session.get(CaseMeeting, standing.meeting_id)
    roles = set() if meeting is None else {attendee["role"] for attendee in meeting.attendees}
    left_out = await _left_out(session, file)
    return rules.missing(
        Dossier(
            has_report=report is not None,
            has_initial_assessment=report is not None and bool(report.initial_assessment),
            contents=None if assessment is None else _contents(assessment, left_out=left_out),
            has_minutes=meeting is not None,
            minutes_name_chair="chair" in roles,
            minutes_name_protectors=bool(roles & rules.PROTECTORS),
            minutes_name_neighbourhood="neighbourhood_representative" in roles,
            # Nobody is waited for whose wishes are not asked for, nor a parent who does not come.
            minutes_answer_for_carers=left_out
            or bool(roles & {"parent", "carer"})
            or (meeting is not None and meeting.carers_absent_reason is not None),
            services=tuple(_planned(service) for service in await services_of(session, plan)),
            cycle=plan.cycle,
            has_renewing_review=standing.renewed_by_id is not None,
            in_alternative_care=bool(file.counting(StepKind.CARE_NEEDS)),
            care_needs=await _care_needs(session, file),
            has_objectives=plan.objectives is not None,
            has_supervision=plan.supervision is not None,
        )
    )


async def _care_needs(session: AsyncSession, file: CaseFile) -> frozenset[str]:
    """Return in which groups the last report on the child's needs found any (TT 14/2020, Điều 4.2, 9.3 b)."""
    reports = await details(session, file, CaseCareNeeds, StepKind.CARE_NEEDS)
    counting = [needs for step, needs in reports if file.counts(step)]
    return frozenset(one["group"] for one in counting[-1].needs) if counting else frozenset()


async def _left_out(session: AsyncSession, file: CaseFile) -> bool:
    """Say whether all parents and carers are harm-doers, whose wishes are not asked for (Điều 27.1 h)."""
    parties = await details(session, file, CaseParty, StepKind.PARTY)
    carers = {party.relation for step, party in parties if file.counts(step) and party.role in ("parent", "carer")}
    return rules.carers_left_out(await harm_doers_of(session, file), carers)


def _contents(assessment: CaseAssessment, *, left_out: bool) -> dict[str, bool]:
    answered = {name: bool(getattr(assessment, name)) for name in rules.CONTENTS}
    answered["child_wishes"] = assessment.child_wishes is not None or assessment.child_not_asked_reason is not None
    asked = bool(assessment.carers_wishes) or assessment.carers_not_asked_reason is not None
    answered["carers_wishes"] = asked or left_out
    return answered


def _planned(service: CasePlanService) -> PlannedService:
    return PlannedService(
        starts_on=service.starts_on,
        expected_end_on=service.expected_end_on,
        responsible_body=service.responsible_body,
        provider_settled=service.provider is not None or service.needs_provider is False,
        cost_vnd=service.cost_vnd,
        group=service.group,
    )


def is_changeable(plan: CasePlan) -> bool:
    """Say whether a version is a draft that was never submitted: any other is revised by its next one."""
    return plan.status == PlanStatus.DRAFT and plan.first_submitted_at is None


def told_missing(plan: CasePlan, missing: list[Missing]) -> list[dict[str, Any]]:
    """Return what the dossier of a version lacks as it is told, with the command that takes it."""
    return [one.told("change_plan" if is_changeable(plan) else "revise_plan") for one in missing]


async def plan_out(session: AsyncSession, file: CaseFile, plan: CasePlan) -> InterventionPlanOut:
    """Return the answer for one version of the plan."""
    services = await services_of(session, plan)
    about = [step for step in file.steps if step.about_id == plan.id]
    decided = [step for step in about if step.kind == StepKind.PLAN_APPROVED]
    details = {}
    if decided:
        rows = await session.scalars(
            select(CaseDecision).where(
                CaseDecision.id.in_([step.id for step in decided]), CaseDecision.commune_id == plan.commune_id
            )
        )
        details = {row.id: row for row in rows}
    submission = file.step(file.standing.submission_ids.get(plan.id))
    drafted = next(step for step in about if step.kind == StepKind.PLAN_DRAFTED)
    open_for_submission = plan.status in ("draft", "returned", "submitted")
    return told(
        InterventionPlanOut,
        file,
        drafted,
        plan,
        # The plan's own id is what its commands are sent to; its drafting is a step with the same id.
        changeable=is_changeable(plan),
        services=services,
        total_cost_vnd=sum(service.cost_vnd or 0 for service in services),
        missing=told_missing(plan, await missing_of(session, file, plan)) if open_for_submission else [],
        submitted_at=None if submission is None else submission.happened_at,
        unchanged_reason=None if submission is None else submission.note,
        returns=[
            {
                "id": step.id,
                "happened_at": step.happened_at,
                "returned_by": step.recorded_by,
                "reason": step.note,
                "counts": file.counts(step),
            }
            for step in about
            if step.kind == StepKind.PLAN_RETURNED
        ],
        decisions=[_decision(file, step, details[step.id]) for step in decided],
        warnings=await warnings_of(
            session,
            file.case.id,
            decided[-1].origin_commune_id if decided else None,
            (
                Numbered(details[step.id].decision_number, details[step.id].decided_on)
                for step in decided
                if file.counts(step)
            ),
        ),
    )


def _decision(file: CaseFile, step: CaseStep, decision: CaseDecision) -> dict[str, object]:
    return {
        "id": step.id,
        "decision_number": decision.decision_number,
        "decided_on": decision.decided_on,
        "facility_agreed_on": decision.facility_agreed_on,
        "happened_at": step.happened_at,
        "decided_by": step.recorded_by,
        "acting_for_assignment_id": decision.acting_for_id,
        "counts": file.counts(step),
        "entered_in_error_at": step.in_error_at,
        "entered_in_error_by": step.in_error_by,
        "entered_in_error_reason": step.in_error_reason,
    }


async def lives_in_a_facility(session: AsyncSession, file: CaseFile) -> bool:
    """Say whether the child lives in a facility by a lasting decision, whose head agrees on the plan (TT 14, 9.5)."""
    ended = {step.about_id for step in file.counting(StepKind.PLACEMENT_ENDED)}
    lasting = [step.id for step in file.counting(StepKind.PLACEMENT) if step.id not in ended]
    if not lasting:
        return False
    statement = select(CasePlacement.id).where(
        CasePlacement.id.in_(lasting),
        CasePlacement.commune_id == file.case.commune_id,
        CasePlacement.provider_id.is_not(None),
        CasePlacement.temporary.is_(False),
    )
    return await session.scalar(statement.limit(1)) is not None


async def acting_for(session: AsyncSession) -> UUID | None:
    """Return the assignment that the actor's own acts for, if it does: a deputy signing for the chair."""
    found: UUID | None = await session.scalar(text("SELECT case_acting_for()"))
    return found
