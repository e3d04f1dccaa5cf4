"""Which reports stand in a case, what is under way in it, and locking both in the one order: reports, then cases."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.joining.schemas import ReportAdditionOut
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.opening.queries import standing_on
from childcare_api.cases.placing import queries as placing
from childcare_api.cases.proceeding.waiting import of_proceedings
from childcare_api.cases.referring.models import CaseReferral, ReferralStatus
from childcare_api.cases.transferring.models import CaseTransfer, TransferStatus
from childcare_api.intake.models import Intake, IntakeGrant

_LOCK_REPORTS = text("SELECT lock_reports_of(:cases, :reports)")
_MISSED = text("SELECT * FROM updates_missed(:case_id)")


async def lock_reports(session: AsyncSession, case_ids: Iterable[UUID], reports: Iterable[UUID] = ()) -> None:
    """Lock the reports behind some cases of the actor's unit, whoever holds them, and these reports.

    Whoever writes reports and cases locks the reports first, by their ids, then the cases: opening and joining start
    from a report, so the other way round two people at once would each wait for what the other has.
    """
    await session.execute(_LOCK_REPORTS, {"cases": list(case_ids), "reports": list(reports)})


async def lock_both(session: AsyncSession, actor: Actor, one: UUID, other: UUID) -> None:
    """Lock two cases in the order of their ids, so that who joins them the other way round waits and does not block."""
    both = select(Case.id).where(Case.id.in_([one, other]), in_scope(Case, actor)).order_by(Case.id)
    await session.execute(both.with_for_update())


async def was_opened_for(session: AsyncSession, intake_child_id: UUID) -> bool:
    """Return whether a case, in the actor's sight, was opened for that child of a report."""
    opened = exists().where(Case.intake_child_id == intake_child_id, Case.status != CaseStatus.ENTERED_IN_ERROR.value)
    return bool(await session.scalar(select(opened)))


async def under_way(session: AsyncSession, file: CaseFile) -> list[CaseStep]:
    """Return what others were asked and have not answered or done, and the care that is in force."""
    care = await placing.load(session, file)
    return [*await asked_of_others(session, file), *(step for step, _ in care.in_force())]


async def asked_of_others(session: AsyncSession, file: CaseFile) -> list[CaseStep]:
    """Return what other bodies, communes and the court were asked and have not answered or done.

    With it what an authority asked of this commune and nobody did, and a release that nobody prepared for.
    """
    referrals = await details(session, file, CaseReferral, StepKind.REFERRAL)
    offers = await details(session, file, CaseTransfer, StepKind.TRANSFER_OFFERED)
    care = await placing.load(session, file)
    asked = [step for step, _ in care.requests] + file.counting(StepKind.COURT_REQUEST)
    return [
        *(step for step, row in referrals if row.status in (ReferralStatus.ASKED, ReferralStatus.ACCEPTED)),
        *(step for step, row in offers if row.status == TransferStatus.OFFERED),
        *(step for step in asked if file.counts(step) and care.answered_at(step) is None),
        *of_proceedings(file),
    ]


def additions_to(file: CaseFile, report: CaseStep) -> list[ReportAdditionOut]:
    """Return what was added to a report since it came into the case, in the order it was recorded."""
    return [
        ReportAdditionOut(
            step_id=step.id,
            update_id=step.about_id,
            text=step.note or "",
            emergency_since=step.informed_at,
            happened_at=step.happened_at,
            recorded_at=step.recorded_at,
            counts=file.counts(step),
        )
        for step in file.steps
        if step.kind == StepKind.REPORT_UPDATED and report.id in step.stands_on and step.about_id is not None
    ]


async def freed(session: AsyncSession, actor: Actor, case: Case) -> Sequence[Intake]:
    """Return the actor's own reports in a case on which none stands any more, here or in another commune.

    `lock_reports` has locked them before the case; they are read as they are now.
    """
    of_case = (
        select(CaseReport.intake_id)
        .join(CaseStep, CaseStep.id == CaseReport.id)
        .where(CaseStep.case_id == case.id, CaseStep.commune_id == case.commune_id)
    )
    led_elsewhere = exists().where(IntakeGrant.intake_id == Intake.id, IntakeGrant.kind == "leads_case")
    candidates = await session.scalars(
        select(Intake)
        .where(Intake.id.in_(of_case), in_scope(Intake, actor), Intake.status == "case_opened", ~led_elsewhere)
        .order_by(Intake.id)
        .with_for_update()
    )
    return [one for one in candidates.all() if await session.scalar(standing_on(one.id).limit(1)) is None]


async def updates_missed(
    session: AsyncSession, case: Case
) -> Sequence[Row[tuple[UUID, UUID, str | None, datetime | None]]]:
    """Return what was added to the reports of a case while it was closed, in that order.

    Each with the step that brought its report, what it says as far as this case may tell, and since when it is danger.
    """
    return (await session.execute(_MISSED, {"case_id": case.id})).all()
