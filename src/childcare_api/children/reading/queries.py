"""Reading children, hot: the statements, each made once for the filters it has."""

from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from childcare_api.children.models import Child, Circumstance
from childcare_api.shared import reads
from childcare_api.shared.paging import TOTAL_CAP, PageRequest
from childcare_api.shared.reads import LIMIT, CanRead, Read

_FILE: Final = """
SELECT c.row_version, c.id::text, c.unit_id, c.village_id, c.commune_id, c.district_id, c.province_id,
    c.household_id::text, c.full_name, c.sex, c.born_on, c.born_on_precision, c.ethnicity, c.nationality, c.religion,
    c.address,
    c.birth_registration, c.birth_certificate_number, c.birth_certificate_book, c.birth_registered_on,
    c.birth_registered_at_place, c.health_card, c.health_card_number, c.health_card_until, c.schooling, c.school,
    c.grade, c.died_on, c.note, c.recorded_at, c.recorded_by::text, c.changed_at, c.changed_by::text,
    (SELECT json_agg(json_build_object('id', p.id, 'kind', p.kind, 'group', p.group_code, 'subgroup', p.subgroup_code,
            'from_on', p.from_on, 'from_on_precision', p.from_on_precision, 'ended_on', p.ended_on,
            'end_reason', p.end_reason, 'evidence', CASE WHEN p.evidence_kind IS NOT NULL THEN json_build_object(
                'kind', p.evidence_kind, 'number', p.evidence_number, 'issued_on', p.evidence_on,
                'issuer', p.evidence_issuer, 'note', p.evidence_note) END,
            'recorded_at', to_char(p.recorded_at AT TIME ZONE 'UTC', INSTANT), 'recorded_by', p.recorded_by,
            'entered_in_error_at', to_char(p.entered_in_error_at AT TIME ZONE 'UTC', INSTANT),
            'entered_in_error_reason', p.entered_in_error_reason) ORDER BY p.id)::text
        FROM child_circumstances p WHERE p.child_id = c.id AND p.commune_id = c.commune_id) AS circumstances,
    (SELECT json_agg(json_build_object('id', p.id, 'full_name', p.full_name, 'relation', p.relation,
            'is_main_carer', p.is_main_carer, 'born_year', p.born_year, 'ethnicity', p.ethnicity,
            'occupation', p.occupation, 'phone', p.phone, 'address', p.address, 'from_on', p.from_on,
            'ended_on', p.ended_on, 'end_reason', p.end_reason,
            'recorded_at', to_char(p.recorded_at AT TIME ZONE 'UTC', INSTANT),
            'entered_in_error_at', to_char(p.entered_in_error_at AT TIME ZONE 'UTC', INSTANT),
            'entered_in_error_reason', p.entered_in_error_reason) ORDER BY p.id)::text
        FROM child_guardians p WHERE p.child_id = c.id AND p.commune_id = c.commune_id) AS guardians,
    (SELECT json_agg(json_build_object('id', p.id, 'kind', p.kind, 'value', p.value, 'issued_on', p.issued_on,
            'issuer', p.issuer, 'note', p.note, 'recorded_at', to_char(p.recorded_at AT TIME ZONE 'UTC', INSTANT),
            'entered_in_error_at', to_char(p.entered_in_error_at AT TIME ZONE 'UTC', INSTANT),
            'entered_in_error_reason', p.entered_in_error_reason) ORDER BY p.id)::text
        FROM child_identifiers p WHERE p.child_id = c.id AND p.commune_id = c.commune_id) AS identifiers
FROM children c WHERE c.id = $1 AND c.SCOPE = $2
"""
_OPENED: Final = """
WITH hit AS (FILE), seen AS (
    INSERT INTO audit.events (action, subject_kind, subject_id, holder_commune_id, holder_province_id)
    SELECT 'child.opened', 'child', id::text, commune_id, province_id FROM hit
)
SELECT * FROM hit
"""
_INSTANT: Final = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""
_FILES: Final = {
    scope: _FILE.replace("SCOPE", scope).replace("INSTANT", _INSTANT)
    for scope in ("village_id", "commune_id", "district_id", "province_id")
}
_OPENINGS: Final = {scope: _OPENED.replace("FILE", statement) for scope, statement in _FILES.items()}
_IS_GROUP: Final = """
SELECT EXISTS (SELECT FROM code_list_entries
    WHERE list_name IN ('special_circumstances', 'risk_groups') AND code = $1 AND parent_code IS NULL)
"""
_PARTS: Final = ("circumstances", "guardians", "identifiers")

_SUMMARY: Final = (
    *("row_version", "id", "village_id", "commune_id", "province_id", "household_id", "full_name", "sex", "born_on"),
    *("born_on_precision", "ethnicity", "birth_registration", "health_card", "schooling", "died_on", "changed_at"),
)
IN_FULL: Final = ("village_id", "commune_id")
"""Whose lists show names in full, and so may be in the order of names."""
SORTS: Final[dict[str, tuple[tuple[str, ...], bool]]] = {
    "recorded": (("id",), False),
    "name": (("search_name", "id"), False),
    "changed_at": (("changed_at", "id"), False),
    "-changed_at": (("changed_at", "id"), True),
}
"""By what a list can be sorted: columns in the order of an index, and whether downwards."""

_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "village_id": Child.village_id == bindparam("village_id", type_=Integer),
    "household_id": Child.household_id == bindparam("household_id", type_=Uuid),
    "born_from": Child.born_on >= bindparam("born_from", type_=Date),
    "born_until": Child.born_on <= bindparam("born_until", type_=Date),
    "sex": Child.sex == bindparam("sex", type_=Text),
    "without_birth_registration": Child.birth_registration != "registered",
    "without_health_card": or_(Child.health_card != "held", Child.health_card_until < bindparam("today", type_=Date)),
    "changed_since": Child.changed_at >= bindparam("changed_since", type_=DateTime(timezone=True)),
}
_CIRCUMSTANCE_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "group": Circumstance.group_code == bindparam("group", type_=Text),
    "kind": Circumstance.kind == bindparam("kind", type_=Text),
}


async def child_file(
    connection: CanRead, scope: tuple[str, int], child_id: UUID, *, recorded: bool
) -> dict[str, Any] | None:
    """Return a child's file as it is answered, or None outside the scope; `recorded`: write down that it was opened."""
    statement = (_OPENINGS if recorded else _FILES)[scope[0]]
    row = await connection.fetchrow(statement, child_id, scope[1])
    if row is None:
        return None
    file = dict(row)
    for name in _PARTS:
        file[name] = reads.fragment(file[name] or "[]")
    return file


async def children_page(
    connection: CanRead, scope: tuple[str, int], page: PageRequest, filters: dict[str, Any], *, sort: str
) -> dict[str, Any]:
    """Return a page of children. Every filter is about the same child; `today` is always among their values."""
    keys, _ = SORTS[sort]
    after = page.after()
    names = frozenset(filters) & (_FILTERS.keys() | _CIRCUMSTANCE_FILTERS.keys())
    statement = _page_statement(scope[0], names, sort, first=after is None, usual=page.limit == reads.USUAL)
    given = {"unit": scope[1], LIMIT: page.limit, "rows": page.limit + 1, **filters}
    given |= {f"after_{key}": value for key, value in zip(keys, after or (), strict=False)}
    rows = await reads.many(connection, statement, **given)
    total = None
    if page.with_total:
        total = (await reads.many(connection, _count_statement(scope[0], names), **given))[0]["total"]
    return reads.page_of(rows, page, [_hidden(key) for key in keys], total=total)


async def search_page(
    connection: CanRead,
    scope: tuple[str, int],
    page: PageRequest,
    filters: dict[str, Any],
    words: list[str],
    *,
    spelled: list[str],
) -> dict[str, Any]:
    """Return a page of the children whose names hold all the words, best first: before all, one as it is spelled."""
    rank, after_id = page.after() or (None, None)
    given = {
        **dict.fromkeys((*_SEARCH_PARAMETERS, *_FLAGS)),
        **{flag: bool(filters.get(flag)) for flag in _FLAGS},
        **filters,
        "level": scope[0].removesuffix("_id"),
        "unit": scope[1],
        "words": words,
        "spelled": spelled,
        "after_rank": rank,
        "after_id": after_id,
        LIMIT: page.limit,
        "rows": page.limit + 1,
    }
    rows = await reads.many(connection, _search_statement(scope[0], usual=page.limit == reads.USUAL), **given)
    total = None
    if page.with_total:
        counted = {**given, "after_rank": None, "after_id": None, "rows": TOTAL_CAP}
        total = (await reads.many(connection, _search_count(), **counted))[0]["total"]
    return reads.page_of(rows, page, ["_rank", "id"], total=total)


async def is_group(connection: CanRead, code: str) -> bool:
    """Say whether a code is, or once was, one of a group of children. Sub-groups and kinds are none."""
    row = await connection.fetchrow(_IS_GROUP, code)
    return row is not None and bool(row[0])


def _hidden(key: str) -> str:
    return key if key in _SUMMARY else f"_{key}"


def _where(statement: Select[Any], scope: str, names: frozenset[str]) -> Select[Any]:
    statement = statement.where(getattr(Child, scope) == bindparam("unit", type_=Integer))
    statement = statement.where(*(_FILTERS[name] for name in sorted(names) if name in _FILTERS))
    about = [_CIRCUMSTANCE_FILTERS[name] for name in sorted(names) if name in _CIRCUMSTANCE_FILTERS]
    if not about:
        return statement
    today = bindparam("today", type_=Date)
    return statement.where(
        Child.id.in_(
            select(Circumstance.child_id).where(
                getattr(Circumstance, scope) == bindparam("unit", type_=Integer),
                *about,
                Circumstance.entered_in_error_at.is_(None),
                Circumstance.from_on <= today,
                or_(Circumstance.ended_on.is_(None), Circumstance.ended_on > today),
            )
        )
    )


@cache
def _page_statement(scope: str, names: frozenset[str], sort: str, *, first: bool, usual: bool) -> Read:
    keys, descending = SORTS[sort]
    columns = [getattr(Child, key) for key in keys]
    hidden = [getattr(Child, key).label(_hidden(key)) for key in keys if key not in _SUMMARY]
    statement = _where(select(*_summary(scope), *hidden), scope, names)
    if not first:
        row = tuple_(*columns)
        last = tuple_(*(bindparam(f"after_{key}", type_=getattr(Child, key).type) for key in keys))
        statement = statement.where(row < last if descending else row > last)
    statement = statement.order_by(*(one.desc() if descending else one for one in columns))
    hit = statement.limit(reads.rows_of(usual=usual)).cte("hit")
    return reads.compiled(reads.recorded_page(hit, "children.listed", "child", usual=usual))


@cache
def _count_statement(scope: str, names: frozenset[str]) -> Read:
    found = _where(select(true()), scope, names).limit(TOTAL_CAP).subquery()
    return reads.compiled(select(func.count().label("total")).select_from(found))


_SEARCH_PARAMETERS: Final[dict[str, TypeEngine[Any]]] = {
    "level": Text(),
    "unit": Integer(),
    "words": ARRAY(Text()),
    "spelled": ARRAY(Text()),
    "today": Date(),
    "village_id": Integer(),
    "born_from": Date(),
    "born_until": Date(),
    "sex": Text(),
    "group": Text(),
    "kind": Text(),
    "without_birth_registration": Boolean(),
    "without_health_card": Boolean(),
    "changed_since": DateTime(timezone=True),
    "after_rank": Integer(),
    "after_id": Uuid(),
    "rows": Integer(),
}
"""What search_children takes, in its order."""
_FLAGS: Final = ("without_birth_registration", "without_health_card")


def _found() -> Any:  # noqa: ANN401 - a set-returning function as a table
    found = func.search_children(*(bindparam(name, type_=kind) for name, kind in _SEARCH_PARAMETERS.items()))
    return found.table_valued(column("child_id", Uuid), column("rank", Integer)).render_derived("found")


@cache
def _search_statement(scope: str, *, usual: bool) -> Read:
    found = _found()
    hit: CTE = (
        select(*_summary(scope), found.c.rank.label("_rank"))
        .join(found, found.c.child_id == Child.id)
        # The function looked past row-level security; the rows themselves are read under it, like all others.
        .where(getattr(Child, scope) == bindparam("unit", type_=Integer))
        .order_by(found.c.rank, found.c.child_id)
        .cte("hit")
    )
    return reads.compiled(reads.recorded_page(hit, "children.searched", "child", usual=usual))


@cache
def _search_count() -> Read:
    return reads.compiled(select(func.count().label("total")).select_from(_found()))


def _summary(scope: str) -> list[Any]:
    """Return what a row of a list shows. Above the commune no list shows a child's full name; the record does."""
    columns = [getattr(Child, name) for name in _SUMMARY]
    if scope in IN_FULL:
        return columns
    return reads.with_initials(columns, "full_name")
