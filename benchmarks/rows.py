"""What is promised, a row each: what is asked for, by whom, and how good the answer has to be."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from tests.people import LAO_CAI, SA_PA

from benchmarks.filling import Filled

REFERRAL = Path(__file__).with_name("referral.json")


REFERENCE = 13_900
"""Plain records of one table that the bare floor answered in a second where the promises were measured."""


@dataclass(frozen=True)
class Row:
    """One promise: what is asked for, by whom, and how good it has to be."""

    name: str
    paths: Callable[[Filled], list[str]]
    who: str = "sa_pa_officer"
    floor: Callable[[Filled], list[str]] | None = None
    method: str = "GET"
    body: Path | None = None
    ratio: float | None = None
    server_p95: float | None = None
    """Of the time the server takes: judged at half of the load that it can bear, where little waits for others."""
    p99: float | None = None
    """At all that 16 connections can ask for."""
    per_second: float | None = None


def _searches(words: list[str]) -> list[str]:
    # Two words in the wrong order, and one with a letter missing: what people type.
    pairs = [f"{second} {first}" for first, second in pairwise(words)]
    typos = [word[:-1] for word in words if len(word) > 3]  # noqa: PLR2004 - shorter ones would be other words
    return [f"/api/v1/children?q={quote(q)}" for q in (*words, *pairs, *typos)] or ["/api/v1/children?q=anh"]


def _whole_names(names: list[str]) -> list[str]:
    # As they are, in the wrong order, and with a letter missing.
    turned = [" ".join(reversed(name.split())) for name in names]
    typos = [name[:-1] for name in names if len(name.split()[-1]) > 3]  # noqa: PLR2004 - as above
    return [f"/api/v1/children?q={quote(q)}" for q in (*names, *turned, *typos)] or ["/api/v1/children?q=anh"]


ROWS = (
    Row(
        "one child",
        lambda filled: [f"/api/v1/children/{one}" for one in filled.ids],
        floor=lambda filled: [f"/one/{one}" for one in filled.ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 children",
        lambda _: ["/api/v1/children"],
        floor=lambda _: [f"/list/{SA_PA}"],
        ratio=2.2,
        p99=10,
    ),
    Row(
        "one case",
        lambda filled: [f"/api/v1/cases/{one}" for one in filled.case_ids],
        floor=lambda filled: [f"/case/{one}" for one in filled.case_ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 cases",
        lambda _: ["/api/v1/cases"],
        floor=lambda _: [f"/cases/{SA_PA}"],
        ratio=2.2,
        p99=10,
    ),
    Row(
        "one case by grant",
        lambda filled: [f"/api/v1/cases/{one}" for one in filled.granted_ids],
        who="ta_van_officer",
        floor=lambda filled: [f"/case/{one}" for one in filled.granted_ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 cases, masked",
        lambda _: ["/api/v1/cases"],
        who="lao_cai_province_officer",
        floor=lambda _: [f"/province/{LAO_CAI}"],
        ratio=2.2,
        p99=10,
    ),
    Row("search in a commune", lambda filled: _searches(filled.words), server_p95=10),
    Row(
        "search in a province",
        lambda filled: _whole_names(filled.names),
        who="lao_cai_province_officer",
        server_p95=40,
    ),
    Row(
        "referral intake",
        lambda _: ["/api/v1/hotline/referrals"],
        who="hotline_111",
        method="POST",
        body=REFERRAL,
        per_second=1000,
        p99=30,
    ),
)


UNMEASURED = (
    "name search in the country",
    "province statistics by group, sex, age band",
    "import of 100,000 children",
    "device sync of a commune",
    "1,000 users at 1,000,000 children",
    "against Django REST framework",
)
"""What is promised beside these."""
