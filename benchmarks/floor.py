"""The floor: what the same answers cost without us. A bare ASGI function, asyncpg, orjson; no security at all."""

import os
from typing import Any
from uuid import UUID

import asyncpg
import orjson

ONE = """
SELECT row_version, id, unit_id, village_id, commune_id, district_id, province_id, household_id, full_name, sex,
    born_on, born_on_precision, ethnicity, nationality, religion, address, birth_registration,
    birth_certificate_number, birth_certificate_book, birth_registered_on, birth_registered_at_place, health_card,
    health_card_number, health_card_until, schooling, school, grade, died_on, note, recorded_at, recorded_by,
    changed_at, changed_by,
    (SELECT json_agg(p) FROM child_circumstances p WHERE p.child_id = c.id) AS circumstances,
    (SELECT json_agg(p) FROM child_guardians p WHERE p.child_id = c.id) AS guardians,
    (SELECT json_agg(p) FROM child_identifiers p WHERE p.child_id = c.id) AS identifiers
FROM children c WHERE id = $1
"""
LIST = """
SELECT row_version, id, village_id, commune_id, province_id, household_id, full_name, sex, born_on, born_on_precision,
    ethnicity, birth_registration, health_card, schooling, died_on, changed_at
FROM children WHERE commune_id = $1 ORDER BY id LIMIT 20
"""
_PARTS = ("circumstances", "guardians", "identifiers")
_HEADERS = [(b"content-type", b"application/json")]
_pools: list[asyncpg.Pool] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Answer `/one/{id}` and `/list/{commune}`."""
    if scope["type"] == "lifespan":
        await receive()
        _pools.append(await asyncpg.create_pool(os.environ["FLOOR_DATABASE_URL"], min_size=10, max_size=10))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    _, kind, value = scope["path"].split("/")
    async with _pools[0].acquire() as connection:
        if kind == "one":
            child = dict(await connection.fetchrow(ONE, UUID(value)))
            for part in _PARTS:
                child[part] = orjson.Fragment(child[part] or "[]")
            content = orjson.dumps(child, default=str)
        else:
            content = orjson.dumps(
                {"items": [dict(row) for row in await connection.fetch(LIST, int(value))]}, default=str
            )
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": content})
