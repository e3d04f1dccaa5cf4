"""Loading the units and code lists that travel with the program, and adding units of an installation's own."""

import csv
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from typing import Any

import asyncpg
import orjson

from childcare_api.shared.text import fold, nfc

DATA = files("childcare_api.units") / "data"

_UNIT_COLUMNS = (
    "id",
    "code",
    "level",
    "name",
    "kind",
    "parent_id",
    "valid_from",
    "valid_to",
    "code_verified",
    "search_name",
)
_SUCCESSION_COLUMNS = ("old_id", "new_id", "extent", "is_default")
_LIST_COLUMNS = ("name", "title_vi", "title_en", "source")
_ENTRY_COLUMNS = (
    "list_name",
    "position",
    "code",
    "parent_code",
    "label_vi",
    "label_en",
    "article",
    "note",
    "verified",
    "sensitive_by",
    "valid_from",
    "valid_to",
)

# Only rows that differ are written: a second load of the same data changes nothing and takes milliseconds.
_MERGE_UNITS = """
INSERT INTO units (id, code, level, name, kind, parent_id, valid_from, valid_to, code_verified, search_name)
SELECT id, code, level, name, kind, parent_id, valid_from, valid_to, code_verified, search_name FROM loading_units
ON CONFLICT (id) DO UPDATE SET
    code = excluded.code, level = excluded.level, name = excluded.name, kind = excluded.kind,
    parent_id = excluded.parent_id, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    code_verified = excluded.code_verified, search_name = excluded.search_name
WHERE (units.code, units.level, units.name, units.kind, units.parent_id, units.valid_from, units.valid_to,
       units.code_verified, units.search_name)
    IS DISTINCT FROM
      (excluded.code, excluded.level, excluded.name, excluded.kind, excluded.parent_id, excluded.valid_from,
       excluded.valid_to, excluded.code_verified, excluded.search_name)
"""
_MERGE_SUCCESSION = """
INSERT INTO unit_succession (old_id, new_id, extent, is_default)
SELECT old_id, new_id, extent, is_default FROM loading_unit_succession
ON CONFLICT (old_id, new_id) DO UPDATE SET extent = excluded.extent, is_default = excluded.is_default
WHERE (unit_succession.extent, unit_succession.is_default) IS DISTINCT FROM (excluded.extent, excluded.is_default)
"""
_MERGE_LISTS = """
INSERT INTO code_lists (name, title_vi, title_en, source)
SELECT name, title_vi, title_en, source FROM loading_code_lists
ON CONFLICT (name) DO UPDATE SET
    title_vi = excluded.title_vi, title_en = excluded.title_en, source = excluded.source
WHERE (code_lists.title_vi, code_lists.title_en, code_lists.source)
    IS DISTINCT FROM (excluded.title_vi, excluded.title_en, excluded.source)
"""
_MERGE_ENTRIES = """
INSERT INTO code_list_entries (list_name, position, code, parent_code, label_vi, label_en, article, note, verified,
    sensitive_by, valid_from, valid_to)
SELECT list_name, position, code, parent_code, label_vi, label_en, article, note, verified, sensitive_by, valid_from,
    valid_to
FROM loading_code_list_entries
ON CONFLICT (list_name, code, valid_from) DO UPDATE SET
    position = excluded.position, parent_code = excluded.parent_code, label_vi = excluded.label_vi,
    label_en = excluded.label_en, article = excluded.article, note = excluded.note, verified = excluded.verified,
    sensitive_by = excluded.sensitive_by, valid_to = excluded.valid_to
WHERE (code_list_entries.position, code_list_entries.parent_code, code_list_entries.label_vi,
       code_list_entries.label_en, code_list_entries.article, code_list_entries.note, code_list_entries.verified,
       code_list_entries.sensitive_by, code_list_entries.valid_to)
    IS DISTINCT FROM
      (excluded.position, excluded.parent_code, excluded.label_vi, excluded.label_en, excluded.article,
       excluded.note, excluded.verified, excluded.sensitive_by, excluded.valid_to)
"""


async def load_reference_data(connection: asyncpg.Connection) -> None:
    """Bring units, succession and code lists to what this release carries. As owner; any number of times.

    Nothing is ever deleted: a row of an earlier release may be what a paper refers to.
    """
    async with connection.transaction():
        await _merge(connection, "units", _UNIT_COLUMNS, _unit_rows(), _MERGE_UNITS)
        await _merge(connection, "unit_succession", _SUCCESSION_COLUMNS, _succession_rows(), _MERGE_SUCCESSION)
        lists = _code_lists()
        heads = [tuple(content[column] for column in _LIST_COLUMNS) for content in lists]
        await _merge(connection, "code_lists", _LIST_COLUMNS, heads, _MERGE_LISTS)
        entries = [row for content in lists for row in _entry_rows(content)]
        await _merge(connection, "code_list_entries", _ENTRY_COLUMNS, entries, _MERGE_ENTRIES)
        # Without statistics the first look-ups of a fresh database walk whole tables: 2 ms for a place, not 0.1.
        await connection.execute("ANALYZE units, unit_succession, code_list_entries")


async def add_village(
    connection: asyncpg.Connection, *, commune_id: int, name: str, kind: str = "Thôn", unit_id: int | None = None
) -> int:
    """Add a village (thôn, bản, tổ dân phố) to a commune, as owner, and return its id.

    Villages have no national code. An id of one's own must be 1,000,000 or more; the same one again changes nothing.
    """
    if unit_id is None:
        unit_id = int(await connection.fetchval("SELECT nextval(pg_get_serial_sequence('units', 'id'))"))
    name = nfc(name)
    await connection.execute(
        "INSERT INTO units (id, level, name, kind, parent_id, search_name) VALUES ($1, 'village', $2, $3, $4, $5)"
        " ON CONFLICT (id) DO NOTHING",
        unit_id,
        name,
        nfc(kind),
        commune_id,
        fold(name),
    )
    return unit_id


async def _merge(
    connection: asyncpg.Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    statement: str,
) -> None:
    loading = f"loading_{table}"
    await connection.execute(
        # Names come from this file alone.
        f"CREATE TEMPORARY TABLE {loading} ON COMMIT DROP AS SELECT {', '.join(columns)} FROM {table} WITH NO DATA"  # noqa: S608
    )
    await connection.copy_records_to_table(loading, records=rows, columns=columns)
    await connection.execute(statement)
    await connection.execute(f"DROP TABLE {loading}")


def _unit_rows() -> Iterable[tuple[Any, ...]]:
    for row in _csv("units.csv"):
        yield (
            int(row["id"]),
            row["code"],
            row["level"],
            nfc(row["name"]),
            row["kind"],
            int(row["parent_id"]) if row["parent_id"] else None,
            _day(row["valid_from"]),
            _day(row["valid_to"]),
            row["code_verified"] == "true",
            fold(row["name"]),
        )


def _succession_rows() -> Iterable[tuple[Any, ...]]:
    for row in _csv("succession.csv"):
        yield int(row["old_id"]), int(row["new_id"]), row["extent"], row["is_default"] == "true"


def _code_lists() -> list[dict[str, Any]]:
    folder = DATA / "code_lists"
    return [orjson.loads(file.read_bytes()) for file in sorted(folder.iterdir(), key=lambda file: file.name)]


def _entry_rows(content: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for position, entry in enumerate(content["entries"], 1):
        yield (
            content["name"],
            position,
            entry["code"],
            entry.get("parent"),
            entry["label_vi"],
            entry["label_en"],
            entry.get("article"),
            entry.get("note"),
            entry["verified"],
            entry.get("sensitive_by"),
            _day(entry.get("valid_from")),
            _day(entry.get("valid_to")),
        )


def _csv(name: str) -> Iterable[dict[str, str]]:
    yield from csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
