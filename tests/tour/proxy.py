"""A proxy that lets everything pass but one answer, which it falsifies."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import orjson


@dataclass(frozen=True)
class Falsehood:
    """Which answer is falsified, in which step of the tour, and how. `occurrence` counts the matching ones from 1."""

    step: int
    method: str
    path: str
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict
    occurrence: int = 1
    answered: int | None = None
    """Only answers with this status match."""
    status: int | None = None
    """The status it gets instead."""


@contextmanager
def falsifying(upstream: str, falsehood: Falsehood) -> Iterator[tuple[str, list[str]]]:
    """Run the proxy; yield its address and what it falsified."""
    done: list[str] = []
    seen = [0]

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}
            }
            answer = client.request(self.command, self.path, content=self.rfile.read(length), headers=headers)
            status, body = answer.status_code, answer.content
            matches = (
                self.command == falsehood.method
                and re.fullmatch(falsehood.path, self.path.partition("?")[0].removeprefix("/api/v1"))
                and falsehood.answered in (None, status)
            )
            if matches:
                seen[0] += 1
                if seen[0] == falsehood.occurrence:
                    done.append(self.path)
                    status = falsehood.status or status
                    body = orjson.dumps(falsehood.change(orjson.loads(body)))
            self.send_response(status)
            self.send_header("Content-Type", answer.headers.get("content-type", "application/json"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with httpx.Client(base_url=upstream, timeout=30) as client:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", done
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
