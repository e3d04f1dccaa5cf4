"""People and machines: who they are, where they are assigned, and the sessions they have."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder, Versioned


class User(Base, Holder, Versioned):
    """A person who may log in. The holder columns are those of the unit whose administrator keeps the account."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("(disabled_at IS NULL) = (disabled_by IS NULL)", name="disabled"),
        CheckConstraint("username = lower(username)", name="username_lower"),
        Index("users_commune_id_idx", "commune_id", "id"),
        Index("users_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[UUID | None]


class Credential(Base):
    """A person's password. A table of its own: no role but childcare_auth reads it."""

    __tablename__ = "credentials"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]


class Assignment(Base, Holder, Versioned):
    """A role in a unit from a day to a day, for oneself or acting for someone. Role, unit and position never change.

    Papers print the position of the assignment they were signed in: who is promoted gets another assignment.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        # Which role fits which level, and what a level fills in (`role`, `holder`), stands in the migration alone.
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        CheckConstraint("acting_for_assignment_id IS NULL OR valid_to IS NOT NULL", name="acting"),
        CheckConstraint("position IN ('chair', 'acting_chair', 'deputy_chair')", name="position"),
        CheckConstraint("position IS NULL OR role IN ('commune_leader', 'province_leader')", name="position_role"),
        Index("assignments_user_id_idx", "user_id"),
        Index("assignments_commune_id_idx", "commune_id"),
        Index("assignments_acting_for_assignment_id_idx", "acting_for_assignment_id"),
        Index(
            "assignments_default_key",
            "user_id",
            unique=True,
            postgresql_where=text("is_default AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    level: Mapped[str]
    source_id: Mapped[UUID | None]
    position: Mapped[str | None]
    acting_for_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_default: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]


class MachineClient(Base, Holder, Versioned):
    """Another system that calls this one, such as a hotline's, with scopes instead of a role."""

    __tablename__ = "machine_clients"
    __table_args__ = (
        CheckConstraint("(disabled_at IS NULL) = (disabled_by IS NULL)", name="disabled"),
        Index("machine_clients_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source_id: Mapped[UUID | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[UUID | None]


class MachineSecret(Base):
    """One of at most two secrets of a machine client: 256 random bits, so a plain digest is enough."""

    __tablename__ = "machine_secrets"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        Index("machine_secrets_machine_client_id_idx", "machine_client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    machine_client_id: Mapped[UUID] = mapped_column(ForeignKey("machine_clients.id"))
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]


class LoginSession(Base):
    """A login and everything refreshed from it. Revoking it ends every token of the family at once."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(user_id, machine_client_id) = 1", name="subject"),
        Index("sessions_user_id_idx", "user_id"),
        Index("sessions_machine_client_id_idx", "machine_client_id"),
        Index("sessions_assignment_id_idx", "assignment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    machine_client_id: Mapped[UUID | None] = mapped_column(ForeignKey("machine_clients.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"))
    refresh_seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One refresh token of a session, by its digest; the text itself is nowhere."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("refresh_tokens_session_id_idx", "session_id"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    successor_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RevokedToken(Base):
    """An access token that was handed back before its time."""

    __tablename__ = "revoked_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class LoginAttempt(Base):
    """One try to log in, counted before the password was looked at."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        CheckConstraint("outcome IN ('failed', 'succeeded', 'limited')", name="outcome"),
        Index("login_attempts_account_digest_idx", "account_digest", "attempted_at"),
        Index("login_attempts_address_idx", "address", "attempted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_digest: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(INET)
    attempted_at: Mapped[datetime]
    outcome: Mapped[str]
