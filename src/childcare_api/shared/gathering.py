"""Connections that send what was put before a message together with it, in one write.

Since uvloop 0.20 a write goes out at once: two of them are two calls of the system, and the database wakes twice. That
was a tenth of a read. asyncpg asks its loop for a transport and writes each message to it by one `write`; so the loop
that is lent to asyncpg here hands out a transport that can wait for that.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import asyncpg
from asyncpg.protocol import Protocol


class Gathering:
    """A transport whose next write begins with what was put before it."""

    __slots__ = ("_before", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._before = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the transport's own
        return getattr(self._transport, name)

    def put_before(self, messages: bytes) -> None:
        """Keep messages back for the next write."""
        self._before = messages

    def take_back(self) -> bool:
        """Forget what was put before and says whether anything was left: then nothing of it has gone out."""
        left, self._before = bool(self._before), b""
        return left

    def write(self, data: bytes) -> None:
        """Send what was put before, and this."""
        if self._before:
            data, self._before = self._before + data, b""
        self._transport.write(data)


async def connect(url: str) -> asyncpg.Connection:
    """Return a connection whose `_transport` is a `Gathering`."""
    return await asyncpg.connect(url, loop=cast("asyncio.AbstractEventLoop", _Lent(asyncio.get_running_loop())))


class _Lent:
    """The running loop, but for the transports of a connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the loop's own
        return getattr(self._loop, name)

    async def create_connection(self, factory: Callable[[], Any], *where: object, **how: object) -> tuple[Any, Any]:
        """Connect by TCP."""
        return _gathered(await self._loop.create_connection(lambda: _between(factory()), *where, **how))  # type: ignore[call-overload]

    async def create_unix_connection(
        self, factory: Callable[[], Any], *where: object, **how: object
    ) -> tuple[Any, Any]:
        """Connect by a socket of this machine."""
        return _gathered(await self._loop.create_unix_connection(lambda: _between(factory()), *where, **how))  # type: ignore[arg-type]

    async def start_tls(self, *what: Any, **how: Any) -> Any:  # noqa: ANN401 - as the loop's own
        """Go on in TLS; asyncpg gives what comes back to a new protocol by itself."""
        return Gathering(cast("asyncio.Transport", await self._loop.start_tls(*what, **how)))


class _Between(asyncio.Protocol):
    """Stands before asyncpg's protocol until the connection is made, and gives it the gathering transport."""

    def __init__(self, protocol: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self.protocol = protocol
        self.transport: Gathering | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = Gathering(cast("asyncio.Transport", transport))
        self.transport.set_protocol(self.protocol)
        self.protocol.connection_made(self.transport)


def _between(protocol: object) -> object:
    # What asks for TLS first, and what cancels a query, are protocols of another kind, and stay as they are.
    return _Between(protocol) if isinstance(protocol, Protocol) else protocol


def _gathered(made: tuple[Any, Any]) -> tuple[Any, Any]:
    transport, protocol = made
    return (protocol.transport, protocol.protocol) if isinstance(protocol, _Between) else (transport, protocol)
