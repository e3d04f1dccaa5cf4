"""Assessing the child's situation in detail and meeting about it (NĐ 56/2017, Điều 27)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.assessing import rules
from childcare_api.cases.assessing.errors import HarmDoerIsNotAsked
from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.assessing.queries import harm_doers_of
from childcare_api.cases.assessing.schemas import RecordAssessment, RecordMeeting
from childcare_api.cases.file.actions import guard_state, record_step, when
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile


async def record_assessment(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordAssessment
) -> tuple[CaseStep, CaseAssessment]:
    """Record the detailed assessment. The harm-doers' own wishes are refused, whoever wrote them down (27.1 h)."""
    wishes = [wish.relation for wish in command.carers_wishes]
    asked = rules.asked_harm_doers(wishes, await harm_doers_of(session, file))
    if asked:
        raise HarmDoerIsNotAsked(relations=asked)
    assessment = CaseAssessment(
        **command.model_dump(exclude={"id", "happened_at", "needs", "carers_wishes"}),
        needs=[need.model_dump() for need in command.needs],
        carers_wishes=[wish.model_dump() for wish in command.carers_wishes],
    )
    step = await record_step(session, actor, file, kind=StepKind.ASSESSMENT, command=command, detail=assessment)
    return step, assessment


async def record_meeting(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordMeeting
) -> tuple[CaseStep, CaseMeeting]:
    """Record the meeting, which settles what the assessment found and so stands on it (27.2)."""
    guard_state(file, StepKind.MEETING)
    # It ended after it began, so judging the beginning is judging both.
    settled = [] if file.standing.assessment_id is None else [file.standing.assessment_id]
    when(file, command.started_at, settled, field="/started_at")
    meeting = CaseMeeting(
        **command.model_dump(exclude={"id", "happened_at", "attendees"}),
        attendees=[attendee.model_dump() for attendee in command.attendees],
    )
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.MEETING,
        command=command,
        detail=meeting,
        happened_at=command.ended_at,
        stands_on=[file.standing.assessment_id],
    )
    return step, meeting
