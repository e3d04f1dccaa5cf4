"""Keeping the directory."""

from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.models import Agency
from childcare_api.agencies.schemas import CreateAgency
from childcare_api.shared.ids import new_id
from childcare_api.shared.text import fold
from childcare_api.units.queries import holder_of_unit

_DIRECTORY = files("childcare_api.agencies") / "data" / "directory.json"
_MERGE_AGENCY = """
INSERT INTO agencies (id, name, name_en, search_name, kind, area_unit_id, phone, successor_id, valid_from, valid_to,
    source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO NOTHING
"""
_MERGE_HOTLINE = """
INSERT INTO hotlines (id, number, name, name_en, area_unit_id, opening, valid_from, valid_to, verified, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO NOTHING
"""


async def add_agency(session: AsyncSession, actor: Actor, command: CreateAgency) -> Agency:
    """Add an agency to the directory. A province adds for units inside it, the centre for the whole country."""
    area = await holder_of_unit(session, command.unit_id)
    if area.province_id != actor.province_id:
        raise UnitNotYours
    agency = Agency(
        id=command.id or new_id(),
        name=command.name,
        name_en=command.name_en,
        search_name=fold(command.name),
        kind=command.kind,
        area_unit_id=command.unit_id,
        keeper_province_id=actor.province_id,
        phone=command.phone,
        email=command.email,
        address=command.address,
        successor_id=None,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        source=command.source,
        row_version=1,
    )
    session.add(agency)
    await session.flush()  # An id that is taken is refused here, before the event is written.
    await audit.record(session, "agency.added", subject_kind="agency", subject_id=agency.id)
    return agency


async def load_directory(connection: asyncpg.Connection) -> None:
    """Add the entries that travel with the program, as owner. What an installation corrected is left as it is."""
    content = orjson.loads(_DIRECTORY.read_bytes())
    # Backwards, because a successor stands behind its predecessor and must be there first.
    await connection.executemany(_MERGE_AGENCY, [_agency_row(entry) for entry in reversed(content["agencies"])])
    await connection.executemany(_MERGE_HOTLINE, [_hotline_row(entry) for entry in content["hotlines"]])


def _agency_row(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (
        UUID(entry["id"]),
        entry["name"],
        entry["name_en"],
        fold(entry["name"]),
        entry["kind"],
        entry["unit_id"],
        entry.get("phone"),
        UUID(entry["successor"]) if "successor" in entry else None,
        _day(entry.get("valid_from")),
        _day(entry.get("valid_to")),
        entry["source"],
    )


def _hotline_row(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (
        UUID(entry["id"]),
        entry["number"],
        entry["name"],
        entry["name_en"],
        entry["unit_id"],
        entry.get("opening"),
        _day(entry.get("valid_from")),
        _day(entry.get("valid_to")),
        entry["verified"],
        entry["source"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
