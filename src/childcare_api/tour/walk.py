"""The walk as a whole: the steps in their order, and what the end of it says."""

from collections.abc import Awaitable, Callable

import httpx
from rich.console import Console

from childcare_api.tour.casework import assess, decide, follow
from childcare_api.tour.looking_back import look_back
from childcare_api.tour.plans import look_at_plans
from childcare_api.tour.report import land, refer, take_up
from childcare_api.tour.telling import NotAsItShouldBe, Tour
from childcare_api.tour.tet import across_tet

STEPS: tuple[Callable[[Tour], Awaitable[None]], ...] = (
    refer,
    land,
    take_up,
    assess,
    decide,
    follow,
    across_tet,
    look_back,
    look_at_plans,
)


async def walk_to(url: str, password: str, console: Console, *, tokens: dict[str, str] | None = None) -> bool:
    """Walk against the server at an address; `tokens` are of people who are logged in there already."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        return await walk(Tour(client, password, console, tokens={} if tokens is None else tokens))


async def walk(tour: Tour) -> bool:
    """Walk the main job; return whether everything was as it should be, having said what was not."""
    try:
        for step in STEPS:
            await step(tour)
    except NotAsItShouldBe as finding:
        tour.console.print(f"\n[red]✗ {finding}[/]")
        return False
    except (httpx.ConnectError, httpx.ConnectTimeout):
        tour.console.print(
            f"\n[red]✗ No server answers at {tour.client.base_url}: start it first with `make run`,"
            " or say where it is with PORT.[/]"
        )
        return False
    except (httpx.HTTPError, KeyError, IndexError, TypeError, ValueError) as failure:
        # An answer of another shape than the contract's ends the tour like any other that is not as it should be.
        tour.console.print(f"\n[red]✗ {tour.step or 'The server'}: {type(failure).__name__}: {failure}[/]")
        return False
    tour.console.print(f"\n[green]✓[/] {tour.steps} steps, everything as it should be.")
    return True
