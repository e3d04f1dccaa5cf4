"""A server killed in the midst of its work: what it acknowledged stands once, and nothing stands by half."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import chain
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from tests.cases.stories import ASSESSMENT, PLAN, REVIEW, File, keyed, meeting, tag
from tests.database import API_PASSWORD, database_url
from tests.installation.served import served
from tests.people import PEOPLE

from childcare_api.cases.file.commands import OPEN
from childcare_api.cases.file.models import CaseStatus
from childcare_api.cases.file.queries import fact_of
from childcare_api.cases.file.rules import standing_of
from childcare_api.identity.keys import key_set, new_private_key
from childcare_api.settings import Settings
from childcare_api.shared import clock as product_clock

OFFICER, LEADER = "sa_pa_officer", "sa_pa_leader"
CASES, KILLED_AFTER = 6, 30
DETAILS = {
    "assessment": "case_assessments",
    "meeting": "case_meetings",
    "plan_approved": "case_decisions",
    "decision_sent": "case_sendings",
    "review": "case_reviews",
}
"""The tables of what such steps say beyond their heads."""
CLOCKS = {
    CaseStatus.OPENED: {"case.assess"},
    CaseStatus.ASSESSED: {"case.meet", "plan.submit"},
    CaseStatus.PLANNING: {"plan.submit"},
    CaseStatus.AWAITING_DECISION: {"plan.decide"},
    CaseStatus.IMPLEMENTING: {"plan.review", "decision.send"},
    CaseStatus.READY_TO_CLOSE: {"case.close"},
    CaseStatus.CLOSED: set(),
}
DONE = Counter(
    ["opening", "assessment", "meeting", "plan_drafted", "plan_submitted", "plan_approved"]
    + ["decision_sent"] * 2
    + ["progress_note"] * 3
    + ["review", "closure"]
)


class CutError(Exception):
    """The server went away before it answered."""


class Work:
    """The acts on one case, each sent until it is acknowledged, by the same key: as a careful client does."""

    def __init__(self, case_id: str) -> None:
        self.file = File(case_id)
        self.acts = self._acts()
        self.waiting: tuple[str, str, dict, dict] | None = None
        self.acknowledged = 0
        self.last: dict = {}

    def _acts(self) -> Iterator[tuple[str, str, dict]]:
        today = product_clock.today().isoformat()
        yield OFFICER, "/assessments", ASSESSMENT
        yield OFFICER, "/meetings", meeting(product_clock.now())
        plan = str(uuid4())
        yield OFFICER, "/intervention-plans", PLAN | {"id": plan}
        yield OFFICER, f"/intervention-plans/{plan}/submit", {}
        decided = {"decision_number": "12/QĐ-UBND", "decided_on": today}
        yield LEADER, f"/intervention-plans/{plan}/approve", decided
        sendings = f"/decisions/{self.last['decisions'][0]['id']}/sendings"
        for kind, name in (("parent_or_carer", "Vàng Thị Dở"), ("implementing_body", "Trạm y tế xã")):
            yield OFFICER, sendings, {"recipient_kind": kind, "recipient": name, "way": "in_person"}
        for number in range(3):
            yield OFFICER, "/progress-notes", {"note": f"Lần {number}"}
        yield OFFICER, "/reviews", REVIEW
        yield LEADER, "/close", {}

    async def go_on(self, clients: dict[str, httpx.AsyncClient], counted) -> None:
        """Do one act after the other. Raises CutError; what was cut is sent again as it was when the work goes on."""
        while True:
            if self.waiting is None:
                act = next(self.acts, None)
                if act is None:
                    return
                who, path, body = act
                try:
                    await self.file.refresh(clients[who])
                except httpx.TransportError:
                    self.acts = chain((act,), self.acts)
                    raise CutError from None
                self.waiting = (who, path, body, keyed() | tag(self.file.row_version))
            who, path, body, headers = self.waiting
            try:
                answer = await clients[who].post(f"/cases/{self.file.case_id}{path}", json=body, headers=headers)
            except httpx.TransportError:
                raise CutError from None
            assert answer.is_success, (path, answer.status_code, answer.text)
            self.waiting, self.last = None, answer.json()
            self.acknowledged += 1
            counted()


async def nothing_is_half(database, works: list[Work]) -> None:
    """Look at every case as it lies in the database: its steps add up to its state, and each is whole."""
    # One look for all, since the database may still be finishing what it was last told.
    async with database.as_superuser() as connection, connection.transaction(isolation="repeatable_read"):
        await _all_is_whole(connection.fetch, works)


async def _all_is_whole(rows, works: list[Work]) -> None:
    for work in works:
        case_id = work.file.case_id
        (case,) = await rows("SELECT * FROM cases WHERE id = $1", case_id)
        steps = await rows("SELECT * FROM case_steps WHERE case_id = $1 ORDER BY position", case_id)
        assert [step["position"] for step in steps] == list(range(1, case["step_count"] + 1))
        # Beside the opening, and one that was done without its acknowledgement having arrived.
        assert len(steps) - 1 - work.acknowledged in ((0,) if work.waiting is None else (0, 1))
        standing = standing_of(fact_of(SimpleNamespace(**step)) for step in steps)
        assert case["status"] == standing.status
        for kind, table in DETAILS.items():
            ids = {step["id"] for step in steps if step["kind"] == kind}
            written = await rows(f"SELECT id FROM {table} WHERE id = ANY ($1)", list(ids))  # noqa: S608 - from above
            assert {row["id"] for row in written} == ids
        tasks = await rows(
            "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", case_id
        )
        running = {task["rule_code"] for task in tasks}
        assert running <= CLOCKS[standing.status]
        assert len(running) == len(tasks)
        assert bool(running) == (standing.status in OPEN)
        for table, about in (("audit.events", "detail"), ("outbox", "payload")):
            told = await rows(
                f"SELECT {about} ->> 'step_id' AS id FROM {table} WHERE {about} ->> 'step_id' = ANY ($1)",  # noqa: S608
                [str(step["id"]) for step in steps],
            )
            assert Counter(row["id"] for row in told) == Counter(str(step["id"]) for step in steps), table


@pytest.mark.committed
@pytest.mark.timeout(120)
async def test_what_a_killed_server_acknowledged_stands_once_and_nothing_stands_by_half(
    assessed_report, sa_pa_officer, database, cluster_url, rows, tmp_path
):
    works = []
    while len(works) < CASES:
        opened = await (await assessed_report(emergency=False, relation="neighbour")).open(sa_pa_officer)
        works += [Work(case["id"]) for case in opened.json()["cases"]]
    pem, settings = new_private_key(), Settings()
    (tmp_path / "key.pem").write_text(pem)
    keys = key_set(pem, issuer=settings.jwt_issuer, audience=settings.jwt_audience)
    async with database.as_superuser() as connection:
        # As `migrate` does for the login that serves.
        await connection.execute("GRANT SELECT ON alembic_version TO childcare_api")
        name = await connection.fetchval("SELECT current_database()")
    given = {
        "DATABASE_URL": database_url(cluster_url, name, login="childcare_api", password=API_PASSWORD),
        "JWT_PRIVATE_KEY_FILE": str(tmp_path / "key.pem"),
        "CURSOR_KEY": "any long text",
    }
    cut = 0
    for kill_after in (KILLED_AFTER, None):
        with served(tmp_path / "data", **given) as (process, address):

            def counted(limit=kill_after, process=process) -> None:
                if limit is not None and sum(work.acknowledged for work in works) == limit:
                    process.kill()

            async with AsyncExitStack() as stack:
                clients = {
                    key: await stack.enter_async_context(
                        httpx.AsyncClient(
                            base_url=f"{address}/api/v1",
                            headers={"Authorization": f"Bearer {PEOPLE[key].token(keys)}"},
                            timeout=20,
                        )
                    )
                    for key in (OFFICER, LEADER)
                }
                ends = await asyncio.gather(*(work.go_on(clients, counted) for work in works), return_exceptions=True)
            assert all(end is None or isinstance(end, CutError) for end in ends), ends
            cut += sum(work.waiting is not None for work in works)
            if kill_after is not None:
                process.communicate()
        await nothing_is_half(database, works)
    assert cut > 0, "it was killed in the midst of commands"
    for work in works:
        kinds = await rows("SELECT kind FROM case_steps WHERE case_id = $1", work.file.case_id)
        assert Counter(row["kind"] for row in kinds) == DONE
        head = await sa_pa_officer.get(f"/cases/{work.file.case_id}")
        assert head.json()["status"] == "closed"
