"""Who a token speaks for: the assignment or machine client behind it, read once and remembered.

What is remembered cannot outlive a change: the database compares its version at the start of every transaction.
"""

from dataclasses import replace
from uuid import UUID

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Level, Permission, Role, database_role
from childcare_api.access.scope import open_auth_connection
from childcare_api.access.tokens import Claims
from childcare_api.shared.db import Database
from childcare_api.shared.problems import Unauthenticated

_REMEMBERED = 4096

_PERSON = """
SELECT a.role, a.level, a.unit_id, a.village_id, a.commune_id, a.district_id, a.province_id, a.source_id, a.row_version
FROM assignments a WHERE a.id = $1 AND a.user_id = $2
"""
_MACHINE = """
SELECT m.scopes, u.level, m.unit_id, m.village_id, m.commune_id, m.district_id, m.province_id, m.source_id,
    m.row_version
FROM machine_clients m JOIN units u ON u.id = m.unit_id WHERE m.id = $1
"""


class Actors:
    """The callers seen lately, by assignment or machine client. One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[UUID, Actor] = {}

    async def actor_for(self, claims: Claims, *, request_id: str = "") -> Actor:
        """Return the actor of a verified token. Raises Unauthenticated where nothing stands behind it."""
        key = claims.assignment_id or claims.subject
        known = self._known.get(key)
        if known is None or known.id != claims.subject:
            known = await self._read(claims)
            while len(self._known) >= _REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = known
        return replace(known, session_id=claims.session_id, token_id=claims.token_id, request_id=request_id)

    def forget(self, actor: Actor) -> None:
        """Read this actor anew next time: the database said that what was remembered no longer holds."""
        self._known.pop(actor.assignment_id or actor.id, None)

    async def _read(self, claims: Claims) -> Actor:
        async with open_auth_connection(self._database) as connection:
            if claims.assignment_id is None:
                row = await connection.fetchrow(_MACHINE, claims.subject)
            else:
                row = await connection.fetchrow(_PERSON, claims.assignment_id, claims.subject)
        if row is None:
            raise Unauthenticated
        level = Level(row["level"])
        role = None if claims.assignment_id is None else Role(row["role"])
        return Actor(
            id=claims.subject,
            kind="machine" if role is None else "person",
            level=level,
            unit_id=row["unit_id"],
            permissions=_permissions_of_scopes(row["scopes"]) if role is None else ROLE_PERMISSIONS[role],
            database_role=database_role(role, level),
            role=role,
            assignment_id=claims.assignment_id,
            village_id=row["village_id"],
            commune_id=row["commune_id"],
            district_id=row["district_id"],
            province_id=row["province_id"],
            source_id=row["source_id"],
            version=row["row_version"],
        )


def _permissions_of_scopes(scopes: list[str]) -> frozenset[Permission]:
    return frozenset().union(*(SCOPE_PERMISSIONS[scope] for scope in scopes))
