"""With CI=true a skip is a failure: what is not proven there is proven nowhere.

One reason is allowed: where nobody is root, what root does cannot be tried.
"""

import os
from collections.abc import Generator

import pytest

NEEDS_ROOT = "only root can be another user"


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        if NEEDS_ROOT in str(reason) and os.geteuid() != 0:
            return
        report.outcome, report.longrepr = "failed", f"CI=true allows no skip. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report
