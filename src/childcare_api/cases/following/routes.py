"""Addresses of services carried out, notes, reviews, and closing."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import case_out, details, lock_file, open_file, told
from childcare_api.cases.file.schemas import CaseOut
from childcare_api.cases.following import actions
from childcare_api.cases.following.errors import (
    CaseAlreadyClosed,
    DecisionNotSent,
    EmergencyUnanswered,
    HarmedInCare,
    NoPlanInForce,
    RiskRemains,
)
from childcare_api.cases.following.models import CaseReview, CaseService
from childcare_api.cases.following.queries import review_out
from childcare_api.cases.following.schemas import (
    AddNote,
    CloseCase,
    NoteList,
    NoteOut,
    RecordReview,
    RecordService,
    ReviewList,
    ReviewOut,
    ServiceList,
    ServiceOut,
)
from childcare_api.cases.joining.errors import CaseNotSettled
from childcare_api.cases.separating.errors import SeparationRuns
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/services", status_code=201, responses=problems(*RECORDING, NoPlanInForce))
async def record_service(
    case_id: UUID, body: RecordService, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ServiceOut:
    """Record that a service of the approved plan was begun, done, or stopped (Điều 29)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, service = await actions.record_service(session, actor, file, body)
    return told(ServiceOut, file, step, service)


@router.get("/services", responses=problems(NotFound))
async def list_services(case_id: UUID, actor: CurrentActor, session: Session) -> ServiceList:
    """Read the services that were carried out."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "services") as file:
        rows = await details(session, file, CaseService, StepKind.SERVICE)
        items = [told(ServiceOut, file, step, row) for step, row in rows]
        return ServiceList(row_version=file.case.row_version, items=items)


@router.post("/progress-notes", status_code=201, responses=problems(*RECORDING))
async def add_progress_note(
    case_id: UUID, body: AddNote, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> NoteOut:
    """Note how the child and the plan are getting on (Điều 29.1 a)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step = await actions.add_note(session, actor, file, body)
    return told(NoteOut, file, step, step)


@router.get("/progress-notes", responses=problems(NotFound))
async def list_progress_notes(case_id: UUID, actor: CurrentActor, session: Session) -> NoteList:
    """Read the notes of a case."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "progress_notes") as file:
        notes = [step for step in file.steps if step.kind == StepKind.PROGRESS_NOTE]
        items = [told(NoteOut, file, step, step) for step in notes]
        return NoteList(row_version=file.case.row_version, items=items)


@router.post("/reviews", status_code=201, responses=problems(*RECORDING, NoPlanInForce))
async def record_review(
    case_id: UUID, body: RecordReview, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ReviewOut:
    """Review the child's situation after the plan was carried out (Mẫu 06, Điều 30).

    Where risk remains or the child is not stable, the plan cycle runs again; else the leader may close. `warnings`
    tells where the grid says otherwise than the conclusion; nothing is refused for it.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, review = await actions.record_review(session, actor, file, body)
    return review_out(file, step, review)


@router.get("/reviews", responses=problems(NotFound))
async def list_reviews(case_id: UUID, actor: CurrentActor, session: Session) -> ReviewList:
    """Read the reviews of a case."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "reviews") as file:
        rows = await details(session, file, CaseReview, StepKind.REVIEW)
        items = [review_out(file, step, row) for step, row in rows]
        return ReviewList(row_version=file.case.row_version, items=items)


@router.post(
    "/close",
    responses=problems(
        *(*RECORDING, RiskRemains, CaseAlreadyClosed, EmergencyUnanswered, HarmedInCare, SeparationRuns),
        *(CaseNotSettled, DecisionNotSent),
    ),
)
async def close_case(
    case_id: UUID, body: CloseCase, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> CaseOut:
    """Close a case once a review finds no remaining risk and the child stable (Điều 30.1 b). Only the leader may.

    A case whose child died or turned 16 without a plan to carry out may be closed, too. An emergency (`step_ids`) is
    first answered by what protected the child, or by the measure `found_safe`; no review answers it. Care by a carer
    who harmed the child (`placement_ids`) is first ended. What other bodies, communes or the court were asked and have
    not answered is withdrawn or answered first, and what an authority asked is done, a release prepared for; `step_ids`
    names it. To whom the decision was not sent (Điều 28.5) stands in `still_to_be_told`.
    """
    actor.require(Permission.CASE_CLOSE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    await actions.close_case(session, actor, file, body)
    return await case_out(session, file)
