"""The catalogue of problems as a page: every code, its status, its words in both languages, and when it happens."""

from childcare_api.shared.problems import TYPE_PREFIX, Problem, every_problem

_HEAD = f"""# Problems

Every answer that is not 2xx is `application/problem+json` (RFC 9457). `type` is `{TYPE_PREFIX}` and one of these
codes, which never change. `title` and `detail` come in Vietnamese or English by `Accept-Language`; `errors` points at
each place of a body (JSON pointer) or names each parameter; `request_id` leads the operators to the request.

What one field says and another one forbids is told at the field to change; at the whole object (`""`) only where it is
several of them together, such as `one_place` or `consent_or_override`.

A time that cannot be is always 422 and names its field: `in_future`, `too_early` (before what it follows from),
`has_passed` or `ends_before_it_begins`; so is the id of a record that is nobody's here, `no_such_record`.

This page is written by `childcare-api problems` and compared in the tests.

| code | status | English | Vietnamese | when |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page, as Markdown."""
    return _HEAD + "".join(_row(problem) for problem in sorted(_concrete(), key=lambda one: one.code))


def _concrete() -> set[type[Problem]]:
    # A class without words of its own is what others are derived from.
    return {
        problem
        for problem in every_problem()
        if problem.title_en != Problem.title_en and problem.__module__.startswith("childcare_api.")
    }


def _row(problem: type[Problem]) -> str:
    when = " ".join((problem.__doc__ or "").split())
    return f"| `{problem.code}` | {problem.status} | {problem.title_en} | {problem.title_vi} | {when} |\n"
