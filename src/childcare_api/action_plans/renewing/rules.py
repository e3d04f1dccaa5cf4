"""What renewing a plan makes of its parts. Pure: no session, no clock.

Districts and their offices ended on 2025-06-30; the departments of labour, of planning and of information went into
others on 2025-03-01 (see the directory of agencies).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

DISTRICTS_ENDED_ON: Final = date(2025, 6, 30)

_ENDED_BODIES = re.compile(
    r"huyện|thị xã|quận|thị trấn|LĐ-?TB|Lao động|KH&ĐT|Kế hoạch và Đầu tư|Thông tin và Truyền thông", re.IGNORECASE
)
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_TITLE_YEAR = re.compile(r"(năm )(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of one part: fields that change, and why somebody must look at it."""

    carry_over: str
    notes: list[str]
    changes: dict[str, Any] = field(default_factory=dict)


def is_ended(level: str | None, on_day: date) -> bool:
    """Say whether units of a level no longer exist on a day."""
    return level == "district" and on_day > DISTRICTS_ENDED_ON


def renewed_title(title: str, old_years: range, year: int) -> str:
    """Return the title for the new year where it names the old one: NĂM 2024 becomes NĂM 2026."""
    if len(old_years) != 1:
        return title
    return _TITLE_YEAR.sub(lambda found: f"{found[1]}{year}" if int(found[2]) in old_years else found[0], title)


def carry_target(target: Mapping[str, Any], *, same_unit: bool, year: int) -> Carried:
    """Say what becomes of a target.

    A count of districts has nothing to count any more. A baseline, and a number that is no percentage, were set for
    the old boundaries. Bodies that ended and years that passed need other words.
    """
    if is_ended(target["counts_level"], date(year, 1, 1)):
        return Carried("not_carried", ["counts_ended_level"])
    notes: list[str] = []
    changes: dict[str, Any] = {}
    if not same_unit and target["baseline"] is not None:
        notes.append("baseline_of_other_boundaries")
        changes |= {"baseline": None, "baseline_year": None}
    if not same_unit and target["value"] is not None and target["measure_unit"] != "%":
        notes.append("set_for_other_boundaries")
    notes += _words(f"{target['statement']} {target['responsible'] or ''}", year)
    return _carried(notes, changes)


def carry_budget_line(line: Mapping[str, Any], *, year: int) -> Carried:
    """Say what becomes of a line of money: an amount was granted for its own years."""
    notes: list[str] = []
    changes: dict[str, Any] = {}
    if line["amount_vnd"] is not None:
        notes.append("amount_of_past_period")
        changes["amount_vnd"] = None
    return _carried(notes + _words(f"{line['statement']} {line['responsible'] or ''}", year), changes)


def carry_staffing_line(line: Mapping[str, Any], *, year: int) -> Carried:
    """Say what becomes of a number of people: none are left at a level that ended."""
    if is_ended(line["level"], date(year, 1, 1)):
        return Carried("not_carried", ["counts_ended_level"])
    return _carried(_words(f"{line['statement']} {line['responsible'] or ''}", year), {})


def carry_legal_basis() -> Carried:
    """Say what becomes of a document: whether it is still in force is for a person to find out."""
    return Carried("review", ["check_in_force"])


def carry_obligation(obligation: Mapping[str, Any], *, unit_level: str, year: int) -> Carried:
    """Say who reports now: where districts did, the communes do (Thông tư 16/2025/TT-BYT). A commune has nobody below.

    The words still name who reported then, so each is looked at.
    """
    below = {"central": "province", "province": "commune"}.get(unit_level)
    if below is None:
        return Carried("not_carried", ["no_sender_below"])
    text = f"{obligation['sender_text'] or ''} {obligation['recipient_text'] or ''}"
    if obligation["sender_level"] == below:
        return _carried(_words(text, year), {})
    return _carried(["sender_level_ended", *_words(text, year)], {"sender_level": below})


def _words(text: str, year: int) -> list[str]:
    notes = ["names_past_years"] if any(int(found[0]) < year for found in _YEAR.finditer(text)) else []
    return [*notes, "names_ended_bodies"] if _ENDED_BODIES.search(text) else notes


def _carried(notes: list[str], changes: dict[str, Any]) -> Carried:
    return Carried("review" if notes else "carried", notes, changes)
