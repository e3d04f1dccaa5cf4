"""Drafting, submitting, returning and accepting reports."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.scope import holder_unit
from childcare_api.action_plans.drafting.actions import changed
from childcare_api.action_plans.drafting.models import ActionPlan
from childcare_api.action_plans.reporting import queries, rules
from childcare_api.action_plans.reporting.errors import (
    NotASender,
    ReportOfAnotherUnit,
    ReportStatusForbids,
    ReportYearOutsidePlan,
)
from childcare_api.action_plans.reporting.models import Report, ReportObligation
from childcare_api.action_plans.reporting.schemas import (
    ChangePlanReport,
    DraftPlanReport,
    ReportFigure,
    ReturnPlanReport,
)
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound
from childcare_api.shared.schemas import members


async def draft_report(
    session: AsyncSession, actor: Actor, obligation: ReportObligation, plan: ActionPlan, command: DraftPlanReport
) -> Report:
    """Draft a report that the actor's unit owes.

    Raises NotASender, ReportYearOutsidePlan, NotFound for a figure of a target that is not the plan's, and
    ReportExists where the unit has written it already.
    """
    if not await queries.is_sender(session, actor, obligation, plan):
        raise NotASender
    if not plan.period_from.year <= command.year <= plan.period_to.year:
        raise ReportYearOutsidePlan
    await _check_figures(session, plan.id, command.figures)
    now = clock.now()
    report = Report(
        **actor.holder,
        id=command.id or new_id(),
        row_version=1,
        plan_id=plan.id,
        obligation_id=obligation.id,
        kind=obligation.kind,
        year=command.year,
        due_before=_due_before(obligation, command.year),
        recipient_unit_id=holder_unit(plan),
        title=command.title,
        content=command.content,
        figures=_figures(command.figures),
        status="draft",
        created_at=now,
        created_by=actor.id,
        changed_at=now,
        changed_by=actor.id,
        submitted_at=None,
        submitted_by=None,
        returned_at=None,
        returned_by=None,
        return_reason=None,
        accepted_at=None,
        accepted_by=None,
    )
    session.add(report)
    await session.flush()  # A taken id and a second report are refused before the event is written.
    await _record(session, report, "report.drafted")
    return report


async def change_report(session: AsyncSession, actor: Actor, report: Report, command: ChangePlanReport) -> Report:
    """Change a report that is a draft or was returned. A change that changes nothing makes no version."""
    _check_sender(actor, report, "change")
    fields = members(command)
    if command.figures is not None:
        await _check_figures(session, report.plan_id, command.figures)
        fields["figures"] = _figures(command.figures)
    if changed(report, fields):
        await _touch(session, actor, report, "report.changed")
    return report


async def submit_report(session: AsyncSession, actor: Actor, report: Report) -> Report:
    """Send a report to its recipient, who returns or accepts it."""
    _check_sender(actor, report, "submit")
    report.status = "submitted"
    report.submitted_at, report.submitted_by = clock.now(), actor.id
    await _touch(session, actor, report, "report.submitted")
    return report


async def return_report(session: AsyncSession, actor: Actor, report: Report, command: ReturnPlanReport) -> Report:
    """Send a report back to its sender with a reason."""
    await _check_recipient(session, actor, report, "return")
    report.status = "returned"
    report.returned_at, report.returned_by, report.return_reason = clock.now(), actor.id, command.reason
    await _touch(session, actor, report, "report.returned")
    return report


async def accept_report(session: AsyncSession, actor: Actor, report: Report) -> Report:
    """Accept a report. From then on it never changes."""
    await _check_recipient(session, actor, report, "accept")
    report.status = "accepted"
    report.accepted_at, report.accepted_by = clock.now(), actor.id
    await _touch(session, actor, report, "report.accepted")
    return report


def _check_sender(actor: Actor, report: Report, step: rules.Step) -> None:
    if holder_unit(report) != actor.unit_id:
        raise ReportOfAnotherUnit
    _check_status(report, step)


async def _check_recipient(session: AsyncSession, actor: Actor, report: Report, step: rules.Step) -> None:
    """Let the recipient act: the unit that it was written for, or where that has ended, who answers for the plan."""
    if report.recipient_unit_id != actor.unit_id:
        plan = await session.get(ActionPlan, report.plan_id)
        if plan is None or holder_unit(plan) != actor.unit_id:
            raise ReportOfAnotherUnit
    _check_status(report, step)


def _check_status(report: Report, step: rules.Step) -> None:
    if report.status not in rules.MAY[step]:
        raise ReportStatusForbids(report_status=report.status)


async def _check_figures(session: AsyncSession, plan_id: UUID, figures: list[ReportFigure]) -> None:
    wanted = {figure.target_id for figure in figures}
    if wanted and not await queries.has_targets(session, plan_id, wanted):
        raise NotFound(plan_id=plan_id)


def _figures(figures: list[ReportFigure]) -> list[object]:
    return [figure.model_dump(mode="json") for figure in figures]


def _due_before(obligation: ReportObligation, year: int) -> date | None:
    if obligation.before_month is None or obligation.before_day is None:
        return None
    return date(year, obligation.before_month, obligation.before_day)


async def _touch(session: AsyncSession, actor: Actor, report: Report, event: str) -> None:
    report.row_version += 1
    report.changed_at, report.changed_by = clock.now(), actor.id
    await session.flush()  # Refused here, not after the event.
    await _record(session, report, event)


async def _record(session: AsyncSession, report: Report, event: str) -> None:
    detail = {"plan_id": str(report.plan_id)}
    await audit.record(session, event, subject_kind="report", subject_id=report.id, detail=detail, holder=report)
    await outbox.publish(session, event, report_id=report.id, recipient_unit_id=report.recipient_unit_id)
