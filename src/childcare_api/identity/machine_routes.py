"""Machine clients: other systems that call this one, with scopes and at most two valid secrets."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.identity import machine_actions, queries
from childcare_api.identity.errors import (
    ClientIdTaken,
    HotlineDoesNotFit,
    LastSecret,
    TooManySecrets,
    UnitEnded,
    UnitOutsideScope,
)
from childcare_api.identity.schemas import (
    ChangeMachineClient,
    CreateMachineClient,
    MachineClientOut,
    MachineSecretOut,
    MachineSecrets,
    NewSecret,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/machine-clients", tags=["machine clients"])


@router.get("")
async def list_machine_clients(actor: CurrentActor, session: Session, page: Paging) -> Page[MachineClientOut]:
    """List the machine clients kept at or below your unit."""
    actor.require(Permission.MACHINE_MANAGE)
    return Page[MachineClientOut].model_validate(await queries.machine_page(session, actor, page))


@router.post(
    "", status_code=201, responses=problems(UnitOutsideScope, UnitEnded, HotlineDoesNotFit, ClientIdTaken, IdTaken)
)
async def create_machine_client(
    body: CreateMachineClient, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> MachineClientOut:
    """Make another system known. It enters once it has a secret."""
    actor.require(Permission.MACHINE_MANAGE)
    await once.begin(session)
    return MachineClientOut.model_validate(await machine_actions.create_machine(session, actor, body))


@router.get("/{machine_client_id}", responses=problems(NotFound))
async def get_machine_client(machine_client_id: UUID, actor: CurrentActor, session: Session) -> MachineClientOut:
    """Read one machine client."""
    actor.require(Permission.MACHINE_MANAGE)
    return MachineClientOut.model_validate(await queries.get_machine(session, actor, machine_client_id))


@router.patch("/{machine_client_id}", responses=problems(NotFound, VersionRequired, StaleVersion, HotlineDoesNotFit))
async def change_machine_client(
    machine_client_id: UUID, body: ChangeMachineClient, if_match: IfMatch, actor: CurrentActor, session: Session
) -> MachineClientOut:
    """Rename a machine client, change its scopes, disable it or let it in again. It takes effect at once."""
    actor.require(Permission.MACHINE_MANAGE)
    machine = if_match.check(await queries.lock_machine(session, actor, machine_client_id))
    return MachineClientOut.model_validate(await machine_actions.change_machine(session, actor, machine, body))


@router.get("/{machine_client_id}/secrets", responses=problems(NotFound))
async def list_machine_secrets(machine_client_id: UUID, actor: CurrentActor, session: Session) -> MachineSecrets:
    """List a machine client's secrets, the newest first: when each was made and ended, never the secret."""
    actor.require(Permission.MACHINE_MANAGE)
    machine = await queries.get_machine(session, actor, machine_client_id)
    secrets = await queries.secrets_of(session, actor, machine)
    return MachineSecrets(items=[MachineSecretOut.model_validate(secret) for secret in secrets])


@router.post(
    "/{machine_client_id}/secrets",
    status_code=201,
    responses=problems(NotFound, VersionRequired, StaleVersion, TooManySecrets),
)
async def create_machine_secret(
    machine_client_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> NewSecret:
    """Make a secret. It is told this one time. Two may be valid at once, so that a system can change over.

    It takes no Idempotency-Key: a stored answer would keep the secret. If the answer is lost, end that secret and
    make another.
    """
    actor.require(Permission.MACHINE_MANAGE)
    machine = if_match.check(await queries.lock_machine(session, actor, machine_client_id))
    secret, text = await machine_actions.make_secret(session, actor, machine)
    return NewSecret(
        row_version=machine.row_version,
        id=secret.id,
        machine_client_id=machine.id,
        client_id=machine.client_id,
        client_secret=text,
        created_at=secret.created_at,
    )


@router.post(
    "/{machine_client_id}/secrets/{secret_id}/end",
    responses=problems(NotFound, VersionRequired, StaleVersion, AlreadyEnded, LastSecret),
)
async def end_machine_secret(
    machine_client_id: UUID, secret_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> MachineClientOut:
    """End a secret once the system has changed over. Tokens that live end too: the system asks for a new one."""
    actor.require(Permission.MACHINE_MANAGE)
    machine = if_match.check(await queries.lock_machine(session, actor, machine_client_id))
    return MachineClientOut.model_validate(await machine_actions.end_secret(session, actor, machine, secret_id))
