"""The first administrator of an installation: all others are made by one, but nobody can make the first.

Written by whoever may write as the owner of the tables, who could write anything; the audit says so.
"""

import asyncpg

from childcare_api.identity.passwords import hash_password
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.text import nfc

SHORTEST_PASSWORD = 12

_UNIT = """
WITH RECURSIVE above AS (
    SELECT id, level, parent_id, id AS unit_id FROM units WHERE id = $1 AND (valid_to IS NULL OR valid_to >= $2)
    UNION ALL SELECT units.id, units.level, units.parent_id, above.unit_id
    FROM units JOIN above ON units.id = above.parent_id
)
SELECT (SELECT level FROM above WHERE id = $1) AS level,
    (SELECT id FROM above WHERE level = 'commune') AS commune_id,
    (SELECT id FROM above WHERE level = 'province') AS province_id
"""
_USER = """
INSERT INTO users (id, username, display_name, created_at, unit_id, commune_id, province_id)
VALUES ($1, $2, $2, $3, $4, $5, $6)
"""
_ASSIGNMENT = """
INSERT INTO assignments (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, is_default, created_at)
VALUES ($1, $2, 'administrator', $3, $4, $5, $6, $7, true, $8)
"""
_AUDIT = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
VALUES ('user.created', 'user', $1, '{"by": "operator"}', $2, $3)
"""


class NotMade(Exception):  # noqa: N818 - a fact, like every problem here
    """The administrator was not made; the text is a sentence for the operator."""


async def make_first_administrator(owner_url: str, *, username: str, password: str, unit_id: int) -> None:
    """Make an account with the role of an administrator in that unit, from today, without an end."""
    if len(password) < SHORTEST_PASSWORD:
        raise NotMade(f"The password must have at least {SHORTEST_PASSWORD} characters.")
    password_hash = await hash_password(password)
    user_id, now, today = new_id(), clock.now(), clock.today()
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            unit = await connection.fetchrow(_UNIT, unit_id, today)
            if unit is None or unit["level"] not in ("central", "province", "commune"):
                raise NotMade(f"{unit_id} is no commune, province or country of today; GET /units tells their ids.")
            holder = (unit["commune_id"], unit["province_id"])
            await connection.execute(_USER, user_id, nfc(username).lower(), now, unit_id, *holder)
            await connection.execute(
                "INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)",
                *(user_id, password_hash, now),
            )
            await connection.execute(_ASSIGNMENT, new_id(), user_id, unit["level"], unit_id, *holder, today, now)
            await connection.execute(_AUDIT, str(user_id), *holder)
    except asyncpg.UniqueViolationError:
        raise NotMade(f"{username} exists already.") from None
    finally:
        await connection.close()
