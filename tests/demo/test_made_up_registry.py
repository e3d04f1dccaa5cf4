"""The made-up registry is the same again for the same seed, and looks as a real one does, gaps included."""

from collections import Counter
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

import orjson
import pytest
from tests.people import HA_NOI, HOANG_MAI, LAO_CAI, SA_PA, SA_PA_VILLAGE, TA_VAN

from childcare_api.children.rules import is_child_on, personal_id_warnings
from childcare_api.demo.registry import COLUMNS, Place, registry
from childcare_api.shared.text import fold
from childcare_api.units.actions import DATA

TODAY = date(2026, 11, 21)
WHO = UUID(int=7)
PLACES = [
    Place(SA_PA_VILLAGE, SA_PA, LAO_CAI, "sa_pa", WHO, "Tổ 1", ("10", "15")),
    Place(None, TA_VAN, LAO_CAI, "ta_van", WHO, "Tả Van", ("10", "15"), weight=2),
    Place(None, HOANG_MAI, HA_NOI, "lowland", WHO, "Hoàng Mai", ("01",)),
]
COUNT = 6000


def made(seed=1, count=COUNT):
    batches = list(registry(PLACES, count, seed=seed, today=TODAY, batch=1000))
    return {
        table: [dict(zip(columns, row, strict=True)) for row in chain(*(batch.rows[table] for batch in batches))]
        for table, columns in COLUMNS.items()
    }


@pytest.fixture(scope="module")
def rows():
    return made()


def test_the_same_seed_makes_the_same_rows():
    assert made(seed=3, count=200) == made(seed=3, count=200)
    assert made(seed=3, count=200) != made(seed=4, count=200)


def test_there_are_as_many_as_asked_for(rows):
    assert COUNT <= len(rows["children"]) <= COUNT + 8
    assert len({row["id"] for table in rows.values() for row in table}) == sum(map(len, rows.values()))


def test_parts_belong_to_what_was_made_before_and_carry_its_holders(rows):
    children = {child["id"]: child for child in rows["children"]}
    households = {household["id"]: household for household in rows["households"]}
    for table in ("child_guardians", "child_identifiers", "child_circumstances", "child_changes"):
        assert rows[table]
        for part in rows[table]:
            assert part["commune_id"] == children[part["child_id"]]["commune_id"]
    for child in rows["children"]:
        assert child["household_id"] is None or households[child["household_id"]]["commune_id"] == child["commune_id"]
        assert child["search_name"] == fold(child["full_name"])
        assert child["name_words"] == child["search_name"].split()
    for change in rows["child_changes"]:
        assert orjson.loads(change["fields"])["full_name"]["new"] == children[change["child_id"]]["full_name"]


def share(rows, wanted):
    return sum(map(wanted, rows)) / len(rows)


def test_shares_are_those_of_a_real_book(rows):
    children = rows["children"]
    with_papers = {one["child_id"] for one in rows["child_identifiers"]}
    assert share(children, lambda child: child["born_on_precision"] == "year") == pytest.approx(0.10, abs=0.03)
    assert share(children, lambda child: child["id"] not in with_papers) == pytest.approx(0.15, abs=0.02)
    assert share(children, lambda child: child["household_id"] is None) == pytest.approx(0.03, abs=0.01)
    births = Counter((child["household_id"], child["born_on"]) for child in children if child["household_id"])
    twins = sum(count for count in births.values() if count > 1)
    assert twins / len(children) == pytest.approx(0.05, abs=0.015)
    assert share(children, lambda child: child["sex"] == "unknown") == pytest.approx(0.01, abs=0.01)
    in_circumstances = {one["child_id"] for one in rows["child_circumstances"]}
    assert share(children, lambda child: child["id"] in in_circumstances) == pytest.approx(0.055, abs=0.015)
    assert any(one["ended_on"] for one in rows["child_circumstances"])
    assert max(Counter(one["child_id"] for one in rows["child_circumstances"]).values()) > 1


def test_who_was_entered_twice_carries_the_same_papers(rows):
    first = {one["value"]: one["child_id"] for one in reversed(rows["child_identifiers"])}
    assert len(first) < len(rows["child_identifiers"])


def test_nothing_is_made_up_that_the_registry_would_refuse(rows):
    children = {child["id"]: child for child in rows["children"]}
    codes = {
        entry["code"]
        for name in ("special_circumstances", "risk_groups", "ethnicities")
        for entry in orjson.loads((DATA / "code_lists" / f"{name}.json").read_bytes())["entries"]
    }
    for child in rows["children"]:
        assert is_child_on(child["born_on"], TODAY)
        assert child["recorded_at"].date() < TODAY
        assert child["ethnicity"] is None or child["ethnicity"] in codes
        if child["born_on_precision"] == "day":
            assert child["born_on"] <= child["recorded_at"].date()
    for one in rows["child_circumstances"]:
        assert one["group_code"] in codes
        assert one["subgroup_code"] is None or one["subgroup_code"] in codes
        assert one["from_on"] <= (one["ended_on"] or TODAY) <= TODAY
        assert one["from_on"] - timedelta(days=1) <= one["recorded_at"].date()
    for one in rows["child_identifiers"]:
        child = children[one["child_id"]]
        old = {"10": True, "15": True} if child["province_id"] == LAO_CAI else {"01": True}
        assert not personal_id_warnings(
            one["value"],
            sex=child["sex"],
            born_on=child["born_on"],
            precision=child["born_on_precision"],
            old_provinces=old,
        )


def test_every_people_of_a_place_occurs_with_names_of_its_own(rows):
    peoples = Counter(child["ethnicity"] for child in rows["children"] if child["commune_id"] == TA_VAN)
    assert {"08", "26", "09", "01"} <= set(peoples)
    mong = {child["full_name"].split()[0] for child in rows["children"] if child["ethnicity"] == "08"}
    assert {"Giàng", "Sùng", "Thào"} <= mong
