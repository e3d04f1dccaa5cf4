"""Reading cases, hot: the head of one case and pages of them, each in one statement that records what it showed."""

from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from childcare_api.access.actor import Actor
from childcare_api.access.dependencies import Reader
from childcare_api.access.scope import scope_column
from childcare_api.cases.file.models import Case, CaseGrant, Confidentiality, StepKind
from childcare_api.cases.file.schemas import CaseOut, CaseSummary
from childcare_api.shared import clock, reads
from childcare_api.shared.paging import TOTAL_CAP, PageRequest
from childcare_api.shared.reads import LIMIT, CanRead, Read

_SUMMARY: Final = tuple(CaseSummary.model_fields)
_HEAD: Final = tuple(name for name in CaseOut.model_fields if name != "siblings")
GRANTED: Final = "granted"
"""In the place of a holder column: what other communes granted to the actor's."""

_LEFT_BY: Final = {
    "emergency_measure_at": StepKind.EMERGENCY_MEASURE,
    "separation_id": StepKind.SEPARATION,
    "separation_ends_at": StepKind.SEPARATION,
    "assessment_id": StepKind.ASSESSMENT,
    "meeting_id": StepKind.MEETING,
    "service_begun_at": StepKind.SERVICE,
    "review_id": StepKind.REVIEW,
    "review_outcome": StepKind.REVIEW,
    "plan_id": None,
    "plan_approved_at": None,
    "close_reason": None,
}
"""Which kind of step leaves what in the head; plans, decisions and closures are under no grant."""

_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "status": Case.status == bindparam("status", type_=Text),
    "child_id": Case.child_id == bindparam("child_id", type_=Uuid),
    "sibling_group_id": Case.sibling_group_id == bindparam("sibling_group_id", type_=Uuid),
    "emergency": Case.emergency == bindparam("emergency", type_=Boolean),
}


class FoundByGrant:
    """Cases that a commune found by grant when it last read them: one of each application, and of no use to another.

    It says only where to look first: what may be seen is the database's to say, each time.
    """

    __slots__ = ("_found", "_most")

    def __init__(self, most: int = 10_000) -> None:
        self._found: dict[tuple[int | None, UUID], None] = {}
        self._most = most

    def __contains__(self, key: tuple[int | None, UUID]) -> bool:
        return key in self._found

    def keep(self, key: tuple[int | None, UUID], *, granted: bool) -> None:
        """Remember how a commune has just found a case; of too many, the one read longest ago is forgotten."""
        self._found.pop(key, None)
        if granted:
            while len(self._found) >= self._most:
                del self._found[next(iter(self._found))]
            self._found[key] = None


async def head_of(reader: Reader, actor: Actor, case_id: UUID) -> dict[str, Any] | None:
    """Return a case's head: of the actor's own unit, or as far as another commune granted it; None for any other."""
    own, granted = (reader, scope_column(actor)), (reader.second_look(), (GRANTED, actor.commune_id or 0))
    key, found = (actor.commune_id, case_id), reader.state.found_by_grant
    looks = [granted, own] if key in found else [own, granted]
    for look in looks if actor.commune_id is not None else [own]:
        head = await case_head(*look, case_id)
        if head is not None:
            found.keep(key, granted=look is granted)
            return head
    return None


async def case_head(connection: CanRead, scope: tuple[str, int], case_id: UUID) -> dict[str, Any] | None:
    """Return a case's head as it is answered, or None where it does not exist in the scope."""
    return await reads.one(connection, _head_statement(scope[0]), unit=scope[1], case_id=case_id, today=clock.today())


async def cases_page(
    connection: CanRead, scope: tuple[str, int], page: PageRequest, filters: dict[str, Any]
) -> dict[str, Any]:
    """Return a page of cases, the newest first."""
    after = page.after()
    names = frozenset(filters)
    given = {"unit": scope[1], LIMIT: page.limit, "rows": page.limit + 1, "today": clock.today(), **filters}
    if after is not None:
        given |= {"after_opened_at": after[0], "after_id": after[1]}
    rows = await reads.many(
        connection, _page_statement(scope[0], names, first=after is None, usual=page.limit == reads.USUAL), **given
    )
    total = None
    if page.with_total:
        total = (await reads.many(connection, _count_statement(scope[0], names), **given))[0]["total"]
    return reads.page_of(rows, page, ["opened_at", "id"], total=total)


def _visible(scope: str) -> ColumnElement[bool]:
    """Say what the policy says, too, so that the planner finds the index."""
    unit = bindparam("unit", type_=Integer)
    if scope != GRANTED:
        mine: ColumnElement[bool] = getattr(Case, scope) == unit
        return mine
    return Case.id.in_(select(CaseGrant.case_id).where(*_in_force()))


def _where(statement: Select[Any], scope: str, names: frozenset[str]) -> Select[Any]:
    return statement.where(_visible(scope), *(_FILTERS[name] for name in sorted(names)))


def _selected(names: tuple[str, ...], scope: str) -> Select[Any]:
    """Select columns as the answer has them: ids as text, so that no UUID is made only to be printed."""
    opened = _opened() if scope == GRANTED else None
    columns = {name: getattr(Case, name) if opened is None else _granted(name, opened) for name in names}
    if names is _SUMMARY:
        columns["child_name"] = _listed_name(scope)
    shown = ((cast(one, Text) if isinstance(one.type, Uuid) else one).label(name) for name, one in columns.items())
    statement = select(*shown)
    return statement if opened is None else statement.select_from(Case).join(opened, opened.c.grants > 0)


def _granted(name: str, opened: FromClause) -> ColumnElement[Any]:
    """Return a column as far as a grant opens it: what a step left in the head is shown with that kind of step."""
    shown: ColumnElement[Any] = getattr(Case, name)
    if name not in _LEFT_BY:
        return shown
    kind = _LEFT_BY[name]
    if kind is None:
        return cast(null(), shown.type).label(name)
    return case((literal(kind.value, Text) == any_(opened.c.kinds), shown)).label(name)


def _opened() -> FromClause:
    """Return how many grants in force there are of a case and which kinds of steps they open, asked once for all."""
    # Only those without an end tell what the head shows: a step may have left it after the last one that others open.
    kinds = func.unnest(CaseGrant.kinds).table_valued(column("kind", Text)).render_derived("of")
    return (
        select(func.count(CaseGrant.id).label("grants"), func.array_agg(kinds.c.kind).label("kinds"))
        .select_from(CaseGrant)
        .outerjoin(kinds, CaseGrant.until_position.is_(None))
        .where(CaseGrant.case_id == Case.id, *_in_force())
        .lateral("opened")
    )


def _in_force() -> tuple[ColumnElement[bool], ...]:
    """Say what the policy of grants says, too, so that the planner finds the index."""
    today = bindparam("today", type_=Date)
    return (
        CaseGrant.granted_commune_id == bindparam("unit", type_=Integer),
        CaseGrant.revoked_at.is_(None),
        CaseGrant.valid_from <= today,
        or_(CaseGrant.valid_to.is_(None), CaseGrant.valid_to >= today),
    )


def _listed_name(scope: str) -> ColumnElement[Any]:
    """Return a child's name as far as a list shows it: in full to the commune alone, and never of a sensitive case."""
    masked = reads.masked_name(Case.__table__.c.child_name)
    if scope != "commune_id":
        return masked.label("child_name")
    return case((Case.confidentiality == Confidentiality.NORMAL.value, Case.child_name), else_=masked).label(
        "child_name"
    )


@cache
def _head_statement(scope: str) -> Read:
    other = aliased(Case)
    siblings = (
        select(cast(other.id, Text))
        .where(
            other.commune_id == Case.commune_id,
            other.sibling_group_id == Case.sibling_group_id,
            other.id != Case.id,
            other.status != "entered_in_error",
        )
        .order_by(other.id)
    )
    hit = (
        _selected(_HEAD, scope)
        .add_columns(func.array(siblings.scalar_subquery()).label("siblings"))
        .where(Case.id == bindparam("case_id", type_=Uuid), true() if scope == GRANTED else _visible(scope))
        .cte("hit")
    )
    return reads.compiled(reads.recorded_one(hit, "case.opened_to_read", "case"))


@cache
def _page_statement(scope: str, names: frozenset[str], *, first: bool, usual: bool) -> Read:
    statement = _where(_selected(_SUMMARY, scope), scope, names)
    if not first:
        last = tuple_(bindparam("after_opened_at", type_=Case.opened_at.type), bindparam("after_id", type_=Uuid))
        statement = statement.where(tuple_(Case.opened_at, Case.id) < last)
    statement = statement.order_by(Case.opened_at.desc(), Case.id.desc())
    hit = statement.limit(reads.rows_of(usual=usual)).cte("hit")
    return reads.compiled(reads.recorded_page(hit, "case.listed", "case", usual=usual))


@cache
def _count_statement(scope: str, names: frozenset[str]) -> Read:
    found = _where(select(true()), scope, names).limit(TOTAL_CAP).subquery()
    return reads.compiled(select(func.count().label("total")).select_from(found))
