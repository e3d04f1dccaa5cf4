"""What holds of children and their papers, in words of the law; pure functions of what they are given."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from childcare_api.shared.text import fold

Precision = Literal["day", "month", "year", "estimated"]

CHILD_AGE = 16
"""A child is a person under 16 (Luật Trẻ em 102/2016/QH13, Điều 1)."""

_ESTIMATE_TOLERANCE = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that looks wrong and may still be right: it is told, and nothing is refused for it."""

    code: str
    pointer: str
    message_vi: str
    message_en: str
    child_id: UUID | None = None

    def told(self) -> dict[str, object]:
        """Return it as an answer says it."""
        return asdict(self)


def latest_birthday(born_on: date, precision: Precision) -> date:
    """Return the last day the birthday can be.

    Where only the month or the year is known, its last day counts as the birthday (Bộ luật Tố tụng hình sự 2015,
    Điều 417): who may still be a child is treated as one.
    """
    if precision == "month":
        return born_on.replace(day=monthrange(born_on.year, born_on.month)[1])
    if precision == "year":
        return date(born_on.year, 12, 31)
    return born_on


def earliest_birthday(born_on: date, precision: Precision) -> date:
    """Return the first day the birthday can be; an estimated age may be wrong by years."""
    if precision == "month":
        return born_on.replace(day=1)
    if precision == "year":
        return date(born_on.year, 1, 1)
    if precision == "estimated":
        return years_before(born_on, _ESTIMATE_TOLERANCE)
    return born_on


def missing_of_birthday(sent: Iterable[str], old: Precision, new: Precision) -> str | None:
    """Return which field a change of the birthday leaves out, if it cannot do without.

    A half-known day is kept as the last day it can be. Under another precision that day would be an invented
    birthday, and a day sent without its precision would be lost in the old one.
    """
    if old == new == "day":
        return None
    return next((name for name in ("born_on", "born_on_precision") if name not in sent), None)


def search_lines(names: Iterable[str | None]) -> str | None:
    """Return names as they are looked for, a line for each; None where there are none."""
    return "\n".join(sorted({fold(name) for name in names if name})) or None


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; 29 February becomes the 28th where that year has none."""
    year = day.year - years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def birthday_of_age(age: int, today: date) -> date:
    """Return the latest birthday of somebody who is that old today."""
    return years_before(today, age)


def born_after(age: int, today: date) -> date:
    """Return the earliest birthday of somebody who is not older than that today."""
    return years_before(today, age + 1) + timedelta(days=1)


def age_on(born_on: date, day: date) -> int:
    """Return the full years between a birthday and a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_child_on(born_on: date, day: date) -> bool:
    """Say whether somebody born then is under 16 on that day."""
    return age_on(born_on, day) < CHILD_AGE


def turns_16_on(born_on: date) -> date:
    """Return the day on which somebody born then is a child no longer."""
    year = born_on.year + CHILD_AGE
    if (born_on.month, born_on.day) == (2, 29) and monthrange(year, 2)[1] == 28:  # noqa: PLR2004 - a common year
        return date(year, 3, 1)
    return born_on.replace(year=year)


def first_day(day: date, precision: Precision) -> date:
    """Return the first day of the period that a half-known day stands for."""
    if precision == "month":
        return day.replace(day=1)
    if precision == "year":
        return day.replace(month=1, day=1)
    return day


def last_day(day: date, precision: Precision) -> date:
    """Return the last day of the period that a half-known day stands for."""
    return latest_birthday(day, precision)


def personal_id_warnings(
    value: str, *, sex: str, born_on: date, precision: Precision, old_provinces: Mapping[str, bool]
) -> list[Notice]:
    """Compare a personal id (số định danh cá nhân, Nghị định 137/2015/NĐ-CP Điều 13) with the record, softly.

    Its 12 digits are the province of birth registration in the codes before 2025-07-01 (or a country), one digit of
    century and sex, two of the year of birth, six at random. `old_provinces` names every old province code, and
    says which of them lie in the child's province of today.
    """
    found = []
    kind = int(value[3])
    if sex != "unknown" and (kind % 2 == 0) != (sex == "male"):
        found.append(
            Notice(
                "personal_id_sex_differs",
                "/value",
                "Giới tính trong số định danh khác với hồ sơ.",
                "The sex in the personal id differs from the record.",
            )
        )
    year = 1900 + 100 * (kind // 2) + int(value[4:6])
    first, last = earliest_birthday(born_on, precision).year, latest_birthday(born_on, precision).year
    if not first <= year <= last:
        found.append(
            Notice(
                "personal_id_year_differs",
                "/value",
                "Năm sinh trong số định danh khác với hồ sơ.",
                "The year of birth in the personal id differs from the record.",
            )
        )
    # 001 to 096 are provinces; what lies above names the country of birth.
    province = value[1:3]
    if value[0] == "0" and not old_provinces.get(province, False):
        known = province in old_provinces
        found.append(
            Notice(
                "personal_id_province_differs" if known else "personal_id_province_unknown",
                "/value",
                "Số định danh do tỉnh khác cấp." if known else "Số định danh mang mã tỉnh không có trong danh mục.",
                "The personal id was given in another province."
                if known
                else "The personal id carries a province code that never existed.",
            )
        )
    return found


def held_by_another(child_id: UUID) -> Notice:
    """Return the warning that another record inside the caller's scope carries the same personal id."""
    return Notice(
        "personal_id_held_by_another",
        "/value",
        "Một hồ sơ khác đã có số định danh này.",
        "Another record carries this personal id.",
        child_id,
    )


def may_be_one_birthday(one: tuple[date, Precision], other: tuple[date, Precision]) -> bool:
    """Say whether two birthdays, each by how much of it is known, can be the same.

    An age that somebody estimated is taken to be right to a year here: whoever may be wrong by five is no warning.
    """
    if "estimated" in {one[1], other[1]}:
        return abs(one[0] - other[0]) <= timedelta(days=366)
    return earliest_birthday(*one) <= latest_birthday(*other) and earliest_birthday(*other) <= latest_birthday(*one)


def maybe_registered_before(child_id: UUID) -> Notice:
    """Return the warning that a child of the same name and birthday is in the book already."""
    return Notice(
        "maybe_registered_before",
        "/full_name",
        "Đã có hồ sơ trẻ em cùng họ tên và có thể cùng ngày sinh; hãy kiểm tra xem có phải một trẻ.",
        "A child of the same name, and perhaps the same birthday, is registered; see whether it is the same child.",
        child_id,
    )


def periods_overlap(a_from: date, a_until: date | None, b_from: date, b_until: date | None) -> bool:
    """Say whether two half-open periods share a day."""
    return (b_until is None or a_from < b_until) and (a_until is None or b_from < a_until)


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the old and the new value of each field that differs; a field missing on one side is null there."""
    names = dict.fromkeys([*old, *new])
    return {name: {"old": old.get(name), "new": new.get(name)} for name in names if old.get(name) != new.get(name)}


def undo(record: dict[str, Any], changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the record as it stood before the given changes, newest first.

    `record` holds the child's own fields and, under `circumstance`, `guardian` and `identifier`, its parts by id.
    A part that a change added was not there before; every other change puts back the old values.
    """
    for change in changes:
        if change["part"] == "child":
            target = record
        elif change["action"].endswith("_added"):
            record[change["part"]].pop(str(change["part_id"]), None)
            continue
        else:
            target = record[change["part"]].get(str(change["part_id"]), {})
        for name, values in change["fields"].items():
            if name in target:
                target[name] = values["old"]
    return record
