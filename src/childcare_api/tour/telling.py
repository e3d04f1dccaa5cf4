"""How the tour speaks with a server and with whoever watches: every answer is judged before it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console

from childcare_api.shared.ids import new_id

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
HOTLINE = "tong-dai-111"


class NotAsItShouldBe(Exception):  # noqa: N818 - a finding about the server, named as a fact
    """An answer that is not what the main job asks for; the tour ends here."""


@dataclass
class Tour:
    """One walk: the people who are logged in, and what was learned on the way."""

    client: httpx.AsyncClient
    password: str
    console: Console
    tokens: dict[str, str] = field(default_factory=dict)
    step: str = ""
    steps: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """Start a step of the main job."""
        self.steps += 1
        self.step = title
        self.console.print(f"\n[bold]{title}[/]")

    def tell(self, who: str, what: str, answer: str, clock: str = "") -> None:
        """Show one thing that was done: who, what, the answer, and the clock."""
        line = f"  [cyan]{who:<26}[/] {what}  [green]→ {answer}[/]"
        self.console.print(f"{line}  [yellow]⏱ {clock}[/]" if clock else line)

    def check(self, truth: object, sentence: str) -> None:
        """End the tour unless this is so."""
        if not truth:
            raise NotAsItShouldBe(f"{self.step}: {sentence}")

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        version: int | None = None,
        params: Mapping[str, str] | None = None,
        key: str | None = None,
        status: int | tuple[int, ...] = 200,
    ) -> dict[str, Any]:
        """Send one request as somebody and return the answer's JSON. Another status than the expected one ends it."""
        headers = {"Authorization": f"Bearer {await self._token(who)}", "Accept-Language": "en"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if method == "POST":
            headers["Idempotency-Key"] = key or str(new_id())
        answer = await self.client.request(
            method, f"/api/v1{path}", headers=headers, json=body, params=None if params is None else dict(params)
        )
        found = _object(answer)
        if answer.status_code not in (status if isinstance(status, tuple) else (status,)):
            problem = str(found.get("type", "")).rpartition(":")[2]
            raise NotAsItShouldBe(
                f"{self.step}: {who} {method} {path} answered {answer.status_code} {problem} instead of {status}"
                + (f" ({found.get('detail')})" if "detail" in found else "")
            )
        return found

    async def refused(
        self,
        who: str,
        method: str,
        path: str,
        code: str,
        *,
        status: int = 409,
        body: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> dict[str, Any]:
        """Send a request that has to be refused for this reason."""
        problem = await self.ask(who, method, path, status=status, body=body, version=version)
        self.check(str(problem.get("type", "")).endswith(f":{code}"), f"{path} should be refused as {code}")
        return problem

    async def task(self, who: str, subject_id: str, rule: str) -> dict[str, Any]:
        """Return the running task of a clock for a record, as somebody's unit has it."""
        found = await self.ask(who, "GET", "/tasks", params={"subject_id": subject_id, "whose": "my_unit"})
        tasks = [task for task in found["items"] if task["rule"] == rule]
        self.check(len(tasks) == 1, f"{who} should have one running task {rule}")
        return dict(tasks[0])

    async def _token(self, who: str) -> str:
        if who not in self.tokens:
            form = (
                {"grant_type": "client_credentials", "client_id": who, "client_secret": self.password}
                if who == HOTLINE
                else {"grant_type": "password", "username": who, "password": self.password}
            )
            answer = await self.client.post("/api/v1/auth/token", data=form)
            found = _object(answer)
            if answer.status_code != httpx.codes.OK or "access_token" not in found:
                raise NotAsItShouldBe(f"{who} cannot log in: {answer.status_code} {found.get('error', '')}")
            self.tokens[who] = str(found["access_token"])
        return self.tokens[who]


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json() if answer.content else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotAsItShouldBe(f"{answer.request.url.path} answered {answer.status_code} with no JSON object")
    return found


def instant(text: object) -> datetime:
    """Return an instant of an answer. Anything else ends the tour."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        raise NotAsItShouldBe(f"{text!r} is no instant") from None


def local(text: object) -> str:
    """Return an instant as a clock in Viet Nam shows it."""
    return instant(text).astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")


def clock_of(task: Mapping[str, Any]) -> str:
    """Return a task's clock in words: until when, and by which article."""
    soon = "as soon as possible, latest " if task["as_soon_as_possible"] else "until "
    maybe = ", the days off not all announced" if task["provisional"] else ""
    return f"{soon}{local(task['due_at'])}{maybe} ({task['article']})"


def ids(items: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of some records."""
    return {str(item["id"]) for item in items}


def times(count: int) -> str:
    """Return how often in words."""
    return "once" if count == 1 else f"{count} times"
