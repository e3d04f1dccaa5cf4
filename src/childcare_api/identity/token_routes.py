"""Logging in and out, and who am I."""

from base64 import b64decode
from collections import Counter
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Form, Request, Response
from pydantic import BaseModel

from childcare_api.access import attempts
from childcare_api.access.addresses import client_address, networks
from childcare_api.access.attempts import Attempt
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.scope import as_auth
from childcare_api.identity import actions, token_actions, token_queries
from childcare_api.identity.errors import (
    AssignmentRequired,
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    NoAssignment,
    PersonsOnly,
    UnsupportedGrantType,
    WrongPassword,
)
from childcare_api.identity.schemas import AssignmentInForce, ChangePassword, Me, TokenOut
from childcare_api.shared import clock
from childcare_api.shared.problems import TooManyRequests, UnsupportedMediaType, problems
from childcare_api.shared.requests import Router

FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
LONGEST_FIELD = 4096

router = Router(tags=["auth"])
root_router = Router(tags=["service"])


class TokenForm(BaseModel):
    """The form of RFC 6749. Fields that a grant does not use are ignored, as it asks."""

    grant_type: str = ""
    username: str = ""
    password: str = ""
    refresh_token: str = ""
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""
    assignment_id: str = ""


class RevocationForm(BaseModel):
    """The form of RFC 7009."""

    token: str = ""
    token_type_hint: str = ""


async def plain_form(request: Request) -> None:
    """Refuse what is no form, and fields that stand twice."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(expected=FORM)
    fields = (await request.form()).multi_items()
    if max(Counter(name for name, _ in fields).values(), default=0) > 1:
        raise InvalidRequest
    if any(not isinstance(value, str) or len(value) > LONGEST_FIELD or "\0" in value for _, value in fields):
        raise InvalidRequest


async def caller_address(request: Request) -> str:
    """Return the address that counts for limits."""
    trusted = _trusted(request.app.state.settings.trusted_proxies)
    peer = request.client.host if request.client else None
    return client_address(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


@cache
def _trusted(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return networks(texts)


Address = Annotated[str, Depends(caller_address)]


@router.post(
    "/auth/token",
    dependencies=[Depends(plain_form)],
    responses=problems(
        InvalidRequest,
        UnsupportedGrantType,
        InvalidGrant,
        InvalidScope,
        AssignmentRequired,
        NoAssignment,
        InvalidClient,
        TooManyRequests,
    ),
)
async def create_token(
    form: Annotated[TokenForm, Form()], request: Request, response: Response, address: Address
) -> TokenOut:
    """Log in by password, go on by refresh token, or enter as a machine client (RFC 6749).

    A person with several assignments names one as `assignment_id`, or gets the default one; a refresh with
    `assignment_id` changes over. A refresh token is good for one use; its successor comes with the answer, and an
    answer that was lost may be fetched again within 60 seconds. After five failed logins to an account, or fifty from
    an address, within 15 minutes: 429.
    """
    response.headers.update(NO_STORE)
    database, keys = request.app.state.database, request.app.state.keys
    match form.grant_type:
        case "password":
            _need(form, "username", "password")
            return await token_actions.log_in(
                database,
                keys,
                username=form.username,
                password=form.password,
                assignment_id=_id(form.assignment_id),
                address=address,
            )
        case "refresh_token":
            _need(form, "refresh_token")
            return await token_actions.refresh(
                database, keys, refresh_token=form.refresh_token, assignment_id=_id(form.assignment_id)
            )
        case "client_credentials":
            client_id, client_secret = _client(request, form)
            return await token_actions.let_machine_in(
                database,
                keys,
                client_id=client_id,
                client_secret=client_secret,
                scope=form.scope or None,
                address=address,
            )
        case "":
            raise InvalidRequest(missing=("grant_type",))
        case _:
            raise UnsupportedGrantType


class Revoked(BaseModel):
    """What was handed back counts no more."""

    revoked: Literal[True]


@router.post("/auth/revoke", dependencies=[Depends(plain_form)], responses=problems(InvalidRequest))
async def revoke_token(form: Annotated[RevocationForm, Form()], request: Request) -> Revoked:
    """Hand a token back (RFC 7009): an access token alone, or with a refresh token the whole login.

    A token that has ended or was never one gets the same answer.
    """
    _need(form, "token")
    await token_actions.revoke(request.app.state.database, request.app.state.keys, form.token)
    return Revoked(revoked=True)


async def counted_attempt(request: Request, actor: CurrentActor, address: Address) -> Attempt:
    """Count a try to name the current password, as logins are counted: a stolen token must not help guessing."""
    if actor.kind != "person":
        raise PersonsOnly
    return await attempts.begin_login(request.app.state.database, account=f"password:{actor.id}", address=address)


@router.post("/auth/password", status_code=204, responses=problems(PersonsOnly, WrongPassword, TooManyRequests))
async def change_password(
    body: ChangePassword,
    actor: CurrentActor,
    attempt: Annotated[Attempt, Depends(counted_attempt)],
    session: Session,
) -> None:
    """Choose a new password of your own. Every other login of yours ends; this one goes on."""
    await actions.change_password(session, actor, body)
    async with as_auth(session, actor) as connection:
        await attempts.succeed(connection, attempt)


@router.get("/me")
async def get_me(actor: CurrentActor, session: Session) -> Me:
    """Tell who is asking, in which assignment, what it permits, and which assignments to change over to."""
    async with as_auth(session, actor) as connection:
        name, username = await token_queries.names_of(connection, actor.id, machine=actor.kind == "machine")
        rows = await token_queries.assignments_in_force(connection, actor.id, clock.today())
    return Me(
        kind="machine" if actor.kind == "machine" else "person",
        id=actor.id,
        name=name,
        username=username,
        assignment_id=actor.assignment_id,
        role=actor.role,
        level=actor.level,
        unit_id=actor.unit_id,
        permissions=sorted(actor.permissions),
        assignments=[AssignmentInForce.model_validate(dict(row)) for row in rows],
    )


@root_router.get("/.well-known/jwks.json")
async def get_jwks(request: Request, response: Response) -> dict[str, list[dict[str, str]]]:
    """Publish the public keys that access tokens are signed with."""
    response.headers["Cache-Control"] = "public, max-age=300"
    keys: dict[str, list[dict[str, str]]] = request.app.state.keys.jwks()
    return keys


def _need(form: BaseModel, *fields: str) -> None:
    missing = tuple(name for name in fields if not getattr(form, name))
    if missing:
        raise InvalidRequest(missing=missing)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidRequest from None


def _client(request: Request, form: TokenForm) -> tuple[str, str]:
    """Return id and secret from the Basic header, else from the form (RFC 6749, 2.3.1)."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        _need(form, "client_id", "client_secret")
        return form.client_id, form.client_secret
    try:
        client_id, _, client_secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise InvalidClient from None
    if not client_id or not client_secret or "\0" in client_id:
        raise InvalidClient
    return client_id, client_secret
