"""Lists and searches show the children of one's own unit, by filters that are all about the same child."""

import pytest
from tests.children.lists import aged, listed, names
from tests.people import LAO_CAI, SA_PA, SA_PA_VILLAGE

from childcare_api.children.schemas import ChildSummary
from childcare_api.shared.paging import Page


async def test_everybody_sees_the_children_of_the_own_unit(
    sa_pa_officer, ta_van_officer, lao_cai_province_officer, lai_chau_province_officer, *, register
):
    await register(sa_pa_officer, full_name="Giàng A Sà")
    await register(ta_van_officer, full_name="Vàng Thị Mỷ")
    assert await listed(sa_pa_officer) == ["Giàng A Sà"]
    assert await listed(ta_van_officer) == ["Vàng Thị Mỷ"]
    assert await listed(lao_cai_province_officer) == ["G. A. S.", "V. T. M."]
    assert await listed(lai_chau_province_officer) == []


@pytest.mark.parametrize("who", ["bo_y_te_analyst", "hotline_111", "sa_pa_inspector", "sa_pa_administrator"])
async def test_who_has_no_business_with_children_sees_none(speak_as, who):
    assert (await speak_as(who).get("/children")).status_code == 403
    assert (await speak_as(who).get("/children/0193a000-0000-7000-8000-000000000001")).status_code == 403


async def test_a_list_is_one_event_with_the_ids_it_showed(sa_pa_officer, register, events):
    children = [await register(sa_pa_officer, full_name=f"Giàng A {name}") for name in ("Sà", "Páo", "Dế")]
    answer = await sa_pa_officer.get("/children", params={"limit": 2})
    Page[ChildSummary].model_validate_json(answer.content)
    [event] = await events("children.listed")
    assert str(children[0]["id"]) in str(event["detail"])
    assert str(children[1]["id"]) in str(event["detail"])
    assert str(children[2]["id"]) not in str(event["detail"])
    assert event["holder_commune_id"] == SA_PA


async def test_opening_a_file_is_an_event(sa_pa_officer, lao_cai_province_officer, register, events):
    child = await register(sa_pa_officer)
    assert (await lao_cai_province_officer.get(f"/children/{child['id']}")).status_code == 200
    assert (await lao_cai_province_officer.get("/children/0193a000-0000-7000-8000-000000000001")).status_code == 404
    [event] = await events("child.opened")
    assert (event["subject_id"], event["holder_commune_id"]) == (child["id"], SA_PA)
    assert (event["holder_province_id"], event["actor_unit_id"]) == (LAO_CAI, LAO_CAI)


@pytest.mark.parametrize("sort", ["recorded", "name", "changed_at", "-changed_at"])
async def test_pages_follow_one_another(sa_pa_officer, register, sort):
    for number in range(7):
        await register(sa_pa_officer, full_name=f"Giàng A {'SPDHTKL'[number]}")
    whole = await listed(sa_pa_officer, sort=sort)
    assert len(whole) == 7
    paged, cursor = [], {}
    while True:
        answer = await sa_pa_officer.get("/children", params={"sort": sort, "limit": 3, **cursor})
        paged += names(answer)
        if answer.json()["next_cursor"] is None:
            break
        assert 'rel="next"' in answer.headers["link"]
        cursor = {"cursor": answer.json()["next_cursor"]}
    assert paged == whole
    if sort == "name":
        assert paged == sorted(paged)
    if sort == "-changed_at":
        assert paged == list(reversed(await listed(sa_pa_officer, sort="changed_at")))


async def test_above_the_commune_no_list_is_in_the_order_of_names_that_it_does_not_show(
    sa_pa_officer, lao_cai_province_officer, register
):
    await register(sa_pa_officer, full_name="Vàng A Pao")
    refused = await lao_cai_province_officer.get("/children", params={"sort": "name"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "names_not_shown")
    assert await listed(lao_cai_province_officer, sort="-changed_at") == ["V. A. P."]
    await register(sa_pa_officer, full_name="Vàng Thị Sú Dở")
    # Nor does a word said twice, or a mistaken one that is near another word, stand for one that is not known.
    for part in (
        *("vang", "pao", "vang pao", "vang a", "vang a p", "vang a pa o", "a", "v a p", "vang a a", "vang a vang"),
        *("vang a ya", "vang a vag", "vang thi thi thi", "thi vang do do", "tho thi vang do", "vang thi do doo"),
    ):
        assert await listed(lao_cai_province_officer, q=part) == [], part
        counted = await lao_cai_province_officer.get("/children", params={"q": part, "include": "total"})
        assert counted.json()["total"] == 0
    for whole in ("vang a pao", "Pao Vàng A", "vang a poa"):
        assert await listed(lao_cai_province_officer, q=whole) == ["V. A. P."], whole


async def test_a_cursor_of_another_list_is_refused(sa_pa_officer, ta_van_officer, register):
    for name in ("Sà", "Páo"):
        await register(sa_pa_officer, full_name=f"Giàng A {name}")
    cursor = (await sa_pa_officer.get("/children", params={"limit": 1})).json()["next_cursor"]
    for who, params in ((sa_pa_officer, {"sort": "name"}), (sa_pa_officer, {"q": "giang"}), (ta_van_officer, {})):
        answer = await who.get("/children", params={**params, "cursor": cursor})
        assert answer.status_code == 400, answer.text


async def test_a_total_is_counted_on_demand(sa_pa_officer, register):
    for name in ("Sà", "Páo"):
        await register(sa_pa_officer, full_name=f"Giàng A {name}")
    assert (await sa_pa_officer.get("/children")).json()["total"] is None
    counted = await sa_pa_officer.get("/children", params={"include": "total", "limit": 1})
    assert counted.json()["total"] == 2
    searched = await sa_pa_officer.get("/children", params={"include": "total", "limit": 1, "q": "giang"})
    assert searched.json()["total"] == 2


@pytest.fixture
async def commune(sa_pa_officer, register):
    """Five children of Sa Pa who differ in everything that a list can ask for."""
    await register(sa_pa_officer, full_name="A", born_on=aged(2), village_id=SA_PA_VILLAGE)
    await register(
        sa_pa_officer,
        full_name="B",
        born_on=aged(8),
        birth_registration="registered",
        health_card="held",
        circumstances=[{"group": "disability", "from_on": "2025-01-01"}],
    )
    await register(
        sa_pa_officer,
        full_name="C",
        born_on=aged(8),
        sex="female",
        health_card="held",
        health_card_until="2024-01-01",
        circumstances=[{"group": "other_difficult", "from_on": "2025-01-01"}],
    )
    await register(sa_pa_officer, full_name="D", born_on=aged(15), birth_registration="registered")
    await register(
        sa_pa_officer,
        full_name="E",
        born_on=aged(9),
        birth_registration="not_registered",
        circumstances=[{"group": "at_risk_violence", "from_on": "2025-01-01"}],
    )


FILTERS = (
    ({"village_id": SA_PA_VILLAGE}, "A"),
    ({"age_to": 2}, "A"),
    ({"age_from": 8, "age_to": 8}, "BC"),
    ({"age_from": 9}, "DE"),
    ({"sex": "female"}, "C"),
    ({"without_birth_registration": True}, "ACE"),
    ({"without_health_card": True}, "ACDE"),
    ({"group": "disability"}, "B"),
    ({"circumstances": "special"}, "B"),
    ({"circumstances": "at_risk"}, "E"),
    ({"circumstances": "other_difficult"}, "C"),
    ({"age_from": 9, "circumstances": "at_risk", "without_birth_registration": True}, "E"),
    ({"age_from": 9, "circumstances": "special"}, ""),
    ({"changed_since": "2020-01-01T00:00:00Z"}, "ABCDE"),
    ({"changed_since": "2099-01-01T00:00:00Z"}, ""),
)


async def test_filters_are_about_the_same_child(commune, sa_pa_officer, lao_cai_province_officer, ta_van_officer):
    for params, expected in FILTERS:
        for who in (sa_pa_officer, lao_cai_province_officer):
            # The province reads initials; one letter is its own.
            shown = "".join(await listed(who, **params)).replace(".", "")
            assert (params, shown) == (params, expected)
        assert await listed(ta_van_officer, **params) == []


@pytest.mark.parametrize(
    "params",
    [
        {"colour": "red"},
        {"sex": "other"},
        {"group": "unknown"},
        {"group": "special"},
        {"group": "orphan_both_parents.no_caregiver"},
        {"age_from": -1},
        {"sort": "note"},
        {"limit": 201},
        {"limit": 0},
        {"village_id": "x"},
        {"changed_since": "yesterday"},
        {"q": " "},
        {"q": "a b c d e f g h i"},
        {"q": "a", "sort": "name"},
        {"cursor": "x"},
    ],
)
async def test_a_query_that_means_nothing_is_refused(sa_pa_officer, params):
    answer = await sa_pa_officer.get("/children", params=params)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
