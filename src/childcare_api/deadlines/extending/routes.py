"""Addresses of extending a task."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.deadlines import queries
from childcare_api.deadlines.errors import TaskEnded, TermNotExtendable
from childcare_api.deadlines.extending import actions
from childcare_api.deadlines.extending.queries import extensions_of
from childcare_api.deadlines.extending.schemas import ExtendTask, TaskExtensionList, TaskExtensionOut
from childcare_api.deadlines.schemas import TaskOut
from childcare_api.shared import clock
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/tasks/{task_id}")


@router.post("/extend", responses=problems(NotFound, VersionRequired, StaleVersion, TermNotExtendable, TaskEnded))
async def extend_task(
    task_id: UUID, body: ExtendTask, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> TaskOut:
    """Give a task more time with a reason, where its clock allows that; the leader of its unit may.

    A term whose number the law states is not extended. A separation is extended by its own decision.
    """
    actor.require(Permission.TASK_EXTEND)
    await once.begin(session)
    task = await queries.lock_task(session, actor, task_id)
    if_match.check(task)
    rule = (await queries.clocks_of(session, [task]))[task.rule_code, task.rule_valid_from]
    left = await queries.left_over(session, actor)
    extended = await actions.extend_task(session, actor, task, rule, body)
    (told,) = await queries.tasks_out(session, actor, [extended], clock.now(), left)
    return told


@router.get("/extensions", responses=problems(NotFound))
async def list_task_extensions(task_id: UUID, actor: CurrentActor, session: Session) -> TaskExtensionList:
    """Read why a task was given more time, and by whom."""
    actor.require(Permission.TASK_READ)
    found = await extensions_of(session, actor, task_id)
    return TaskExtensionList(items=[TaskExtensionOut.model_validate(one) for one in found])
