"""Addresses of assessments and meetings."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.assessing import actions
from childcare_api.cases.assessing.errors import HarmDoerIsNotAsked
from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.assessing.schemas import (
    AssessmentList,
    CaseAssessmentOut,
    MeetingList,
    MeetingOut,
    RecordAssessment,
    RecordMeeting,
)
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import details, lock_file, open_file, told
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/assessments", status_code=201, responses=problems(*RECORDING, HarmDoerIsNotAsked))
async def record_assessment(
    case_id: UUID,
    body: RecordAssessment,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CaseAssessmentOut:
    """Record the detailed assessment in its eight contents (Mẫu 03, Điều 27.1).

    The child's own wishes are always asked for; those of parents and carers are left out where they did the harm.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, assessment = await actions.record_assessment(session, actor, file, body)
    return told(CaseAssessmentOut, file, step, assessment)


@router.get("/assessments", responses=problems(NotFound))
async def list_assessments(case_id: UUID, actor: CurrentActor, session: Session) -> AssessmentList:
    """Read the detailed assessments of a case, those in error included."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "assessments") as file:
        rows = await details(session, file, CaseAssessment, StepKind.ASSESSMENT)
        items = [told(CaseAssessmentOut, file, step, row) for step, row in rows]
        return AssessmentList(row_version=file.case.row_version, items=items)


@router.post("/meetings", status_code=201, responses=problems(*RECORDING))
async def record_meeting(
    case_id: UUID, body: RecordMeeting, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> MeetingOut:
    """Record the meeting that settles the measures: its minutes and who was there (Điều 27.2).

    The 5 working days for the plan run from its end.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, meeting = await actions.record_meeting(session, actor, file, body)
    return told(MeetingOut, file, step, meeting)


@router.get("/meetings", responses=problems(NotFound))
async def list_meetings(case_id: UUID, actor: CurrentActor, session: Session) -> MeetingList:
    """Read the meetings of a case with their minutes."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "meetings") as file:
        rows = await details(session, file, CaseMeeting, StepKind.MEETING)
        items = [told(MeetingOut, file, step, row) for step, row in rows]
        return MeetingList(row_version=file.case.row_version, items=items)
