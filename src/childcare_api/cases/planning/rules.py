"""What a dossier needs before a leader may approve a plan, by article (NĐ 56/2017, Điều 27, 28; TT 14/2020, Điều 9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from childcare_api.units.labels import labels, supplied_by

CONTENTS = {
    "child_condition": "27.1.a",
    "family_and_protection": "27.1.b",
    "risk_factors": "27.1.c",
    "learning_and_self_protection": "27.1.d",
    "community_safety": "27.1.đ",
    "needs": "27.1.e",
    "child_wishes": "27.1.g",
    "carers_wishes": "27.1.h",
}
"""The eight contents of the detailed assessment, and where the decree asks for each."""


PROTECTORS = frozenset(
    {"officer", "police", "health", "education", "justice", "service_provider", "mass_organisation", "hotline_111"}
)
"""Who at a meeting is one of "các cá nhân, tổ chức có trách nhiệm bảo vệ trẻ em" (Điều 27.2), as we read it."""


_CHANGES = frozenset({"change_plan", "revise_plan"})
"""What changes what a plan says: a draft that was never submitted itself, any other version by its next one."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a dossier lacks: what, and the article that asks for it. `service` counts from 1."""

    what: str
    article: str
    service: int | None = None
    law: str = "NĐ 56/2017"

    def told(self, changed_by: str = "change_plan") -> dict[str, Any]:
        """Return it as the problem tells it. `changed_by` says which command changes this version of the plan."""
        supplied = [
            {"operation": one["operation"], "pointer": self._of_service(one["pointer"])}
            for one in supplied_by(self.what, "dossier_contents")
            if one["operation"] not in _CHANGES - {changed_by}
        ]
        return {
            "what": self.what,
            **labels(self.what, "dossier_contents"),
            "article": f"{self.law} Điều {self.article}",
            "service": self.service,
            "supplied_by": supplied,
        }

    def _of_service(self, pointer: str | None) -> str | None:
        """Return the pointer into this very service, which bodies count from 0."""
        return pointer if pointer is None or self.service is None else pointer.replace("*", str(self.service - 1))


@dataclass(frozen=True, slots=True)
class PlannedService:
    """One line of a plan, as far as the law asks about it. `provider_settled`: one is named, or none is needed."""

    starts_on: date | None
    expected_end_on: date | None
    responsible_body: str | None
    provider_settled: bool
    cost_vnd: int | None
    group: str = "protection"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What would go to the leader with a plan. `contents` says which of the eight contents are answered."""

    has_report: bool
    has_initial_assessment: bool
    contents: Mapping[str, bool] | None
    has_minutes: bool
    minutes_name_chair: bool
    minutes_name_protectors: bool
    minutes_name_neighbourhood: bool
    minutes_answer_for_carers: bool
    services: tuple[PlannedService, ...]
    cycle: int = 1
    has_renewing_review: bool = False
    in_alternative_care: bool = False
    care_needs: frozenset[str] = frozenset()
    has_objectives: bool = True
    has_supervision: bool = True


def carers_left_out(harm_doers: Collection[str], carers: Collection[str]) -> bool:
    """Say whether nobody is left whose wishes Điều 27.1 h asks for: every parent and carer known did the harm.

    Where no parent or carer is named in the file, both parents must have done it; else somebody is still to be asked.
    """
    known = set(carers) or {"father", "mother"}
    return known <= set(harm_doers)


def missing(dossier: Dossier) -> list[Missing]:
    """Return what a dossier lacks, in the order of the decree; an empty list means it may be submitted."""
    found = [
        Missing("intake_report", "28.2.a") if not dossier.has_report else None,
        Missing("initial_assessment", "28.2.a") if not dossier.has_initial_assessment else None,
        *_assessment(dossier),
        *_minutes(dossier),
        Missing("review", "30.1.c") if dossier.cycle > 1 and not dossier.has_renewing_review else None,
        Missing("services", "28.3.a") if not dossier.services else None,
    ]
    for number, service in enumerate(dossier.services, start=1):
        found += _service(number, service)
    if dossier.in_alternative_care:
        found += _alternative_care(dossier)
    return [one for one in found if one is not None]


def _alternative_care(dossier: Dossier) -> list[Missing | None]:
    """Return what the plan of a child who needs other care lacks beside the contents of the decree."""
    circular = "TT 14/2020/TT-BLĐTBXH"
    answered = {service.group for service in dossier.services}
    return [
        Missing("objectives", "9.3.a", law=circular) if not dossier.has_objectives else None,
        *(Missing(f"activity_{one}", "9.3.b", law=circular) for one in sorted(dossier.care_needs - answered)),
        Missing("supervision", "9.3.g", law=circular) if not dossier.has_supervision else None,
    ]


def _assessment(dossier: Dossier) -> list[Missing | None]:
    if dossier.contents is None:
        return [Missing("assessment", "28.2.b")]
    return [Missing(what, article) for what, article in CONTENTS.items() if not dossier.contents.get(what, False)]


def _minutes(dossier: Dossier) -> list[Missing | None]:
    if not dossier.has_minutes:
        return [Missing("meeting_minutes", "28.2.b")]
    return [
        Missing("meeting_chair", "27.2") if not dossier.minutes_name_chair else None,
        Missing("meeting_protectors", "27.2") if not dossier.minutes_name_protectors else None,
        Missing("meeting_neighbourhood", "27.2") if not dossier.minutes_name_neighbourhood else None,
        Missing("meeting_carers", "27.2") if not dossier.minutes_answer_for_carers else None,
    ]


def _service(number: int, service: PlannedService) -> list[Missing | None]:
    return [
        Missing("service_start", "28.3.a", number) if service.starts_on is None else None,
        Missing("service_expected_end", "28.3.a", number) if service.expected_end_on is None else None,
        Missing("service_responsible_body", "28.3.b", number) if service.responsible_body is None else None,
        Missing("service_provider", "28.3.c", number) if not service.provider_settled else None,
        Missing("service_cost", "28.3.d", number) if service.cost_vnd is None else None,
    ]
