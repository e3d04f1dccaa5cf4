"""Addresses of reopening, of what happened to the child, and of the archive."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.ending import actions, queries
from childcare_api.cases.ending.errors import NobodyToPlanFor, RecordedBefore, StillAChild
from childcare_api.cases.ending.models import CaseDeath
from childcare_api.cases.ending.schemas import (
    ArchiveOut,
    LifeEventList,
    LifeEventOut,
    RecordDeath,
    RecordSixteenth,
    ReopenCase,
)
from childcare_api.cases.file.errors import RECORDING, CaseNotInState
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import case_out, details, lock_file, open_file
from childcare_api.cases.file.schemas import CaseOut
from childcare_api.cases.joining.queries import lock_reports
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/reopen", responses=problems(*RECORDING, NobodyToPlanFor))
async def reopen_case(
    case_id: UUID, body: ReopenCase, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> CaseOut:
    """Open a closed case again with the reason; a plan is built and approved once more. Only the leader may.

    The decree knows no such step: it is a rule of the house, and what follows is what Điều 30.1 c wants after a review
    that found risk. A case that was closed by mistake is not reopened: its closure is marked entered in error. Either
    way, what was added to its reports meanwhile comes into it (`report_updated`), with the 12 hours of new danger.
    """
    actor.require(Permission.CASE_CLOSE)
    await once.begin(session)
    await lock_reports(session, [case_id])
    file = await lock_file(session, actor, case_id, version=if_match)
    await actions.reopen_case(session, actor, file, body)
    return await case_out(session, file)


@router.post("/child-died", status_code=201, responses=problems(*RECORDING, RecordedBefore))
async def record_death(
    case_id: UUID, body: RecordDeath, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> LifeEventOut:
    """Record that the child died. Nothing is deleted: every clock ends, drafts lapse, and the leader may close.

    The care that the child was in is over from the day of the death on (`child_died`, without a decision), wherever the
    carer lives, who is visited and asked for no report any more. A death marked as entered in error takes that back.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, death = await actions.record_death(session, actor, file, body)
    return queries.life_event_out(file, step, death)


@router.post("/turned-sixteen", status_code=201, responses=problems(*RECORDING, RecordedBefore, StillAChild))
async def record_sixteenth(
    case_id: UUID, body: RecordSixteenth, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> LifeEventOut:
    """Record that the child turned 16 (Luật Trẻ em, Điều 1). Where the birthday is known, this happens by itself.

    A plan in force is carried out to its review; no new one begins, and the leader may then close.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step = await actions.record_sixteenth(session, actor, file, body)
    return queries.life_event_out(file, step, None)


@router.get("/life-events", responses=problems(NotFound))
async def list_life_events(case_id: UUID, actor: CurrentActor, session: Session) -> LifeEventList:
    """Read whether the child of a case died or turned 16 while it was open."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "life_events") as file:
        deaths = {step.id: row for step, row in await details(session, file, CaseDeath, StepKind.CHILD_DIED)}
        steps = [step for step in file.steps if step.kind in (StepKind.CHILD_DIED, StepKind.TURNED_SIXTEEN)]
        items = [queries.life_event_out(file, step, deaths.get(step.id)) for step in steps]
        return LifeEventList(row_version=file.case.row_version, items=items)


@router.get("/archive", responses=problems(NotFound, CaseNotInState))
async def read_archive(case_id: UUID, actor: CurrentActor, session: Session) -> ArchiveOut:
    """Read what is known of a closed case's archive (Điều 30.3): its papers by form, and nothing that is guessed."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "archive") as file:
        return await queries.archive_of(session, file)
