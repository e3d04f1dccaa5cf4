"""Addresses of breaking the glass."""

from uuid import UUID

from fastapi import Request, Response

from childcare_api.access import audit
from childcare_api.access.dependencies import ActionReason, CurrentActor, OpenScope, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import bare_connection, second_look
from childcare_api.cases.breaking_glass import actions, queries
from childcare_api.cases.breaking_glass.errors import AlreadyReviewed, ChildIsYours, ChildNotIdentified
from childcare_api.cases.breaking_glass.models import BrokenGlass
from childcare_api.cases.breaking_glass.schemas import (
    ActThroughGlass,
    BreakGlass,
    BrokenHere,
    CaseThroughGlass,
    ChildThroughGlass,
    GlassOut,
    ReviewGlass,
)
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, StepKind
from childcare_api.children.reading.queries import child_file
from childcare_api.intake.errors import ReasonRequired
from childcare_api.shared import paging, reads
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import NotFound, Problem, StaleVersion, TooManyRequests, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/broken-glasses")


@router.post(
    "",
    status_code=201,
    response_model=BrokenHere,
    responses=problems(ReasonRequired, ChildNotIdentified, ChildIsYours, TooManyRequests),
)
async def break_glass(
    request: Request,
    body: BreakGlass,
    *,
    once: OnceIfKeyed,
    actor: CurrentActor,
    scope: OpenScope,
    reason: ActionReason,
) -> Response:
    """Read a child of another commune, because it is in front of you now and cannot wait.

    You must know the child exactly. You may read for some hours, you alone; each look is recorded with your reason, and
    the leader of the commune that holds the child has a task to look into it. Ten tries in 24 hours are heard, right or
    wrong.
    """
    hours = request.app.state.settings.break_glass_hours
    async with scope() as session:
        actor.require(Permission.CASE_REVEAL)
        if not reason:
            raise ReasonRequired
        await once.begin(session)
        broken = await actions.break_glass(session, actor, body, reason=reason, hours=hours)
        if not isinstance(broken, Problem):
            response = reads.answer({"id": broken.id, "expires_at": broken.expires_at}, status=201)
            await once.keep(response)
            return response
    # Only now, when the try is committed: a refusal inside would have taken back that it was made.
    raise broken


@router.get("", responses=problems())
async def list_broken_glasses(actor: CurrentActor, session: Session, page: Paging) -> Page[GlassOut]:
    """List who of other communes read children of your unit, the newest first."""
    actor.require(Permission.CASE_READ)
    statement = queries.glasses_statement(actor)
    fetched = await paging.fetch(session, statement, page, BrokenGlass.broken_at, BrokenGlass.id, descending=True)
    return Page[GlassOut].model_validate(fetched)


@router.get("/{glass_id}/child", response_model=ChildThroughGlass, responses=problems(NotFound))
async def read_child_through_glass(glass_id: UUID, actor: CurrentActor, session: Session) -> Response:
    """Read the child's file, and what was done in its cases, through a glass you broke. Each look is recorded."""
    actor.require(Permission.CASE_REVEAL)
    async with second_look(session):
        glass = await queries.get_own_glass(session, actor, glass_id)
        connection = await bare_connection(session)
        file = await child_file(connection, ("commune_id", glass.commune_id or 0), glass.child_id, recorded=False)
        cases = [_shown(case, steps).model_dump() for case, steps in await queries.cases_of(session, glass)]
    await audit.record(
        session,
        "child.read_through_glass",
        subject_kind="child",
        subject_id=glass.child_id,
        detail={"glass_id": str(glass.id)},
        reason=glass.reason,
        holder=glass,
    )
    return reads.answer({"expires_at": glass.expires_at, "child": file, "cases": cases})


@router.post("/{glass_id}/review", responses=problems(NotFound, VersionRequired, StaleVersion, AlreadyReviewed))
async def review_broken_glass(
    glass_id: UUID,
    body: ReviewGlass,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> GlassOut:
    """Say what came of looking into who read a child of yours, and why. It ends the task."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    glass = await queries.lock_glass(session, actor, glass_id, if_match)
    await actions.review_glass(session, actor, glass, body)
    return GlassOut.model_validate(glass)


def _shown(case: Case, steps: list[CaseStep]) -> CaseThroughGlass:
    return CaseThroughGlass(
        id=case.id,
        commune_id=case.commune_id or 0,
        status=CaseStatus(case.status),
        emergency=case.emergency,
        harm_doer_is_carer=case.harm_doer_is_carer,
        opened_at=case.opened_at,
        acts=[ActThroughGlass(kind=StepKind(step.kind), happened_at=step.happened_at) for step in steps],
    )
