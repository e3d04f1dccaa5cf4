"""The tasks that the law's clocks make, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.deadlines import queries
from childcare_api.deadlines.extending import routes as extending
from childcare_api.deadlines.limits import limits_on
from childcare_api.deadlines.models import Task
from childcare_api.deadlines.promising import routes as promising
from childcare_api.deadlines.schemas import LimitList, LimitOut, TaskFilter, TaskOut, Whose
from childcare_api.shared import clock, paging
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Day

router = Router(tags=["deadlines"])
router.include_router(promising.router)
router.include_router(extending.router)


@router.get("/limits")
async def list_limits(
    session: Session,  # noqa: ARG001 - opening it asks whether the caller still works here; it is for everybody who does
    as_of: Annotated[Day | None, Query(description="The day to look at; today where it is not given.")] = None,
) -> LimitList:
    """Read the ages and other numbers that are judged by, each with the article that states it."""
    return LimitList(items=[LimitOut.model_validate(one) for one in limits_on(as_of or clock.today())])


@router.get("/tasks")
async def list_tasks(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    whose: Annotated[
        Whose,
        Query(
            description="`mine`: what my role answers for, what was escalated to it, what is kept from everybody below"
            " who should do it (`left_over`), and at the province what no commune holds yet. `my_unit`: every running"
            " task of my own office. `my_province`: at the province,"
            " those of its communes as well; a commune sees its own."
        ),
    ] = "mine",
    status: Annotated[TaskFilter | None, Query(description="Only tasks that stand like this.")] = None,
    subject_id: Annotated[UUID | None, Query(description="Only tasks about this very record.")] = None,
    case_id: Annotated[
        UUID | None, Query(description="Only tasks of this case and of its steps, such as its referrals.")
    ] = None,
    commune_id: Annotated[int | None, Query(description="Only tasks of this commune.", ge=1, le=2**31 - 1)] = None,
) -> Page[TaskOut]:
    """List what the law wants, the most urgent first: what, by when, by which article.

    A task that nobody did by its time is shown to those above as well: a report that no commune officer acknowledged
    within the hour appears in the province's list. What is kept from every officer of the commune, for a conflict of
    interest or a seal, is the leader's to see to, and what is kept from the leader as well the province's.
    """
    actor.require(Permission.TASK_READ)
    now = clock.now()
    left = await queries.left_over(session, actor)
    about = None if case_id is None else [case_id, *await queries.steps_of_case(session, actor, case_id)]
    statement = queries.open_tasks(
        actor, now, left=left, whose=whose, status=status, subject_id=subject_id, about=about, commune_id=commune_id
    )
    fetched = await paging.fetch(session, statement, page, Task.due_at, Task.id)
    items = await queries.tasks_out(session, actor, fetched.items, now, left)
    return Page[TaskOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)
