"""Addresses of joining a report to a case, and of the reports of a case."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import CaseFull, CaseMoved, CaseNotInState
from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.file.queries import details, find_file_to_lock, lock_file, open_file, told
from childcare_api.cases.joining import actions, queries
from childcare_api.cases.joining.errors import CaseNotSettled, CasesOfTwoChildren, ReportJoined
from childcare_api.cases.joining.schemas import (
    CaseReportOut,
    JoinCase,
    JoinedCase,
    JoinedCases,
    JoinOtherCase,
    ReportList,
)
from childcare_api.cases.opening.errors import ChildHasCase
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.opening.queries import reported_of
from childcare_api.cases.separating.errors import SeparationRuns
from childcare_api.intake.errors import IntakeStatusForbids
from childcare_api.intake.queries import lock_intake
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnteredInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, StaleVersion, ValidationFailed, VersionRequired, problems
from childcare_api.shared.refusals import no_such_record
from childcare_api.shared.requests import Router

router = Router()
_COMMAND = (NotFound, CaseMoved, VersionRequired, StaleVersion, CaseNotInState, CaseFull)


@router.post(
    "/intakes/{intake_id}/join-case",
    responses=problems(*_COMMAND, IntakeStatusForbids, ChildHasCase, ReportJoined),
)
async def join_case(
    intake_id: UUID, body: JoinCase, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> JoinedCase:
    """Join a report to the open case of the same child instead of opening another one (Điều 26.1).

    The report's clocks end. If it is an emergency, 12 hours run from its own receipt until a measure is taken. Where
    another commune leads the child's case, a case is opened for it there as always; it joins the two.
    """
    actor.require(Permission.CASE_OPEN)
    await once.begin(session)
    await queries.lock_reports(session, [body.case_id], [intake_id])
    intake = await lock_intake(session, actor, intake_id, if_match)
    file = await find_file_to_lock(session, actor, body.case_id)
    if file is None:
        raise no_such_record("/case_id")
    step = await actions.join_case(session, actor, file, await reported_of(session, intake), body)
    return JoinedCase(
        row_version=intake.row_version,
        intake_id=intake.id,
        case_id=file.case.id,
        case_row_version=file.case.row_version,
        step_id=step.id,
        status=CaseStatus(file.case.status),
        emergency=file.case.emergency,
    )


@router.post(
    "/cases/{case_id}/join",
    responses=problems(
        *_COMMAND, CasesOfTwoChildren, CaseNotSettled, SeparationRuns, AlreadyEnteredInError, ValidationFailed
    ),
)
async def join_other_case(
    case_id: UUID, body: JoinOtherCase, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> JoinedCases:
    """Join a case that was just opened to another one on the same child: one child, one file.

    Its reports stand in the case that goes on, with the 12 hours of an emergency; it is entered in error itself. So the
    report of a commune of the incident, which opened a case here, reaches the case that your commune leads already.
    What else was recorded in it (people, notes, measures, handovers) is not copied and stays readable there: it is
    listed by `GET /cases?sibling_group_id=` with the `intake_id` of its report. An offer, a referral, a question to
    another commune or to the court that is not answered, and care in force, are settled first.
    """
    actor.require(Permission.CASE_OPEN)
    await once.begin(session)
    await queries.lock_reports(session, [case_id, body.case_id])
    await queries.lock_both(session, actor, case_id, body.case_id)
    new = await lock_file(session, actor, case_id, version=if_match)
    file = None if body.case_id == case_id else await find_file_to_lock(session, actor, body.case_id)
    if file is None:
        raise no_such_record("/case_id")
    steps = await actions.join_other_case(session, actor, new, file, body)
    return JoinedCases(
        row_version=new.case.row_version,
        joined_case_id=case_id,
        case_id=file.case.id,
        case_row_version=file.case.row_version,
        step_ids=[step.id for step in steps],
        status=CaseStatus(file.case.status),
        emergency=file.case.emergency,
    )


@router.get("/cases/{case_id}/reports", responses=problems(NotFound))
async def list_reports_of_case(case_id: UUID, actor: CurrentActor, session: Session) -> ReportList:
    """Read the reports of a case as they stood when they came in (Mẫu 01 and 02), each with what was added to it since.

    Who reported stays sealed.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "reports") as file:
        rows = [
            *await details(session, file, CaseReport, StepKind.OPENING),
            *await details(session, file, CaseReport, StepKind.REPORT_JOINED),
        ]
        items = [
            told(
                CaseReportOut,
                file,
                step,
                row,
                emergency_since=step.informed_at,
                updates=queries.additions_to(file, step),
            )
            for step, row in rows
        ]
        return ReportList(row_version=file.case.row_version, items=items)
