"""Children over HTTP: the list and the search, the file, and what is done to it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import Connection, CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import scope_column
from childcare_api.children import actions, history, queries, reading, rules
from childcare_api.children.answers import recorded
from childcare_api.children.schemas import (
    ChangeChild,
    ChildHistory,
    ChildOut,
    ChildRecorded,
    ChildSummary,
    CircumstanceKind,
    RegisterChild,
    Sex,
)
from childcare_api.shared import clock, reads
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import (
    BadQuery,
    FieldError,
    IdTaken,
    NotFound,
    StaleVersion,
    ValidationFailed,
    VersionRequired,
    problems,
)
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Instant
from childcare_api.shared.text import fold

router = Router(tags=["registry"])

_OF_CHANGING = problems(NotFound, VersionRequired, StaleVersion, ValidationFailed)
_MOST_WORDS = 8


@router.get("/children", response_model=Page[ChildSummary], responses=problems(BadQuery))
async def list_children(
    actor: CurrentActor,
    connection: Connection,
    page: Paging,
    *,
    q: Annotated[
        str | None,
        Query(max_length=100, description="Words of the name: accents or not, any order, one typing mistake."),
    ] = None,
    village_id: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
    household_id: UUID | None = None,
    age_from: Annotated[int | None, Query(ge=0, le=120, description="Full years today, at least.")] = None,
    age_to: Annotated[int | None, Query(ge=0, le=120, description="Full years today, at most.")] = None,
    sex: Sex | None = None,
    group: Annotated[
        str | None,
        Query(max_length=100, description="In force today; a code of `special_circumstances`/`risk_groups`."),
    ] = None,
    circumstances: Annotated[
        CircumstanceKind | None, Query(description="Any group of this kind in force today.")
    ] = None,
    without_birth_registration: Annotated[bool, Query(description="Not registered, or not known to be.")] = False,
    without_health_card: Annotated[bool, Query(description="No card, none known of, or one that has expired.")] = False,
    changed_since: Instant | None = None,
    sort: Annotated[
        Literal["recorded", "name", "changed_at", "-changed_at"] | None, Query(description="Not with `q`: best first.")
    ] = None,
) -> Response:
    """List or search the children of your unit. All filters are about the same child."""
    actor.require(Permission.CHILD_READ)
    today = clock.today()
    filters: dict[str, Any] = {
        "village_id": village_id,
        "household_id": household_id,
        "born_from": None if age_to is None else rules.born_after(age_to, today),
        "born_until": None if age_from is None else rules.birthday_of_age(age_from, today),
        "sex": sex,
        "group": group,
        "kind": circumstances,
        "without_birth_registration": without_birth_registration or None,
        "without_health_card": without_health_card or None,
        "changed_since": changed_since,
    }
    given = {name: value for name, value in filters.items() if value is not None} | {"today": today}
    if q is None:
        found = await reading.children_page(connection, scope_column(actor), page, given, sort=sort or "recorded")
    else:
        if sort is not None or household_id is not None:
            raise _not_with_q("sort" if sort is not None else "household_id")
        found = await reading.search_page(connection, scope_column(actor), page, given, _words(q))
    return reads.answer(found)


@router.post("/children", status_code=201, response_model=ChildRecorded, responses=problems(ValidationFailed, IdTaken))
async def register_child(body: RegisterChild, actor: CurrentActor, session: Session, once: OnceIfKeyed) -> Response:
    """Register a child of your commune or village. It may have no papers, no exact birthday and no known sex."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await actions.register_child(session, actor, body)
    return await recorded(session, actor, child, status=201, headers={"Location": f"/api/v1/children/{child.id}"})


@router.get("/children/{child_id}", response_model=ChildOut, responses=problems(NotFound))
async def read_child(child_id: UUID, actor: CurrentActor, connection: Connection) -> Response:
    """Open a child's file. That you did is recorded."""
    actor.require(Permission.CHILD_READ)
    file = await reading.child_file(connection, scope_column(actor), child_id, recorded=True)
    if file is None:
        raise NotFound(child_id=child_id)
    return reads.answer(file)


@router.patch("/children/{child_id}", response_model=ChildRecorded, responses=_OF_CHANGING)
async def change_child(
    child_id: UUID, body: ChangeChild, if_match: IfMatch, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> Response:
    """Change a child's own fields by a merge patch: what is absent stays, null empties."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await queries.lock_child(session, actor, child_id, if_match)
    return await recorded(session, actor, await actions.change_child(session, actor, child, body))


@router.get("/children/{child_id}/history", response_model=ChildHistory, responses=problems(NotFound))
async def read_child_history(
    child_id: UUID,
    actor: CurrentActor,
    session: Session,
    page: Paging,
    as_of: Annotated[date | None, Query(description="Give the record as it stood at the end of this day.")] = None,
) -> Response:
    """Read who changed a child's record, when, and each field before and after. That you did is recorded."""
    actor.require(Permission.CHILD_READ)
    return reads.answer(await history.child_history(session, actor, child_id, page=page, as_of=as_of))


def _words(q: str) -> list[str]:
    words = fold(q).split()
    if not words or len(words) > _MOST_WORDS:
        error = FieldError("q", "not_a_name", "One to eight words.", "Từ một đến tám từ.")
        raise BadQuery(errors=(error,))
    return words


def _not_with_q(name: str) -> BadQuery:
    error = FieldError(name, "not_with_q", "Not together with q.", "Không dùng cùng q.")
    return BadQuery(errors=(error,))
