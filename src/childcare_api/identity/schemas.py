"""What goes in and out of logins, users, assignments and machine clients."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, SecretStr, model_validator

from childcare_api.access.permissions import Level, Permission, Role
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, NewRecord, Versioned, unfit
from childcare_api.shared.writing import Written

MachineScope = Literal["hotline:refer", "hotline:read", "registry:import", "statistics:read", "webhooks:manage"]
MachineScopes = Annotated[
    list[MachineScope],
    Field(
        min_length=1,
        max_length=5,
        description="What it may do: `hotline:refer` and `hotline:read` are for hotlines. No operation of this release"
        " asks for one of the others.",
    ),
]

Username = Annotated[
    str,
    Written(
        r"^[a-z0-9](?:[a-z0-9._-]{1,62})[a-z0-9]$",
        "3 to 64 lower case letters without accents or digits, with dots, hyphens and underscores between them.",
        "Từ 3 đến 64 chữ thường không dấu hoặc chữ số; ở giữa có thể có dấu chấm, gạch nối, gạch dưới.",
    ),
    Field(description="Lower case letters without accents, digits, dot, hyphen and underscore; 3 to 64 of them."),
]
ClientId = Annotated[
    str,
    Written(
        r"^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$",
        "3 to 64 lower case letters without accents or digits, with hyphens between them.",
        "Từ 3 đến 64 chữ thường không dấu hoặc chữ số; ở giữa có thể có gạch nối.",
    ),
    Field(description="Letters, digits, hyphens."),
]

UnitId = Annotated[int, Field(ge=1, le=2_147_483_647)]

LeaderPosition = Literal["chair", "acting_chair", "deputy_chair"]

NewPassword = Annotated[SecretStr, Field(min_length=12, max_length=1024, description="At least 12 letters.")]


class TokenOut(Answer):
    """The answer of RFC 6749: an access token, and for people a refresh token that replaces the one before it."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds.")
    refresh_token: str | None = Field(description="Absent for machine clients: they ask again with their secret.")
    scope: str | None = Field(description="The scopes of a machine client; null for people.")
    assignment_id: UUID | None = Field(description="The assignment that this token carries; null for machine clients.")


class AssignmentInForce(Answer):
    """One of the caller's own assignments that count today."""

    id: UUID
    role: Role
    level: Level
    unit_id: int
    unit_name: str
    valid_from: date
    valid_to: date | None
    is_default: bool
    position: LeaderPosition | None
    acting_for_assignment_id: UUID | None


class Me(Answer):
    """The caller, the one assignment this token carries, and what it permits."""

    kind: Literal["person", "machine"]
    id: UUID
    name: str
    username: str = Field(description="What one logs in by; of a machine its client id.")
    assignment_id: UUID | None
    role: Role | None
    level: Level
    unit_id: int
    permissions: list[Permission]
    assignments: list[AssignmentInForce]


class ChangePassword(Command):
    """A new password of one's own."""

    current_password: Annotated[SecretStr, Field(max_length=1024)]
    new_password: NewPassword


class CreateUser(NewRecord):
    """A person who shall log in, kept by the administrators of a unit."""

    username: Username
    display_name: Line
    unit_id: UnitId


class ChangeUser(Command):
    """Only what is sent is changed. Disabling ends every session of the person at once."""

    display_name: Line = Field(default="")
    disabled: bool = False


class ResetPassword(Command):
    """A new password for a person who lost theirs; it ends every session of the person."""

    new_password: NewPassword


class UserOut(Versioned):
    """A person who may log in."""

    id: UUID
    username: str
    display_name: str
    unit_id: int
    created_at: Instant
    disabled_at: Instant | None


class Colleague(Answer):
    """Somebody's post, as those who work beside them see it: no login name, no account."""

    user_id: UUID = Field(description="What bodies that name a person ask for.")
    full_name: str
    role: Role
    position: LeaderPosition | None
    level: Level
    unit_id: int
    unit_name: str
    acting: bool = Field(description="Whether the post is held for somebody else, for a time.")


class CreateAssignment(NewRecord):
    """A role in a unit, from a day and if wanted to a day, both included."""

    role: Role
    unit_id: UnitId
    valid_from: Day
    valid_to: Day | None = None
    is_default: bool = False
    source_id: UUID | None = Field(default=None, description="For hotline operators: the hotline they record for.")
    position: LeaderPosition | None = Field(
        default=None,
        description="For leaders: the position that papers name under their signature (`leader_positions`). Without"
        " it the place stays open, to be filled in by hand.",
    )
    acting_for_assignment_id: UUID | None = Field(
        default=None, description="The assignment acted for: same role and unit, and `valid_to` is needed."
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise unfit(
                "ends_before_it_begins", "It ends before it begins.", "Ngày kết thúc trước ngày bắt đầu.", at="valid_to"
            )
        return self


class EndAssignment(Command):
    """With a last day the assignment ends after that day; without one it ends now, and so do its sessions."""

    valid_to: Day | None = None


class AssignmentOut(Versioned):
    """A role in a unit, dated."""

    id: UUID
    user_id: UUID
    role: Role
    level: Level
    unit_id: int
    valid_from: date
    valid_to: date | None
    is_default: bool
    source_id: UUID | None
    position: LeaderPosition | None
    acting_for_assignment_id: UUID | None
    created_at: Instant
    revoked_at: Instant | None


class CreateMachineClient(NewRecord):
    """Another system that shall call this one."""

    client_id: ClientId
    name: Line
    unit_id: UnitId
    scopes: MachineScopes


class ChangeMachineClient(Command):
    """Only what is sent is changed. Disabling ends its tokens at once; so does a change of scopes."""

    name: Line = Field(default="")
    scopes: MachineScopes = Field(default_factory=list)
    disabled: bool = False


class MachineSecretOut(Answer):
    """A secret of a machine client, without the secret itself."""

    id: UUID
    created_at: Instant
    revoked_at: Instant | None


class MachineSecrets(Answer):
    """Every secret a machine client ever had."""

    items: list[MachineSecretOut]


class MachineClientOut(Versioned):
    """Another system that calls this one."""

    id: UUID
    client_id: str
    name: str
    unit_id: int
    scopes: list[MachineScope]
    source_id: UUID | None
    created_at: Instant
    disabled_at: Instant | None


class NewSecret(Versioned):
    """A secret, told this one time; what is kept of it is a digest. `row_version` is the client's."""

    id: UUID
    machine_client_id: UUID
    client_id: str
    client_secret: str
    created_at: Instant
