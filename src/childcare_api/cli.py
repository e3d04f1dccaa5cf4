"""`childcare-api`: what an operator can do. Thin: it reads settings, shows progress and calls the parts that act."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import typer

from childcare_api import backups, demonstration, document_commands, serving
from childcare_api.access.bootstrap import bootstrap as make_roles_and_database
from childcare_api.access.bootstrap import database_statement, role_statements
from childcare_api.deadlines.amending.actions import AmendmentRefused, amend_calendar, read_days, set_promise
from childcare_api.deadlines.data import CalendarYear
from childcare_api.demo.loading import DatabaseNotEmpty
from childcare_api.demo.stories import NotTold
from childcare_api.embedded import ClusterError
from childcare_api.identity.first_administrator import NotMade, make_first_administrator
from childcare_api.identity.keys import new_private_key
from childcare_api.installation import (
    NotReady,
    bring_up_to_date,
    demo_password,
    existing_installation,
    keeps_demo_password,
    reached_installation,
    ready_installation,
    settings_with,
)
from childcare_api.jobs import given_up
from childcare_api.settings import Settings, misspelt
from childcare_api.shared import clock
from childcare_api.terminal import out, say_error, say_warning, step
from childcare_api.tour.walk import walk_to

app = typer.Typer(
    name="childcare-api",
    help="A backend for Vietnamese child protection and care. Settings: see .env.example.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="People who may log in.", no_args_is_help=True)
app.add_typer(users, name="users")
app.add_typer(document_commands.app)

Result = TypeVar("Result")
PortOption = Annotated[int | None, typer.Option(help="The port to listen on [PORT, 8000].")]
HostOption = Annotated[str | None, typer.Option(help="The address to listen on [HOST, 127.0.0.1].")]
DataDirOption = Annotated[Path | None, typer.Option(help="Where this machine keeps its data [DATA_DIR, .data].")]
WorkersOption = Annotated[int | None, typer.Option(help="Processes that answer requests [WORKERS, 1].")]


@app.command()
def serve(
    port: PortOption = None, host: HostOption = None, data_dir: DataDirOption = None, workers: WorkersOption = None
) -> None:
    """Serve the API: on DATABASE_URL, or with a private PostgreSQL below the data directory."""
    with sentences():
        settings = settings_with(port=port, host=host, data_dir=data_dir, workers=workers)
        serving.end_on_signals()
        with (
            serving.bound_socket(settings.host, settings.port) as listening,
            ready_installation(settings, step) as complete,
        ):
            _serve(complete, listening)


@app.command()
def run(
    port: PortOption = None, host: HostOption = None, data_dir: DataDirOption = None, workers: WorkersOption = None
) -> None:
    """Load the demo where there is none yet, and serve it: what `make run` does."""
    with sentences():
        settings = settings_with(port=port, host=host, data_dir=data_dir, workers=workers)
        serving.end_on_signals()
        with (
            serving.bound_socket(settings.host, settings.port) as listening,
            ready_installation(settings, step) as complete,
        ):
            demonstration.load(complete, step)
            _serve(complete, listening)


def _serve(settings: Settings, listening: socket.socket) -> None:
    accounts = demonstration.accounts(settings) if keeps_demo_password(settings) else None
    serving.serve(settings, listening, partial(_announce, accounts))


@app.command()
def demo(data_dir: DataDirOption = None) -> None:
    """Fill an empty database with made-up people and children, to try everything with."""
    with sentences():
        settings = settings_with(data_dir=data_dir)
        with reached_installation(settings, step) as complete:
            demonstration.load(complete, step)
            out.print(demonstration.accounts(complete))


@app.command()
def bootstrap(
    *,
    database: Annotated[str, typer.Option(help="The name of the database to make.")] = "childcare",
    owner_password: Annotated[str, typer.Option(envvar="OWNER_PASSWORD", prompt=True, hide_input=True)],
    api_password: Annotated[str, typer.Option(envvar="API_PASSWORD", prompt=True, hide_input=True)],
    print_: Annotated[
        bool, typer.Option("--print", help="Print the SQL for a database administrator instead.")
    ] = False,
) -> None:
    """Make the roles and the database in a PostgreSQL of yours, as DATABASE_ADMIN_URL; once."""
    with sentences():
        if print_:
            statements = [
                *role_statements(owner_password=owner_password, api_password=api_password),
                database_statement(database),
            ]
            sys.stdout.writelines(f"{statement};\n" for statement in statements)
            return
        url = settings_with().database_admin_url
        if url is None:
            raise NotReady("DATABASE_ADMIN_URL is not set: a login that may make roles and databases.")
        with step("Making roles and the database"):
            asyncio.run(
                make_roles_and_database(
                    url, database=database, owner_password=owner_password, api_password=api_password
                )
            )


@app.command()
def migrate() -> None:
    """Bring the tables and the reference data of DATABASE_OWNER_URL to this release."""
    with sentences():
        url = settings_with().database_owner_url
        if url is None:
            raise NotReady("DATABASE_OWNER_URL is not set. A private PostgreSQL is migrated by `serve` itself.")
        with step("Bringing the tables up to date"):
            asyncio.run(bring_up_to_date(url))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write.")], data_dir: DataDirOption = None) -> None:
    """Write the whole database into one file; the server may go on meanwhile."""
    with sentences():
        backups.refuse_bad_target(file)
        with (
            existing_installation(settings_with(data_dir=data_dir), step) as complete,
            step(f"Backing up into {file}"),
        ):
            backups.back_up(complete, file)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="What `backup` wrote.")], data_dir: DataDirOption = None) -> None:
    """Make a new private installation of a backup, in a data directory that holds none yet."""
    with sentences():
        backups.restore(settings_with(data_dir=data_dir), file, step)


@app.command("jwt-key")
def jwt_key() -> None:
    """Print a new private key for JWT_PRIVATE_KEY_FILE."""
    sys.stdout.write(new_private_key())


@users.command("add-administrator")
def add_administrator(
    username: Annotated[str, typer.Argument(help="What to log in with.")],
    *,
    unit_id: Annotated[int, typer.Option(help="The unit to administer, as GET /units tells; 1 is the country.")] = 1,
    password: Annotated[
        str, typer.Option(envvar="NEW_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
    ],
    data_dir: DataDirOption = None,
) -> None:
    """Make the first administrator, who makes everybody else over the API."""
    with sentences(), existing_installation(settings_with(data_dir=data_dir), step) as complete:
        if complete.database_owner_url is None:
            raise NotReady("DATABASE_OWNER_URL is not set: the first administrator is written as the tables' owner.")
        asyncio.run(
            make_first_administrator(complete.database_owner_url, username=username, password=password, unit_id=unit_id)
        )


@app.command()
def tour(
    url: Annotated[str | None, typer.Option(help="Where the server answers [by HOST and PORT].")] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Walk a case from the call to its closure against a running demo, as its people. Ends with 1 at the first fault.

    The password is CHILDCARE_DEMO_PASSWORD, else what the demo keeps in DATA_DIR/demo-password.
    """
    with sentences():
        settings = settings_with(data_dir=data_dir)
        if not keeps_demo_password(settings):
            raise NotReady(
                "There is no demo password: set CHILDCARE_DEMO_PASSWORD, or point DATA_DIR at the demo's data."
            )
        address = url or f"http://{serving.shown_host(settings.host)}:{settings.port}"
        if not asyncio.run(walk_to(address, demo_password(settings), out)):
            raise typer.Exit(1)


@app.command()
def calendar(
    days: Annotated[Path, typer.Argument(help="A file like deadlines/data/holidays.csv.", exists=True, dir_okay=False)],
    announced: Annotated[list[int] | None, typer.Option(help="A year whose days off are all announced.")] = None,
    document: Annotated[str, typer.Option(help="By which document.")] = "",
    data_dir: DataDirOption = None,
) -> None:
    """Add announced days off and made-up working days; running tasks are reckoned anew by them."""
    with sentences(), existing_installation(settings_with(data_dir=data_dir), step) as complete:
        years = [CalendarYear(year=year, status="announced", note=document) for year in announced or ()]
        moved = asyncio.run(_as_owner(complete, partial(amend_calendar, days=read_days(days), years=years)))
        out.print(f"  The calendar is amended; {moved} tasks moved.")


@app.command()
def promise(
    code: Annotated[str, typer.Argument(help="Such as intake.acknowledge.")],
    hours: Annotated[int, typer.Argument(help="Within how many hours.")],
    data_dir: DataDirOption = None,
) -> None:
    """Change a promise of the house from today on, such as the hour to acknowledge a report. The law's terms stand."""
    with sentences(), existing_installation(settings_with(data_dir=data_dir), step) as complete:
        asyncio.run(_as_owner(complete, partial(set_promise, code=code, hours=hours, on=clock.today())))


@app.command()
def outbox(
    *,
    again: Annotated[bool, typer.Option("--again", help="Have it all tried once more.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show what the worker gave up after many attempts, such as a hotline that was never told."""
    with sentences(), existing_installation(settings_with(data_dir=data_dir), step) as complete:
        for line in asyncio.run(_as_owner(complete, given_up.given_up)):
            out.print(f"  {line}", markup=False)
        if again:
            out.print(
                f"  Tried again: {asyncio.run(_as_owner(complete, partial(given_up.try_again, now=clock.now())))}"
            )


async def _as_owner(settings: Settings, act: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
    if settings.database_owner_url is None:
        raise NotReady("DATABASE_OWNER_URL is not set: this is written as the owner of the tables.")
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        return await act(connection)
    finally:
        await connection.close()


@contextmanager
def sentences() -> Iterator[None]:
    """End with a plain sentence where one was meant for the person at the terminal."""
    for sentence in misspelt(Path(".env")):
        say_warning(sentence)
    try:
        yield
    except (AmendmentRefused, ClusterError, DatabaseNotEmpty, NotMade, NotReady, NotTold) as error:
        say_error(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _announce(accounts: str | None, address: str) -> None:
    out.print(f"\n  Serving on [bold]{address}[/]\n  Documentation: {address}/docs")
    if accounts is not None:
        out.print(accounts)
    out.print("  Ctrl-C stops it.\n")
