"""What stands before a message leaves in its write, by whatever way the server is reached."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from childcare_api.shared import gathering
from childcare_api.shared.lines import Entrance, Line

_ENTRANCE = Entrance("SELECT set_config('app.unit_id', $1, true)", ("7",), "")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
    both = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(both)
    return path


@asynccontextmanager
async def door(cluster_url: str, certificate: Path | None) -> AsyncIterator[str]:
    """Stand before the cluster on a port, in TLS where there is a certificate; yields the address."""
    asked = urlsplit(cluster_url)
    socket = f"{parse_qs(asked.query)['host'][0]}/.s.PGSQL.{parse_qs(asked.query).get('port', ['5432'])[0]}"

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if certificate is not None:
            await reader.readexactly(8)
            writer.write(b"S")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            await writer.start_tls(context)
        within, out = await asyncio.open_unix_connection(socket)

        async def inwards() -> None:
            while data := await reader.read(100_000):
                out.write(data)

        async def outwards() -> None:
            while data := await within.read(100_000):
                writer.write(data)

        with suppress(ConnectionError):
            await asyncio.wait(map(asyncio.ensure_future, (inwards(), outwards())), return_when="FIRST_COMPLETED")
        out.close()
        writer.close()

    server = await asyncio.start_server(passed, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mode = "disable" if certificate is None else "require"
    who = asked.netloc.rpartition("@")[0]
    try:
        yield f"postgresql://{who}@127.0.0.1:{port}{asked.path}?sslmode={mode}"
    finally:
        server.close()


class Written:
    """What a connection gives to its transport, write by write."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.data: list[bytes] = []
        ours = connection._transport  # noqa: SLF001 - as the product reaches it
        self._transport, ours._transport = ours._transport, self  # noqa: SLF001 - stands in between

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self.data.append(bytes(data))
        self._transport.write(data)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_both_leave_in_one_write(cluster_url: str, certificate: Path, loop: Callable, *, tls: bool) -> None:
    async def story() -> None:
        async with door(cluster_url, certificate if tls else None) as address:
            connection = await gathering.connect(address)
            line = Line(connection)
            written = Written(connection)
            for _ in range(2):
                written.data.clear()
                await line.begin("BEGIN", _ENTRANCE)
                unit = await connection.fetchval("SELECT current_setting('app.unit_id')")
                await connection.execute("ROLLBACK")
            await connection.close()
            assert unit == "7"
            # The second time nothing is prepared any more: the entrance, what was asked, the end; and the farewell.
            assert [data[:1] for data in written.data] == [b"B", b"B", b"Q", b"X"]
            assert written.data[0].count(b"E\0\0\0\x09") == 2

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(story())


def test_what_was_never_sent_is_taken_back_and_the_connection_goes_on(cluster_url: str) -> None:
    async def story() -> None:
        connection = await gathering.connect(cluster_url)
        line = Line(connection)
        with pytest.raises(asyncpg.DataError):
            await line.begin("BEGIN", Entrance("SELECT $1::integer", ("not a number",), ""))
        assert not connection.is_closed()
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()

    asyncio.run(story())
