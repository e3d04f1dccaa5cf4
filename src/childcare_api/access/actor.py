"""Who is asking: the person or machine behind a request, and the one assignment it carries."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from childcare_api.access.permissions import Level, Permission, Role, who_may
from childcare_api.shared.problems import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller in one assignment. Made from a verified token; the database checks it again on every request."""

    id: UUID
    kind: Literal["person", "machine", "system"]
    level: Level
    unit_id: int
    permissions: frozenset[Permission]
    database_role: str
    role: Role | None = None
    assignment_id: UUID | None = None
    session_id: UUID | None = None
    token_id: UUID | None = None
    village_id: int | None = None
    commune_id: int | None = None
    district_id: int | None = None
    province_id: int | None = None
    source_id: UUID | None = None
    version: int = 0
    """The version of the assignment or machine client this was read from; the database compares it."""
    request_id: str = field(default="", compare=False)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the caller's role has the permission."""
        if permission not in self.permissions:
            raise Forbidden(permission=permission.value, who_may=who_may(permission))

    def may(self, permission: Permission) -> bool:
        """Say whether the caller's role has the permission."""
        return permission in self.permissions

    @property
    def holder(self) -> dict[str, int | None]:
        """Return the holder columns of a record made by this actor for its own unit."""
        return {
            "unit_id": self.unit_id,
            "village_id": self.village_id,
            "commune_id": self.commune_id,
            "district_id": self.district_id,
            "province_id": self.province_id,
        }
