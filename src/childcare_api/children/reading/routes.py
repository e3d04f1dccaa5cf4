"""The list and the search, the file and its history over HTTP; and what every change of a child answers."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.dependencies import CurrentActor, Reading, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.access.scope import bare_connection, scope_column
from childcare_api.children import actions, rules
from childcare_api.children.history.queries import child_history
from childcare_api.children.history.schemas import ChildHistory
from childcare_api.children.models import Child
from childcare_api.children.queries import get_child
from childcare_api.children.reading import queries
from childcare_api.children.schemas import AccessOut, ChildOut, ChildSummary, CircumstanceKind, Sex
from childcare_api.oversight.queries import ACTOR_NAMES, Wanted, event_page
from childcare_api.shared import clock, reads
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, FieldError, Forbidden, NotFound, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Instant
from childcare_api.shared.text import fold, nfc

router = Router(tags=["registry"])

_MOST_WORDS = 8
_OF_ACCESS = (
    *("id", "recorded_at", "action", "subject_kind", "actor_id", "actor_kind", "actor_unit_id", "assignment_id"),
    *("request_id", "reason"),
    *ACTOR_NAMES,
)


@router.get("/children", response_model=Page[ChildSummary], responses=problems(BadQuery))
async def list_children(
    actor: CurrentActor,
    reader: Reading,
    page: Paging,
    *,
    q: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Words of the name: accents or not, any order, one typing mistake. Above the commune all of its"
            " words.",
        ),
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
        Literal["recorded", "name", "changed_at", "-changed_at"] | None,
        Query(description="Not with `q`: best first. `name` not above the commune."),
    ] = None,
) -> Response:
    """List or search the children of your unit. All filters are about the same child.

    Above the commune the list shows initials. It is never in the order of names there, and a search finds whole names
    alone: who knows a part of one asks the commune.
    """
    actor.require(Permission.CHILD_READ)
    if group is not None and not await queries.is_group(reader, group):
        raise _unknown_group()
    scope = scope_column(actor)
    if sort == "name" and scope[0] not in queries.IN_FULL:
        raise _names_are_not_shown()
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
        found = await queries.children_page(reader, scope, page, given, sort=sort or "recorded")
    else:
        if sort is not None or household_id is not None:
            raise _not_with_q("sort" if sort is not None else "household_id")
        typed = " ".join(nfc(q).split())
        spelled = [typed, typed.title()]
        found = await queries.search_page(reader, scope, page, given, words_of(q), spelled=spelled)
    return reads.answer(found)


@router.get("/children/{child_id}", response_model=ChildOut, responses=problems(NotFound))
async def read_child(child_id: UUID, actor: CurrentActor, reader: Reading) -> Response:
    """Open a child's file. That you did is recorded."""
    actor.require(Permission.CHILD_READ)
    file = await queries.child_file(reader, scope_column(actor), child_id, recorded=True)
    if file is None:
        raise NotFound(child_id=child_id)
    return reads.answer(file)


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
    return reads.answer(await child_history(session, actor, child_id, page=page, as_of=as_of))


@router.get("/children/{child_id}/access-log", responses=problems(NotFound))
async def read_child_access_log(
    child_id: UUID,
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    since: Annotated[Instant | None, Query(description="31 days back where it is not given.")] = None,
    until: Instant | None = None,
) -> Page[AccessOut]:
    """Read who saw or changed data of a child, in whatever commune. That you did is recorded.

    That is who opened the record, a case of the child, its papers, the report behind it or the household, and who was
    shown one of them in a list. Of a case that is sealed from you, or that another unit leads, nothing is told, and
    whoever is kept from one reads their own looks alone; an inspector misses none. A report that led to no case is
    found by its own id. Looks at a child whom another commune holds are found as far as they are yours, by
    `GET /audit-events?child_id=`.
    """
    if not actor.may(Permission.AUDIT_READ):
        actor.require(Permission.CHILD_READ)
    if actor.level not in {Level.COMMUNE, Level.PROVINCE}:
        raise Forbidden(permission=Permission.AUDIT_READ.value)
    child = await get_child(session, actor, child_id)
    wanted = Wanted(None, None, None, None, since, until, child.id)
    found = await event_page(session, actor, page, wanted)
    await audit.record(session, "child.access_log_read", subject_kind="child", subject_id=child.id, holder=child)
    items = [
        AccessOut(in_a_list=row["subject_id"] is None, **{name: row[name] for name in _OF_ACCESS})
        for row in found.items
    ]
    return Page[AccessOut](items=items, next_cursor=found.next_cursor, total=None)


async def recorded(
    session: AsyncSession, actor: Actor, child: Child, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return the answer to a change that was just made in this session."""
    # The file is read by SQL, which must see what was changed.
    await session.flush()
    file = await queries.child_file(await bare_connection(session), scope_column(actor), child.id, recorded=False)
    if file is None:
        raise NotFound(child_id=child.id)
    notices = await actions.warnings_about(session, actor, child)
    return reads.answer({**file, "warnings": [notice.told() for notice in notices]}, status=status, headers=headers)


def words_of(q: str) -> list[str]:
    """Return the words of a search as they are looked for. Raises BadQuery for what can be no name."""
    words = fold(q).split()
    if not words or len(words) > _MOST_WORDS:
        error = FieldError("q", "not_a_name", "One to eight words.", "Từ một đến tám từ.")
        raise BadQuery(errors=(error,))
    return words


def _unknown_group() -> BadQuery:
    english = "No such group: `special_circumstances` and `risk_groups` of GET /code-lists have them."
    vietnamese = "Không có nhóm này: xem `special_circumstances` và `risk_groups` ở GET /code-lists."
    return BadQuery(errors=(FieldError("group", "unknown_code", english, vietnamese),))


def _names_are_not_shown() -> BadQuery:
    english = "Lists above the commune show initials, so they are not in the order of names."
    vietnamese = "Danh sách ở cấp trên xã chỉ có chữ cái đầu của tên nên không xếp theo tên."
    return BadQuery(errors=(FieldError("sort", "names_not_shown", english, vietnamese),))


def _not_with_q(name: str) -> BadQuery:
    error = FieldError(name, "not_with_q", "Not together with q.", "Không dùng cùng q.")
    return BadQuery(errors=(error,))
