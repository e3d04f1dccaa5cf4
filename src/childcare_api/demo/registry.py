"""A registry of made-up children: the same seed, day and places give the same rows, ready to be copied in.

It also serves the benchmarks, so it deals in tuples and draws fast: a million children take some minutes.
Shares: 5 % are twins, of 10 % only the year of birth is known, 15 % have no papers, 3 % were entered twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson

from childcare_api.children.rules import latest_birthday, search_lines
from childcare_api.demo.names import MIXES, PEOPLES, People, Table
from childcare_api.shared.text import fold

Row = tuple[Any, ...]

HOLDER = ("unit_id", "village_id", "commune_id", "district_id", "province_id")
RECORDED = ("recorded_at", "recorded_by")
COLUMNS = {
    "households": (
        *("id", "code", "head_name", "address", "phone", "poverty", "note", "search_names", "row_version"),
        *("changed_at", "changed_by", *RECORDED, *HOLDER),
    ),
    "household_members": (
        *("id", "household_id", "full_name", "relation", "sex", "born_year", "ethnicity", "occupation"),
        *(*RECORDED, *HOLDER),
    ),
    "children": (
        *("id", "household_id", "full_name", "search_name", "name_words", "sex", "born_on", "born_on_precision"),
        *("ethnicity", "nationality", "birth_registration", "birth_certificate_number", "birth_registered_on"),
        *("health_card", "health_card_number", "health_card_until", "schooling", "school", "grade", "row_version"),
        *("changed_at", "changed_by", *RECORDED, *HOLDER),
    ),
    "child_guardians": (
        *("id", "child_id", "full_name", "relation", "is_main_carer", "born_year", "ethnicity", "occupation", "phone"),
        *(*RECORDED, *HOLDER),
    ),
    "child_identifiers": ("id", "child_id", "kind", "value", "issued_on", "issuer", *RECORDED, *HOLDER),
    "child_circumstances": (
        *("id", "child_id", "kind", "group_code", "subgroup_code", "from_on", "from_on_precision", "ended_on"),
        *("ended_at", "ended_by", "end_reason", "evidence_kind", "evidence_number", "evidence_on", "evidence_issuer"),
        *(*RECORDED, *HOLDER),
    ),
    "child_changes": ("id", "child_id", "row_version", "action", "part", "part_id", "fields", *RECORDED, *HOLDER),
}
"""What is filled in of each table, in the order in which the tables can be loaded."""

TWINS, YEAR_ONLY, WITHOUT_PAPERS, TWICE = 0.05, 0.10, 0.15, 0.03

_SIZES = Table({"1": 34, "2": 42, "3": 16, "4": 8})
_POVERTY = Table({"none": 70, "poor": 16, "near_poor": 11, "unknown": 3})
_WORK = Table({"Làm ruộng": 60, "Công nhân": 15, "Buôn bán nhỏ": 12, "Viên chức": 6, "Làm thuê": 7})
_CIRCUMSTANCES = Table(
    {
        "special/disability/disability.severe/certificate": 22,
        "special/disability/disability.mild/certificate": 18,
        "special/orphan_both_parents/orphan_both_parents.with_relatives/decision": 10,
        "special/without_support/without_support.both_parents_incapable/decision": 12,
        "special/serious_illness_poor_household/serious_illness_poor_household.poor_household/medical_conclusion": 9,
        "special/dropout_working/dropout_working.with_parents_or_caregiver/statement": 8,
        "special/abandoned/abandoned.in_alternative_care/decision": 4,
        "special/hiv_aids//medical_conclusion": 2,
        "at_risk/at_risk_violence//": 40,
        "at_risk/at_risk_exploitation//": 15,
        "at_risk/at_risk_abandonment//": 10,
        "other_difficult/other_difficult//": 70,
    }
)
_IN_CIRCUMSTANCES, _IN_TWO, _ENDED = 0.055, 0.12, 0.25
_MORNING = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where children are made up: a village and who answers for it, who lives there, and who wrote them down."""

    village_id: int | None
    commune_id: int
    province_id: int
    mix: str
    recorder: UUID
    address: str
    old_provinces: tuple[str, ...]
    weight: float = 1.0

    @property
    def holder(self) -> Row:
        """Return the holder columns, in the order of HOLDER."""
        return (self.village_id or self.commune_id, self.village_id, self.commune_id, None, self.province_id)


@dataclass
class Batch:
    """Rows by table, in the order of COLUMNS."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def add(self, table: str, *row: object) -> None:
        """Put a row at the end of its table."""
        self.rows[table].append(row)


def registry(places: list[Place], count: int, *, seed: int, today: date, batch: int = 20_000) -> Iterator[Batch]:
    """Yield households with `count` children in all, in batches of about so many children."""
    maker = _Maker(Random(seed), today)  # noqa: S311 - the same numbers again are what is wanted
    where = Table({str(index): place.weight for index, place in enumerate(places)})
    rows = Batch()
    while maker.made < count:
        place = places[int(where.draw(maker.random))]
        maker.household(rows, place, count - maker.made)
        if len(rows.rows["children"]) >= batch:
            yield rows
            rows = Batch()
    yield rows


class _Maker:
    """Draws households one after the other, and numbers what it makes."""

    def __init__(self, random: Random, today: date) -> None:
        self.random = random
        self.today = today
        self.made = 0
        self._ids = int(_MORNING.timestamp() * 1000) << 80

    def _id(self) -> UUID:
        # A UUIDv7 whose time runs on by a millisecond for every id, so that they are in order and never the same.
        self._ids += 1 << 80
        return UUID(int=self._ids | 0x7000 << 64 | 0x8 << 60 | self.random.getrandbits(60))

    def household(self, rows: Batch, place: Place, at_most: int) -> None:
        """Add one household with its parents and children."""
        random = self.random
        people = PEOPLES[MIXES[place.mix].draw(random)]
        family, recorded = people.family_name(random), self._recorded(place)
        household_id, poverty = self._id(), _POVERTY.draw(random)
        father = people.full_name(random, "male", family)
        mother = people.full_name(random, "female", people.family_name(random))
        parents_born = self.today.year - random.randint(22, 45)
        work, tail = _WORK.draw(random), (*recorded, *place.holder)
        code = f"{place.commune_id % 100_000:05d}-{household_id.int >> 80 & 0xFFFFFF:06d}"
        phone = f"09{random.randrange(10**8):08d}" if random.random() < 0.7 else None  # noqa: PLR2004 - a share
        rows.add(
            *("households", household_id, code, father, place.address, phone, poverty, None),
            *(search_lines([father, mother]), 1),
            *(recorded[0], recorded[1], *tail),
        )
        for name, relation, sex in ((father, "father", "male"), (mother, "mother", "female")):
            rows.add(
                *("household_members", self._id(), household_id, name, relation, sex, parents_born),
                *(people.ethnicity, work, *tail),
            )
        home = _Home(household_id, people, family, _Parents(father, mother, parents_born, work, phone))
        births = self._births(min(int(_SIZES.draw(random)), at_most))
        for born_on in births:
            self._child(rows, place, home, born_on)

    def _births(self, size: int) -> list[date]:
        births: list[date] = []
        while len(births) < size:
            # Not in the last days, so that whoever wrote the child down did so after its birth and before today.
            born_on = self.today - timedelta(days=self.random.randrange(3, 16 * 365))
            # A birth of twins gives two children, but households of one have no room for it: together, this factor.
            twins = len(births) + 2 <= size and self.random.random() < TWINS * 1.2
            births += [born_on, born_on] if twins else [born_on]
        return births

    def _recorded(self, place: Place, not_before: date | None = None) -> Row:
        first = max(not_before or _MORNING.date(), min(_MORNING.date(), self.today - timedelta(days=2)))
        hours = self.random.randrange(24 * max((self.today - first).days - 1, 1))
        return (datetime.combine(first, _MORNING.timetz()) + timedelta(hours=hours), place.recorder)

    def _child(self, rows: Batch, place: Place, home: "_Home", born_on: date) -> None:
        random = self.random
        sex = "male" if random.random() < 0.527 else "female"  # noqa: PLR2004 - 111.5 boys for 100 girls
        name = home.people.full_name(random, sex, home.family)
        papers = random.random() >= WITHOUT_PAPERS
        precision = "year" if random.random() < YEAR_ONLY else "day"
        personal_id = self._personal_id(place, sex, born_on) if papers else None
        child = _ChildDraft(name, sex, born_on, precision, home.people.ethnicity, personal_id)
        child_id = self._write(rows, place, child, home.household_id, home.parents)
        if random.random() < _IN_CIRCUMSTANCES:
            for _ in range(2 if random.random() < _IN_TWO else 1):
                self._circumstance(rows, place, child_id, born_on)
        if random.random() < TWICE:
            # As it happens: written again by somebody else, without accents or with only the year, in another book.
            again = _ChildDraft(
                fold(name).title() if random.random() < 0.5 else name,  # noqa: PLR2004 - one in two
                *(sex, born_on, "year" if random.random() < 0.5 else precision, None, personal_id),  # noqa: PLR2004
            )
            self._write(rows, place, again, None, home.parents)

    def _personal_id(self, place: Place, sex: str, born_on: date) -> str:
        province = self.random.choice(place.old_provinces)
        return f"0{province}{2 if sex == 'male' else 3}{born_on.year % 100:02d}{self.random.randrange(10**6):06d}"

    def _write(
        self, rows: Batch, place: Place, child: "_ChildDraft", household: UUID | None, parents: "_Parents"
    ) -> UUID:
        random, child_id, recorded = self.random, self._id(), self._recorded(place, child.born_on)
        self.made += 1
        papers, age = child.personal_id is not None, (self.today - child.born_on).days // 365
        tail, search = (*recorded, *place.holder), fold(child.name)
        # Even who has papers may lack one of them, and some questions nobody asked yet.
        card = "held" if papers and random.random() < 0.93 else random.choice(("none", "unknown"))  # noqa: PLR2004
        school = "not_yet" if age < 3 else "attending" if random.random() < 0.93 else "out_of_school"  # noqa: PLR2004
        born_on = latest_birthday(child.born_on, child.precision)  # type: ignore[arg-type]
        written = {
            "full_name": child.name,
            "sex": child.sex if random.random() > 0.01 else "unknown",  # noqa: PLR2004 - one in a hundred
            "born_on": born_on,
            "born_on_precision": child.precision,
            "ethnicity": child.ethnicity if random.random() > 0.03 else None,  # noqa: PLR2004 - three in a hundred
            "birth_registration": "registered" if papers else "not_registered",
            "health_card": card,
            "schooling": school,
        }
        rows.add(
            *("children", child_id, household, child.name, search, search.split(), written["sex"], born_on),
            *(child.precision, written["ethnicity"], "Việt Nam" if papers else None, written["birth_registration"]),
            f"{random.randrange(1, 400)}/{child.born_on.year}" if papers else None,
            min(child.born_on + timedelta(days=random.randrange(5, 90)), self.today) if papers else None,
            *(card, f"{random.randrange(10**10):010d}" if card == "held" else None),
            date(child.born_on.year + 6, 9, 30) if card == "held" and age < 6 else None,  # noqa: PLR2004 - under six
            *(school, None, str(min(age - 5, 9)) if school == "attending" and age > 5 else None),  # noqa: PLR2004
            *(1, recorded[0], recorded[1], *tail),
        )
        for name, relation, main in ((parents.mother, "mother", True), (parents.father, "father", False)):
            rows.add(
                *("child_guardians", self._id(), child_id, name, relation, main, parents.born_year, child.ethnicity),
                *(parents.work, parents.phone, *tail),
            )
        if child.personal_id is not None:
            rows.add(*("child_identifiers", self._id(), child_id, "personal_id", child.personal_id, None, None, *tail))
        fields = orjson.dumps({name: {"old": None, "new": value} for name, value in written.items()}).decode()
        rows.add("child_changes", self._id(), child_id, 1, "registered", "child", None, fields, *tail)
        return child_id

    def _circumstance(self, rows: Batch, place: Place, child_id: UUID, born_on: date) -> None:
        random = self.random
        kind, group, subgroup, evidence = _CIRCUMSTANCES.draw(random).split("/")
        from_on = born_on + timedelta(days=random.randrange((self.today - born_on).days - 1))
        ended = random.random() < _ENDED
        until = from_on + timedelta(days=random.randrange(max((self.today - from_on).days, 1))) if ended else None
        recorded = self._recorded(place, until or from_on)
        rows.add(
            *("child_circumstances", self._id(), child_id, kind, group, subgroup or None, from_on, "day", until),
            *((*recorded, "Hoàn cảnh đã thay đổi") if ended else (None, None, None)),
            *(evidence or None, f"{random.randrange(1, 300)}/QĐ-UBND" if evidence == "decision" else None),
            *(from_on if evidence else None, "UBND xã" if evidence == "decision" else None),
            *(*recorded, *place.holder),
        )


@dataclass(frozen=True)
class _Parents:
    father: str
    mother: str
    born_year: int
    work: str
    phone: str | None


@dataclass(frozen=True)
class _Home:
    household_id: UUID
    people: People
    family: str
    parents: _Parents


@dataclass(frozen=True)
class _ChildDraft:
    name: str
    sex: str
    born_on: date
    precision: str
    ethnicity: str | None
    personal_id: str | None
