"""Which tests stay on one worker, because what they share takes long to make.

xdist's own mark for it does nothing since pytest 9.2: it writes the group into a name that is no longer read.
"""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

TESTS = Path(__file__).parent
DEMO = "the demo that is loaded and served once"
FILES = {
    **dict.fromkeys(("test_backup", "test_demo", "test_docs_page", "test_generated_client", "test_readme"), DEMO),
    "test_tour": DEMO,
    "test_serve": "one data directory",
    "test_migrations": "a cluster of each version",
}
"""What the tests of a file share, by its name."""


def group_of(nodeid: str) -> str:
    """Return the group of a test: what its file shares, else itself."""
    return FILES.get(Path(nodeid.partition("::")[0]).stem, nodeid)


class Together(LoadScopeScheduling):
    """Gives whole groups to workers, the greatest first, and then one test after the other in their order."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)
