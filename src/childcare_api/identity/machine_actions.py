"""What administrators do to machine clients and their secrets."""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.scope import as_auth
from childcare_api.identity import queries, rules, token_queries
from childcare_api.identity.actions import unit_in_scope
from childcare_api.identity.errors import HotlineDoesNotFit, LastSecret, TooManySecrets
from childcare_api.identity.models import MachineClient, MachineSecret
from childcare_api.identity.schemas import ChangeMachineClient, CreateMachineClient
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound
from childcare_api.shared.schemas import members

HOTLINE_SCOPES = {"hotline:refer", "hotline:read"}


async def create_machine(session: AsyncSession, actor: Actor, command: CreateMachineClient) -> MachineClient:
    """Make another system known. It gets its first secret separately."""
    post = await unit_in_scope(session, actor, command.unit_id)
    hotline = bool(HOTLINE_SCOPES & set(command.scopes))
    if hotline and not rules.hotline_fits(post.level):
        raise HotlineDoesNotFit
    machine = MachineClient(
        id=command.id or new_id(),
        client_id=command.client_id,
        name=command.name,
        scopes=sorted(set(command.scopes)),
        # Whose referrals it makes and reads. Never chosen: a chosen one could be another hotline's.
        source_id=new_id() if hotline else None,
        created_at=clock.now(),
        disabled_at=None,
        disabled_by=None,
        **post.holder(command.unit_id),
    )
    session.add(machine)
    await session.flush()  # a client id or source that is taken is told here, by its constraint
    detail = {"scopes": machine.scopes}
    await _record(session, "machine_client.created", machine, detail)
    return machine


async def change_machine(
    session: AsyncSession, actor: Actor, machine: MachineClient, command: ChangeMachineClient
) -> MachineClient:
    """Rename a machine client, change its scopes, disable it or let it in again."""
    changes = members(command)
    now = clock.now()
    if "name" in changes:
        machine.name = command.name
    if "scopes" in changes:
        if HOTLINE_SCOPES & set(command.scopes):
            await _check_hotline(session, machine)
        machine.scopes = sorted(set(command.scopes))
        if machine.source_id is None and HOTLINE_SCOPES & set(command.scopes):
            machine.source_id = new_id()
    if changes.get("disabled") is True and machine.disabled_at is None:
        machine.disabled_at, machine.disabled_by = now, actor.id
        await _end_sessions(session, actor, machine, now)
    elif changes.get("disabled") is False:
        machine.disabled_at, machine.disabled_by = None, None
    machine.row_version += 1
    detail = {"fields": sorted(changes), "scopes": machine.scopes, "disabled": machine.disabled_at is not None}
    await _record(session, "machine_client.changed", machine, detail)
    return machine


async def make_secret(session: AsyncSession, actor: Actor, machine: MachineClient) -> tuple[MachineSecret, str]:
    """Make a further secret, so that the system can change over before the old one ends. Its text is told once."""
    known = await queries.secrets_of(session, actor, machine)
    if sum(secret.revoked_at is None for secret in known) >= rules.MACHINE_SECRETS_AT_ONCE:
        raise TooManySecrets
    text = token_urlsafe(32)
    secret = MachineSecret(
        id=new_id(),
        machine_client_id=machine.id,
        secret_digest=sha256(text.encode()).digest(),
        created_at=clock.now(),
        revoked_at=None,
        revoked_by=None,
    )
    machine.row_version += 1
    await session.flush()  # the client's new version is written in the actor's own role, before the role changes
    async with as_auth(session, actor):
        session.add(secret)
        await session.flush()  # while the role lasts that may write it
    await _record(session, "machine_client.secret_made", machine, {"secret_id": str(secret.id)})
    return secret, text


async def end_secret(session: AsyncSession, actor: Actor, machine: MachineClient, secret_id: UUID) -> MachineClient:
    """End a secret, and with it the tokens that live: which of the two they came from is not kept."""
    known = {secret.id: secret for secret in await queries.secrets_of(session, actor, machine)}
    secret = known.get(secret_id)
    if secret is None:
        raise NotFound
    if secret.revoked_at is not None:
        raise AlreadyEnded
    if machine.disabled_at is None and sum(other.revoked_at is None for other in known.values()) == 1:
        raise LastSecret
    now = clock.now()
    machine.row_version += 1
    await session.flush()  # as above
    async with as_auth(session, actor):
        secret.revoked_at, secret.revoked_by = now, actor.id
        await session.flush()  # as above
    await _end_sessions(session, actor, machine, now)
    await _record(session, "machine_client.secret_ended", machine, {"secret_id": str(secret.id)})
    return machine


async def _check_hotline(session: AsyncSession, machine: MachineClient) -> None:
    post = await queries.find_unit(session, machine.unit_id, clock.today())
    if post is None or not rules.hotline_fits(post.level):
        raise HotlineDoesNotFit


async def _end_sessions(session: AsyncSession, actor: Actor, machine: MachineClient, now: datetime) -> None:
    async with as_auth(session, actor) as connection:
        await token_queries.end_sessions_of_machine(connection, machine.id, now)


async def _record(session: AsyncSession, action: str, machine: MachineClient, detail: dict[str, Any]) -> None:
    await audit.record(
        session, action, subject_kind="machine_client", subject_id=machine.id, detail=detail, holder=machine
    )
