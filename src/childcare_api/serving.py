"""Answering requests: the port, the processes, and the line that says where to look."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from childcare_api.app import create_app
from childcare_api.identity.keys import key_set
from childcare_api.installation import NotReady
from childcare_api.settings import Settings
from childcare_api.shared.db import Database
from childcare_api.working import work

READY_SECONDS = 60
ENDING_SECONDS = 5
FACTORY = "childcare_api.serving:application"


def application() -> FastAPI:
    """Make the application of one process; its settings were put into the environment by `serve`."""
    settings = Settings()
    _log(requests=settings.access_log)
    app, database = assembled(settings)

    @asynccontextmanager
    async def while_serving(_app: FastAPI) -> AsyncIterator[None]:
        await database.open()
        # What was made at start stays for ever: the collector need not walk it on every round (p99 40 ms without).
        gc.collect()
        gc.freeze()
        working = asyncio.create_task(work(database, settings.data_dir))
        yield
        working.cancel()
        # A connection whose database went away first may never answer; the end must not wait for it.
        await asyncio.wait([working], timeout=ENDING_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await database.close()

    app.router.lifespan_context = while_serving
    _end_with_parent()
    return app


def _log(*, requests: bool) -> None:
    """Write on stderr what failed unforeseen, and a line for each request where that is wanted."""
    log = logging.getLogger("childcare_api")
    handler = logging.StreamHandler()
    line = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    line.converter = time.gmtime
    handler.setFormatter(line)
    log.handlers = [handler]
    log.setLevel(logging.INFO if requests else logging.WARNING)


def assembled(settings: Settings) -> tuple[FastAPI, Database]:
    """Return the application of complete settings, and its database, which is not open yet."""
    if settings.database_url is None or settings.jwt_private_key_file is None:
        raise NotReady("childcare-api is started with `childcare-api serve`, which completes its settings.")
    database = Database(settings.database_url, size=settings.database_pool_size)
    keys = key_set(
        settings.jwt_private_key_file.read_text(encoding="utf-8"),
        public_pems=[Path(path).read_text(encoding="utf-8") for path in settings.jwt_public_key_files],
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )
    return create_app(settings, database=database, keys=keys), database


def _end_with_parent() -> None:
    """End a worker process whose parent was killed; it would hold the port for ever otherwise."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        # In peace if it can; nobody is left who could end it otherwise.
        time.sleep(4 * ENDING_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def bound_socket(host: str, port: int) -> socket.socket:
    """Take the port before anything slow begins; raises NotReady when another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise NotReady(
            f"{host}:{port} cannot be listened on ({error.strerror}). Another program may use it: choose with PORT=…"
        ) from None
    listening.set_inheritable(True)
    return listening


def end_on_signals() -> None:
    """Turn SIGTERM and a closed terminal into an ordinary end, so that what was started is also stopped."""
    signal.signal(signal.SIGTERM, lambda received, _frame: sys.exit(128 + received))
    # While it answers, SIGTERM is the server's own and ends requests in peace; a closed terminal means the same.
    signal.signal(signal.SIGHUP, lambda _received, _frame: signal.raise_signal(signal.SIGTERM))


def serve(settings: Settings, listening: socket.socket, announce: Callable[[str], None]) -> None:
    """Answer requests until Ctrl-C or SIGTERM; `announce` gets the address once it is ready."""
    address = f"http://{shown_host(settings.host)}:{listening.getsockname()[1]}"
    _put_into_environment(settings)
    config = uvicorn.Config(
        FACTORY,
        factory=True,
        workers=settings.workers,
        http="httptools",
        loop="uvloop",
        log_level="warning",
        # Searches stand in addresses, and addresses in access logs: names of children do not belong there.
        access_log=False,
        server_header=False,
        # Whose X-Forwarded-For counts is TRUSTED_PROXIES' business, not the server's.
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    threading.Thread(target=_announce_when_ready, args=(address, announce), daemon=True).start()
    # Ctrl-C is how it ends, not a failure: the server answers it in peace, and only then raises it again.
    with suppress(KeyboardInterrupt):
        if settings.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


def _put_into_environment(settings: Settings) -> None:
    """Hand every setting to the processes that answer, which are started afresh and read their environment."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if isinstance(text, tuple):
            text = ",".join(text)
        os.environ[name.upper()] = "" if text is None else str(text)


def _announce_when_ready(address: str, announce: Callable[[str], None]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz", trust_env=False, timeout=2).status_code == httpx.codes.OK:
                announce(address)
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)


def shown_host(host: str) -> str:
    """Return a host that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
