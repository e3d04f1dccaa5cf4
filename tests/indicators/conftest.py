"""Reports and cases to count, made the way offices make them."""

from tests.cases import conftest as cases

assessed_report = cases.assessed_report
