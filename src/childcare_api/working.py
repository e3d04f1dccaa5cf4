"""What the worker does: every module's handlers of outbox events, and the chores that come again and again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from childcare_api.access.scope import open_worker_connection
from childcare_api.cases import jobs as cases_jobs
from childcare_api.children import jobs as children_jobs
from childcare_api.deadlines import jobs as deadlines_jobs
from childcare_api.exchange import jobs as exchange_jobs
from childcare_api.identity.jobs import forget_old_logins
from childcare_api.jobs import worker
from childcare_api.jobs.worker import Chore, Handler
from childcare_api.oversight.jobs import seal_audit
from childcare_api.shared import clock
from childcare_api.shared.db import Database
from childcare_api.shared.idempotency import forget_expired

_MONTHS_AHEAD = 3


async def make_audit_partitions(database: Database) -> None:
    """Make the audit's tables for the months to come, so that nothing has to wait in the one for strays."""
    async with open_worker_connection(database) as connection:
        await connection.execute("CALL audit.make_partitions($1, $2)", clock.today(), _MONTHS_AHEAD)


async def forget_idempotency_keys(database: Database) -> None:
    """Delete the stored answers whose time is over."""
    async with open_worker_connection(database) as connection:
        await forget_expired(connection)


MODULES: Sequence[Mapping[str, Sequence[Handler]]] = (
    deadlines_jobs.HANDLERS,
    children_jobs.HANDLERS,
    cases_jobs.HANDLERS,
    exchange_jobs.HANDLERS,
)
"""The HANDLERS of each module's jobs.py, lower modules first."""


def chores(data_dir: Path) -> Sequence[Chore]:
    """Return what is done again and again; `data_dir` is where the audit's seals are kept outside the database."""
    return (
        Chore("audit partitions", timedelta(hours=12), make_audit_partitions),
        Chore("sixteenth birthdays", timedelta(hours=6), children_jobs.announce_sixteenth_birthdays),
        Chore("escalations", timedelta(minutes=5), deadlines_jobs.announce_escalations),
        Chore("children of 16 in cases", timedelta(hours=6), cases_jobs.announce_sixteen_in_cases),
        Chore("old logins", timedelta(hours=1), forget_old_logins),
        Chore("old tries to break a glass", timedelta(hours=12), cases_jobs.forget_glass_attempts),
        Chore("old idempotency keys", timedelta(hours=1), forget_idempotency_keys),
        Chore("audit seals", timedelta(seconds=10), partial(seal_audit, data_dir=data_dir)),
    )


def handlers_of(modules: Sequence[Mapping[str, Sequence[Handler]]]) -> dict[str, list[Handler]]:
    """Return for each event all that want it, in the order of the modules."""
    handlers: dict[str, list[Handler]] = {}
    for module in modules:
        for event, wanting in module.items():
            handlers.setdefault(event, []).extend(wanting)
    return handlers


async def work(database: Database, data_dir: Path) -> None:
    """Work until cancelled."""
    await worker.run(database, handlers_of(MODULES), chores(data_dir))
