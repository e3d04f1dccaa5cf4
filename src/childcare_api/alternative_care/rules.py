"""What the law asks of a carer, by article: the papers, the conditions, and what it takes to be listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from childcare_api.children.rules import Precision, age_on, earliest_birthday, latest_birthday, years_before
from childcare_api.deadlines.limits import limit
from childcare_api.deadlines.rules import add_months
from childcare_api.units.labels import labels, supplied_by

LAW, DECREE, CIRCULAR = "Luật Trẻ em", "NĐ 56/2017", "TT 14/2020/TT-BLĐTBXH"

CONDITIONS: dict[str, str] = {
    "resident": "63.2.a",
    "healthy": "63.2.a",
    "full_capacity": "63.2.a",
    "good_character": "63.2.a",
    "parental_rights_not_restricted": "63.2.a",
    "not_prosecuted_for_abuse": "63.2.a",
    "not_convicted": "63.2.a",
    "suitable_home": "63.2.b",
    "suitable_economy": "63.2.b",
    "voluntary": "63.2.c",
    "family_agrees": "63.2.c",
    "family_not_prosecuted_for_abuse": "63.2.c",
}
"""The conditions of Luật Trẻ em, Điều 63.2 that hold whatever child it is, and where the law states them."""

UNSAFE = (
    "parental_rights_not_restricted",
    "not_prosecuted_for_abuse",
    "not_convicted",
    "family_not_prosecuted_for_abuse",
)
"""Those of them without which a child is not safe with the carer."""

FULFILLED = frozenset({"yes", "no_family"})
"""What may stand beside a condition that is met: somebody who lives alone has no family to ask."""


_LISTS = ("placement_obstacles", "carer_conditions", "care_dossier_papers")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing or stands against, and the article.

    The code is one of the list `placement_obstacles`, of `carer_conditions`, or of `care_dossier_papers`. `until_on` is
    the last day of what runs out by itself.
    """

    code: str
    article: str
    until_on: date | None = None

    def told(self) -> dict[str, Any]:
        """Return it as a problem or an answer tells it."""
        until = {} if self.until_on is None else {"until_on": self.until_on}
        supplied = supplied_by(self.code, *_LISTS)
        return {
            "what": self.code,
            **labels(self.code, *_LISTS),
            "article": self.article,
            "supplied_by": supplied,
            **until,
        }


class Applicant(Protocol):
    """What of a carer the rules look at. Columns of the table, or of what another commune lets be seen."""

    basis: str
    is_foreigner: bool
    applied_on: date
    commitment: bool
    health_certificate_on: date | None
    judicial_record_on: date | None
    resident_from: date | None
    resident_until: date | None
    counselled_on: date | None


def papers_missing(carer: Applicant) -> list[Lack]:
    """Return what a carer's file lacks; a relative only gives notice (Luật Trẻ em, Điều 65.4; NĐ 56/2017, Điều 41.2).

    The certificate counts when it is not too old on the day of filing (Điều 41.1 b); a later one does.
    """
    return [] if carer.basis == "relative_notice" else papers_of_application(carer)


def papers_of_application(carer: Applicant) -> list[Lack]:
    """Return what the file of somebody lacks who is no relative of the child they take in (NĐ 56/2017, Điều 41.1)."""
    found = []
    if not carer.commitment:
        found.append(Lack("commitment", f"{DECREE} Điều 39.1"))
    certificate, filed = carer.health_certificate_on, carer.applied_on
    if certificate is None or certificate < add_months(filed, -limit("carer.certificate_age", filed)):
        found.append(Lack("health_certificate", f"{DECREE} Điều 41.1.b"))
    if carer.is_foreigner:
        found += _papers_of_foreigner(carer)
    if carer.counselled_on is None:
        found.append(Lack("counselling", f"{CIRCULAR} Điều 8.4"))
    return found


def _papers_of_foreigner(carer: Applicant) -> list[Lack]:
    """Return what a foreigner lacks: residence behind and before them (Điều 39.3), a judicial record (Điều 41.1 c)."""
    found = []
    if carer.judicial_record_on is None:
        found.append(Lack("judicial_record", f"{DECREE} Điều 41.1.c"))
    since, until, filed = carer.resident_from, carer.resident_until, carer.applied_on
    if since is None or add_months(since, limit("carer.resident_since", filed)) > filed:
        found.append(Lack("residence_six_months", f"{DECREE} Điều 39.3"))
    if until is None or add_months(filed, limit("carer.resident_left", filed)) > until:
        found.append(Lack("residence_twelve_months_left", f"{DECREE} Điều 39.3"))
    return found


def conditions_missing(conditions: Iterable[dict[str, Any]] | None) -> list[Lack]:
    """Return what the last verification leaves open or denies; without one, that it is missing (NĐ 56/2017, 42.1)."""
    if conditions is None:
        return [Lack("verification", f"{DECREE} Điều 42.1")]
    met = {one["condition"]: one["met"] for one in conditions}
    return [
        Lack(condition, f"{LAW} Điều {article}")
        for condition, article in CONDITIONS.items()
        if met[condition] not in FULFILLED
    ]


def found_unsafe(conditions: Iterable[dict[str, Any]], *, harmed_a_child: bool) -> list[Lack]:
    """Return what was found of a carer that no urgency passes over: who harmed others, or a child, or is barred.

    NĐ 56/2017, Điều 32.4, gives a separated child into care before the procedure; papers and the list come later, but
    the child is to be safe (Luật Trẻ em, Điều 60.2). What is not known yet stands against nobody.
    """
    met = {one["condition"]: one["met"] for one in conditions}
    found = [Lack(one, f"{LAW} Điều {CONDITIONS[one]}") for one in UNSAFE if met.get(one) == "no"]
    return [*found, Lack("registration_ended", f"{LAW} Điều 69.1.b")] if harmed_a_child else found


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday as far as it is known."""

    on: date
    precision: Precision

    @property
    def earliest(self) -> date:
        """The first day it can be."""
        return earliest_birthday(self.on, self.precision)

    @property
    def latest(self) -> date:
        """The last day it can be."""
        return latest_birthday(self.on, self.precision)


def is_surely_minor(carer: Birthday, day: date) -> bool:
    """Say whether a carer is certainly no adult on a day, and so has not the full capacity of Điều 63.2 a and d."""
    return age_on(carer.earliest, day) < limit("carer.adult", day)


UNKNOWN_AGES = ("relative_age_unknown", "age_difference_unknown")
"""What `age_against` says where the ages decide nothing."""


def age_against(carer: Birthday, child: Birthday | None, *, relative: bool, today: date) -> Lack | None:
    """Return what the ages say against a carer for a child (Luật Trẻ em, Điều 63.2 d).

    A relative must be an adult; anybody else 20 years older than the child. What half-known birthdays leave open is
    said as such (`UNKNOWN_AGES`), and decides nothing.
    """
    if relative:
        adult = limit("carer.adult", today)
        if age_on(carer.latest, today) >= adult:
            return None
        certain = age_on(carer.earliest, today) < adult
        return Lack("relative_not_adult" if certain else "relative_age_unknown", f"{LAW} Điều 63.2.d")
    if child is None:
        return Lack("age_difference_unknown", f"{LAW} Điều 63.2.d")
    years = limit("carer.older_by", today)
    if carer.latest <= years_before(child.earliest, years):
        return None
    certain = carer.earliest > years_before(child.latest, years)
    return Lack("not_twenty_years_older" if certain else "age_difference_unknown", f"{LAW} Điều 63.2.d")


def quarter_of(day: date) -> tuple[int, int]:
    """Return the year and the quarter that a day lies in."""
    return day.year, (day.month - 1) // 3 + 1


def first_of_quarter(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return date(year, quarter * 3 - 2, 1)


def end_of_quarter(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    return date(year, quarter * 3, 31 if quarter in (1, 4) else 30)


def next_quarter(year: int, quarter: int) -> tuple[int, int]:
    """Return the quarter after."""
    return (year + 1, 1) if quarter == 4 else (year, quarter + 1)  # noqa: PLR2004 - a year has four
