"""Late in the evening of Viet Nam a run has the next day already: what a test does within hours, it does on one day.

What the product does about midnight is for tests that set the clock there.
"""

import os
from datetime import datetime, time, timedelta

import pytest

from childcare_api.shared import clock

_AHEAD_SECONDS = "CHILDCARE_TEST_CLOCK_AHEAD_SECONDS"
_EVENING = time(20)
_NEXT_MORNING = time(0, 30)
_NOW = clock.now


def ahead_of(now: datetime) -> timedelta:
    """Return by how much a run that begins at `now` is ahead of the world: nothing, but in the evening."""
    here = now.astimezone(clock.VIET_NAM)
    if here.time() < _EVENING:
        return timedelta()
    tomorrow = here.date() + timedelta(days=1)
    return datetime.combine(tomorrow, _NEXT_MORNING, clock.VIET_NAM) - here


def pytest_configure() -> None:
    """Decide once for the run: workers are told."""
    ahead = timedelta(seconds=float(os.environ.setdefault(_AHEAD_SECONDS, str(ahead_of(_NOW()).total_seconds()))))
    clock.now = lambda: _NOW() + ahead


@pytest.fixture(autouse=True)
def _the_time_of_the_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the world's own time to a test that speaks with a real server, which has no other."""
    if "demo_server" in request.fixturenames:
        monkeypatch.setattr(clock, "now", _NOW)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the clock, and what begins after this run, as they were."""
    clock.now = _NOW
    if not hasattr(config, "workerinput"):
        os.environ.pop(_AHEAD_SECONDS, None)
