"""Who did the harm, by the reports of a case and its people, and when its meeting ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.assessing.models import CaseMeeting
from childcare_api.cases.file.models import Case, StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.intake.models import Intake


async def meeting_ended_at(session: AsyncSession, file: CaseFile) -> datetime | None:
    """Return when the meeting that counts ended, if there is one."""
    if file.standing.meeting_id is None:
        return None
    ended_at: datetime | None = await session.scalar(
        select(CaseMeeting.ended_at).where(CaseMeeting.id == file.standing.meeting_id)
    )
    return ended_at


async def harm_doers_of(session: AsyncSession, file: CaseFile) -> set[str]:
    """Return how those who did the harm are related to the child: by the reports and by whom an officer added."""
    people = await details(session, file, CaseParty, StepKind.PARTY)
    added = {party.relation for step, party in people if file.counts(step) and party.role == HARM_DOER}
    return added | await _named_by_reports(session, file)


async def _named_by_reports(session: AsyncSession, file: CaseFile) -> set[str]:
    """Return how those who did the harm are related to the child, by the report of the case and those joined to it.

    A report that another commune holds came with a case that was opened here on it, and that one tells.
    """
    joined = [step.id for step in file.counting(StepKind.REPORT_JOINED)]
    named = set(file.case.harm_doer_relations)
    if joined:
        found = await session.scalars(
            select(Intake.harm_doers)
            .join(CaseReport, CaseReport.intake_id == Intake.id)
            .where(CaseReport.id.in_(joined))
        )
        named |= {str(one["relation"]) for harm_doers in found for one in harm_doers if one.get("relation")}
        opened = await session.scalars(
            select(Case.harm_doer_relations)
            .join(CaseReport, CaseReport.intake_id == Case.intake_id)
            .where(CaseReport.id.in_(joined), Case.commune_id == file.case.commune_id)
        )
        named |= {relation for relations in opened for relation in relations}
    return named
