"""Reading what authorities asked for a child, and the notices of a release."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, told
from childcare_api.cases.proceeding.models import CaseProceeding, CaseReleaseNotice
from childcare_api.cases.proceeding.schemas import GroupNoticeOut, LateNoticeOut, ProceedingOut, ReleaseNoticeOut
from childcare_api.cases.proceeding.waiting import done_for
from childcare_api.children.models import Circumstance
from childcare_api.deadlines.limits import limit
from childcare_api.deadlines.rules import add_months
from childcare_api.shared import clock

_GROUP: Final = "in_conflict_with_law"
_NOT_RECORDED = GroupNoticeOut(
    code="group_not_recorded",
    group=_GROUP,
    article="Luật Trẻ em Điều 10.1 e; NĐ 56/2017 Điều 8",
    message_vi="Hồ sơ trẻ em chưa ghi nhóm «Trẻ em vi phạm pháp luật». Hãy gắn trẻ em với hồ sơ và ghi nhóm này.",
    message_en="The register does not have the child in the group in conflict with the law. Link the child, record it.",
)


async def proceedings_of(session: AsyncSession, file: CaseFile) -> list[ProceedingOut]:
    """Return what authorities asked, in the order it was recorded, each with what was done."""
    rows = await details(session, file, CaseProceeding, StepKind.PROCEEDING)
    offends = any(row.child_role == "offender" for _, row in rows)
    warnings = await _warnings(session, file) if offends else []
    found = []
    for step, row in rows:
        done = done_for(file, step)
        found.append(
            told(
                ProceedingOut,
                file,
                step,
                row,
                answered_id=None if done is None else done.id,
                answered_at=None if done is None else done.happened_at,
                result=None if done is None else done.note,
                warnings=warnings if row.child_role == "offender" else [],
            )
        )
    return found


async def asked_by(
    session: AsyncSession, file: CaseFile, steps: Iterable[CaseStep]
) -> dict[UUID, tuple[str, date | None]]:
    """Return who asked and by when, of those of some steps that are of proceedings or a release."""
    found: dict[UUID, tuple[str, date | None]] = {}
    kinds = {step.kind for step in steps}
    if StepKind.PROCEEDING in kinds:
        asked = await details(session, file, CaseProceeding, StepKind.PROCEEDING)
        found |= {step.id: (row.authority, row.due_on) for step, row in asked}
    if StepKind.RELEASE_NOTICE in kinds:
        notices = await details(session, file, CaseReleaseNotice, StepKind.RELEASE_NOTICE)
        found |= {step.id: (row.institution, row.release_on) for step, row in notices}
    return found


async def release_notices_of(session: AsyncSession, file: CaseFile) -> list[ReleaseNoticeOut]:
    """Return the notices of a release, each with whether it came in time and what was prepared."""
    rows = await details(session, file, CaseReleaseNotice, StepKind.RELEASE_NOTICE)
    warnings = await _warnings(session, file) if rows else []
    newest = max((step.position for step, _ in rows if file.counts(step)), default=0)
    return [_release_out(file, step, row, warnings, newest) for step, row in rows]


def _release_out(
    file: CaseFile, step: CaseStep, row: CaseReleaseNotice, warnings: list[GroupNoticeOut], newest: int
) -> ReleaseNoticeOut:
    done, due_on = done_for(file, step), notice_due_on(row.measure, row.release_on)
    in_time = clock.day_of(step.happened_at) <= due_on
    return told(
        ReleaseNoticeOut,
        file,
        step,
        row,
        notice_due_on=due_on,
        notified_in_time=in_time,
        replaced=step.position < newest,
        prepared_id=None if done is None else done.id,
        prepared_at=None if done is None else done.happened_at,
        how=None if done is None else done.note,
        warnings=warnings if in_time else [*warnings, _late(due_on)],
    )


def _late(due_on: date) -> LateNoticeOut:
    """Return the notice that an institution told of a release too late (Luật Trẻ em, Điều 73.2)."""
    return LateNoticeOut(
        code="notice_late",
        article="Luật Trẻ em Điều 73.2",
        message_vi=f"Thông báo đến sau ngày {due_on:%d/%m/%Y}, hạn mà luật giao cho nơi thông báo; thời gian chuẩn bị"
        " tiếp nhận trẻ em vì vậy ngắn hơn luật định.",
        message_en=f"The notice came after {due_on.isoformat()}, the last day that the law has for it: there is less"
        " time to prepare the child's reception than the law gives.",
    )


def notice_due_on(measure: str, release_on: date) -> date:
    """Return the last day for a notice of a release (LQ, Điều 73.2)."""
    return add_months(release_on, -limit(f"release.notice_{measure}", release_on))


async def _warnings(session: AsyncSession, file: CaseFile) -> list[GroupNoticeOut]:
    """Return the notice that the register does not have the child of the case in its group (NĐ 56/2017, Điều 8)."""
    recorded = await session.scalar(
        select(Circumstance.id)
        .where(
            Circumstance.child_id == file.standing.child_id,
            Circumstance.commune_id == file.case.commune_id,
            Circumstance.group_code == _GROUP,
            Circumstance.entered_in_error_at.is_(None),
            or_(Circumstance.ended_on.is_(None), Circumstance.ended_on > clock.today()),
        )
        .limit(1)
    )
    return [_NOT_RECORDED] if recorded is None else []
