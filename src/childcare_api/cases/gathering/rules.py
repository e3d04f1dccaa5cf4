"""The dossier of a child for whom care is looked for, paper by paper (NĐ 56/2017, Điều 38.3, 38.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from childcare_api.alternative_care.rules import DECREE, Lack

PaperStatus = Literal["held", "none_exists", "in_case", "missing", "not_asked"]

PAPERS: dict[str, str] = {
    "child_identity_paper": "38.3.a",
    "child_health_certificate": "38.3.b",
    "child_photos": "38.3.c",
    "care_needs": "38.3.d",
    "abandonment_minutes": "38.3.đ",
    "separation_decision": "38.3.e",
    "facility_admission": "38.4.b",
    "facility_report": "38.4.c",
}
"""What the dossier consists of, in the order of the decree, and where it asks for each."""

MAY_NOT_EXIST = frozenset({"child_identity_paper"})
"""What the decree asks for only if there is one ("nếu có")."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written down last of a paper: by which step, and whether there is one at all."""

    step_id: UUID
    there_is_one: bool = True


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a case says of the child's papers. `in_case` are those that are steps of the case themselves."""

    written: Mapping[str, Written]
    in_case: Mapping[str, UUID]
    found_abandoned: bool
    in_facility: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of the dossier: where the decree asks for it, whether it is there, and which step says so."""

    paper: str
    article: str
    status: PaperStatus
    step_id: UUID | None = None


def dossier(gathered: Gathered) -> list[Entry]:
    """Return the dossier paper by paper. What the case itself holds is never asked for a second time."""
    return [_entry(paper, gathered) for paper in PAPERS]


def _entry(paper: str, gathered: Gathered) -> Entry:
    article = f"{DECREE} Điều {PAPERS[paper]}"
    written = gathered.written.get(paper)
    if paper in gathered.in_case:
        return Entry(paper, article, "in_case", gathered.in_case[paper])
    if written is not None and written.there_is_one:
        return Entry(paper, article, "held", written.step_id)
    if written is not None and paper in MAY_NOT_EXIST:
        return Entry(paper, article, "none_exists", written.step_id)
    return Entry(paper, article, "missing" if _is_asked(paper, gathered) else "not_asked")


def _is_asked(paper: str, gathered: Gathered) -> bool:
    """Say whether a paper is asked of this child. A separation that was decided is a step of the case by itself."""
    match paper:
        case "abandonment_minutes":
            return gathered.found_abandoned
        case "separation_decision":
            return False
        case "facility_admission" | "facility_report":
            return gathered.in_facility
        case _:
            return True


def missing(gathered: Gathered) -> list[Lack]:
    """Return which papers are not there, by article, in the order of the decree."""
    return [Lack(one.paper, one.article) for one in dossier(gathered) if one.status == "missing"]
