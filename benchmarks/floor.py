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
PLAIN = """
SELECT row_version, id, unit_id, village_id, commune_id, district_id, province_id, household_id, full_name, sex,
    born_on, born_on_precision, ethnicity, nationality, religion, address, birth_registration,
    birth_certificate_number, birth_certificate_book, birth_registered_on, birth_registered_at_place, health_card,
    health_card_number, health_card_until, schooling, school, grade, died_on, note, recorded_at, recorded_by,
    changed_at, changed_by
FROM children WHERE id = $1
"""
LIST = """
SELECT row_version, id, village_id, commune_id, province_id, household_id, full_name, sex, born_on, born_on_precision,
    ethnicity, birth_registration, health_card, schooling, died_on, changed_at
FROM children WHERE commune_id = $1 ORDER BY id LIMIT 20
"""
CASE = """
SELECT row_version, id, unit_id, commune_id, province_id, intake_id, sibling_group_id, status, cycle, emergency,
    harm_doer_is_carer, child_id, child_name, child_sex, received_at, opened_at, plan_approved_at, closed_at,
    village_id, district_id, origin_commune_id, intake_child_id, child_born_on, child_birth_precision,
    child_estimated_age, harm_kinds, harm_doer_relations, opened_by, emergency_measure_at, assessment_id, meeting_id,
    plan_id, review_id, review_outcome, service_begun_at, close_reason,
    array(SELECT o.id FROM cases o WHERE o.commune_id = c.commune_id AND o.sibling_group_id = c.sibling_group_id
        AND o.id <> c.id ORDER BY o.id) AS siblings
FROM cases c WHERE id = $1
"""
CASES = """
SELECT row_version, id, unit_id, commune_id, province_id, intake_id, sibling_group_id, status, cycle, emergency,
    harm_doer_is_carer, child_id, child_name, child_sex, received_at, opened_at, plan_approved_at, closed_at
FROM cases WHERE {unit} = $1 ORDER BY opened_at DESC, id DESC LIMIT 20
"""
LISTS = {
    "list": LIST,
    "cases": CASES.format(unit="commune_id"),
    "province": CASES.format(unit="province_id"),
}
_SINGLE = {"case": CASE, "plain": PLAIN}
_PARTS = ("circumstances", "guardians", "identifiers")
_HEADERS = [(b"content-type", b"application/json")]
_pools: list[asyncpg.Pool] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Answer `/one/…`, `/plain/…`, `/list/{commune}` of children, `/case/…`, `/cases/{commune}`, `/province/{id}`."""
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
        elif kind in _SINGLE:
            content = orjson.dumps(dict(await connection.fetchrow(_SINGLE[kind], UUID(value))), default=str)
        else:
            found = await connection.fetch(LISTS[kind], int(value))
            content = orjson.dumps({"items": [dict(row) for row in found]}, default=str)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": content})
