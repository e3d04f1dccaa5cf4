"""Loading the source plans that travel with the program, each row beside its original sentence."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from childcare_api.access.scope import SYSTEM
from childcare_api.shared import clock
from childcare_api.shared.text import nfc

DATA = files("childcare_api.action_plans") / "data"

PART_TABLES = {
    "legal_bases": "plan_legal_bases",
    "targets": "plan_targets",
    "budget_lines": "plan_budget_lines",
    "staffing_lines": "plan_staffing_lines",
    "report_obligations": "report_obligations",
}
"""Which table each list of a plan's file goes to. `hotlines` belong to the directory, which carries them itself."""

_HEAD = (
    "id",
    "source_key",
    "title",
    "number",
    "number_note",
    "issued_on",
    "issued_on_precision",
    "period_from",
    "period_to",
    "objective",
)
_DAYS = {"issued_on", "period_from", "period_to"}
_HOLDER = "SELECT village_id, commune_id, district_id, province_id FROM unit_holder($1, $2)"


async def load_source_plans(connection: asyncpg.Connection) -> None:
    """Bring the source plans to what this release carries. As owner, after the units; any number of times.

    A plan of an ended unit is held by whoever answers for that unit today. Once loaded, its holder is the business
    of reorganisations alone, so loading again corrects words and numbers and leaves the holder.
    """
    async with connection.transaction():
        for plan in source_plans():
            await _load(connection, plan)


def source_plans() -> list[dict[str, Any]]:
    """Return the source plans as their files state them."""
    return [
        orjson.loads(nfc(file.read_text(encoding="utf-8")))
        for file in sorted(DATA.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    ]


async def _load(connection: asyncpg.Connection, plan: Mapping[str, Any]) -> None:
    now = clock.now()
    held_by = await connection.fetchrow(_HOLDER, plan["unit_id"], clock.today())
    holder = {"unit_id": plan["unit_id"], **dict(held_by)}
    content = {name: _value(name, plan[name]) for name in _HEAD}
    made = {
        "row_version": 1,
        "status": "issued",
        **{f"{act}_at": now for act in ("created", "changed", "issued")},
        **{f"{act}_by": SYSTEM for act in ("created", "changed", "issued")},
    }
    await _merge(connection, "action_plans", content, made | holder)
    for kind, table in PART_TABLES.items():
        for position, row in enumerate(plan[kind], 1):
            part = {name: _value(name, value) for name, value in row.items()}
            stays = {**holder, "plan_id": content["id"], "carry_over_notes": []}
            await _merge(connection, table, part | {"position": position}, stays)


def _value(name: str, value: object) -> object:
    if name == "id":
        return UUID(str(value))
    return date.fromisoformat(str(value)) if name in _DAYS and value is not None else value


async def _merge(
    connection: asyncpg.Connection, table: str, content: Mapping[str, object], made: Mapping[str, object]
) -> None:
    """Insert a row, or correct the content of one that differs; `made` is written once and never again."""
    row = {**content, **made}
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    changing = [name for name in content if name != "id"]
    ours = ", ".join(f"{table}.{name}" for name in changing)
    theirs = ", ".join(f"excluded.{name}" for name in changing)
    await connection.execute(
        # Names of tables and columns come from this file and the plans' files alone.
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
        f" ON CONFLICT (id) DO UPDATE SET ({', '.join(changing)}) = ROW({theirs})"
        f" WHERE ({ours}) IS DISTINCT FROM ({theirs})",
        *row.values(),
    )
