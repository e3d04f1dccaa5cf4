"""Vietnamese as papers write it: days, times, sums, names of offices and places, what a code is called."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from childcare_api.shared import clock

_TWO_DIGITS_UNTIL_MONTH = 2
_KIND_OF_COMMUNE = re.compile(r"^(?:Xã|Phường|Thị trấn|Đặc khu)\s+(?=\D)", re.IGNORECASE)
_KIND_OF_PLACE = re.compile(
    r"^(?:Xã|Phường|Thị trấn|Đặc khu|Tỉnh|Thành phố|Thôn|Bản|Tổ|Xóm|Ấp|Khu|Số|Nhà|Đường|Phố|Ngõ|Ngách|Huyện|Quận)\s",
)
_WITHOUT_MARK = "……"
_NEWBORN = "dưới 01 tuổi"
_BY_SEX: Mapping[str, Mapping[str, str]] = {
    "step_parent": {"male": "Cha dượng", "female": "Mẹ kế"},
    "adoptive_parent": {"male": "Cha nuôi", "female": "Mẹ nuôi"},
    "grandparent": {"male": "Ông", "female": "Bà"},
}
"""What the list of relations calls by several words."""


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called, by the code lists as they stand."""

    labels: Mapping[str, Mapping[str, str]]

    def of(self, list_name: str, code: str | None) -> str | None:
        """Return what a code is called; a code that no list knows is better printed than lost."""
        return None if code is None else self.labels.get(list_name, {}).get(code, code)

    def related(self, relation: str | None, sex: str | None) -> str | None:
        """Return what somebody so related to the child is called: by one word where the sex is known."""
        return _BY_SEX.get(relation or "", {}).get(sex or "", self.of("relations", relation))

    def ordered(self, list_name: str, codes: Iterable[str]) -> list[str]:
        """Return codes in the order of their list, those that it does not know at the end."""
        places = {code: place for place, code in enumerate(self.labels.get(list_name, {}))}
        return sorted(codes, key=lambda code: places.get(code, len(places)))

    def several(self, list_name: str, codes: list[str]) -> str | None:
        """Return what several codes are called."""
        return "; ".join(self.of(list_name, code) or "" for code in self.ordered(list_name, codes)) or None

    def options(self, list_name: str, chosen: str | None) -> tuple[tuple[str, bool], ...]:
        """Return a list as boxes, of which the one that was chosen is ticked."""
        return tuple((label, code == chosen) for code, label in self.labels.get(list_name, {}).items())


def long_day(day: date | None) -> str:
    """Return a day as a paper's head has it: `ngày 05 tháng 02 năm 2026`; only months 1 and 2 take a zero."""
    if day is None:
        return f"ngày {_WITHOUT_MARK} tháng {_WITHOUT_MARK} năm {_WITHOUT_MARK}"
    month = f"{day.month:02d}" if day.month <= _TWO_DIGITS_UNTIL_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def unbroken(text: str) -> str:
    """Return words that stay on one line."""
    return text.replace(" ", "\u00a0")


def short_day(day: date | None) -> str | None:
    """Return a day for a table: 05/02/2026."""
    return None if day is None else f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def moment(instant: datetime | None) -> str | None:
    """Return an instant in words, as the clock stands in Viet Nam."""
    if instant is None:
        return None
    local = instant.astimezone(clock.VIET_NAM)
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {long_day(local.date())}"


def until(instant: datetime) -> str:
    """Return an instant as the end of a term: the last minute of a day is that day's end."""
    local = instant.astimezone(clock.VIET_NAM)
    is_end_of_day = (local.hour, local.minute) == (23, 59)
    return long_day(local.date()) if is_end_of_day else moment(instant) or _WITHOUT_MARK


def short_moment(instant: datetime) -> str:
    """Return an instant for a table: 09:05 05/02/2026."""
    local = instant.astimezone(clock.VIET_NAM)
    return f"{local.hour:02d}:{local.minute:02d} {short_day(local.date())}"


def birth(day: date | None, precision: str | None, estimated_age: int | None) -> str | None:
    """Return a birthday as far as it is known, else the estimated age."""
    if day is None or precision is None:
        return None if estimated_age is None else f"khoảng {estimated_age} tuổi" if estimated_age else _NEWBORN
    match precision:
        case "day":
            return short_day(day)
        case "month":
            return f"tháng {day.month:02d}/{day.year}"
        case "year":
            return f"năm {day.year}"
        case _:
            return f"khoảng năm {day.year}"


def born(birth: str | None) -> str:
    """Return a birthday as it stands in a sentence: `sinh ngày 31/05/2018`, `sinh khoảng năm 2018`, `khoảng 8 tuổi`."""
    if birth is None:
        return f"sinh {_WITHOUT_MARK}"
    if birth.endswith(" tuổi"):
        return birth
    return f"sinh ngày {birth}" if birth[:1].isdigit() else f"sinh {birth}"


def money(sum_vnd: int | None) -> str | None:
    """Return a sum in đồng with dots between the thousands."""
    return None if sum_vnd is None else f"{sum_vnd:,}".replace(",", ".")


def place(unit_name: str | None) -> str:
    """Return a commune as the place of a paper: its name without what kind of unit it is, unless that is a number."""
    return _WITHOUT_MARK if unit_name is None else _KIND_OF_COMMUNE.sub("", unit_name)


def inside(name: str | None) -> str:
    """Return a unit's name, or an address, as it stands inside a sentence: `xã Tả Van`, `thôn Séo Mý Tỷ`."""
    if name is None:
        return _WITHOUT_MARK
    return name[:1].lower() + name[1:] if _KIND_OF_PLACE.match(name) else name


def address(written: str | None, unit_name: str | None) -> str | None:
    """Return an address with the unit that it lies in: `Thôn Tả Van Giáy 1, xã Tả Van`."""
    if written is None or unit_name is None or inside(unit_name).lower() in written.lower():
        return written or unit_name
    return f"{written[:1].upper()}{written[1:]}, {inside(unit_name)}"


def amid(words: str) -> str:
    """Return words that begin with a capital as they stand in the middle of a line; abbreviations keep theirs."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


def number(symbol: str, known: str | None = None) -> str:
    """Return a paper's number and symbol; a number that is not known stays dotted."""
    return f"Số: {known}" if known is not None else f"Số: {_WITHOUT_MARK}/{symbol}"
