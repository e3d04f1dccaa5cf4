"""The worker has the handlers of every module, and keeps the chores."""

import pkgutil
from importlib import import_module

import childcare_api
from childcare_api.access.scope import open_worker_connection
from childcare_api.working import MODULES, handlers_of, make_audit_partitions


async def nothing(_session, _payload) -> None: ...


async def something(_session, _payload) -> None: ...


def test_an_event_goes_to_every_module_that_wants_it() -> None:
    handlers = handlers_of([{"case.closed": [nothing]}, {"case.closed": [something], "case.opened": [nothing]}])
    assert handlers == {"case.closed": [nothing, something], "case.opened": [nothing]}


def test_every_module_with_jobs_is_worked_for() -> None:
    packages = [module.name for module in pkgutil.iter_modules(childcare_api.__path__) if module.ispkg]
    assert "units" in packages
    with_jobs = [
        import_module(f"childcare_api.{package}.jobs")
        for package in packages
        if any(module.name == "jobs" for module in pkgutil.iter_modules([f"{childcare_api.__path__[0]}/{package}"]))
    ]
    wanted = [module.HANDLERS for module in with_jobs if hasattr(module, "HANDLERS")]
    assert [handlers for handlers in wanted if not any(handlers is known for known in MODULES)] == []


async def test_the_months_to_come_have_their_audit_tables(database, rows, clock) -> None:
    clock.forward(days=200)
    await make_audit_partitions(database)
    name = f"events_p{clock().strftime('%Y%m')}"
    assert await rows("SELECT 1 FROM pg_class WHERE relname = $1", name)
    async with open_worker_connection(database) as connection:
        assert await connection.fetchval("SELECT current_user") == "childcare_worker"
