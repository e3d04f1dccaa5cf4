"""The case that the tests of cases work on."""

from tests.cases.conftest import assessed_report, case_id

__all__ = ["assessed_report", "case_id"]
