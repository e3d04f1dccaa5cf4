"""Carers of other provinces, who come after those of the own commune and province (NĐ 56/2017, Điều 42.3 c, d)."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of, faults_of
from tests.cases.care import NEEDS, due
from tests.cases.stories import File
from tests.people import HOANG_MAI, LAI_CHAU, LAO_CAI, TA_LENG, TA_VAN


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_carers_of_other_provinces_are_offered_page_by_page_and_nothing_names_them(
    *, case_id, sa_pa_officer, lao_cai_province_officer, ta_van_officer, ta_van_leader, ta_leng_officer,
    ta_leng_leader, hoang_mai_officer, hoang_mai_leader, events
):  # fmt: skip
    stranger = {"is_foreigner": True, "resident_from": "2020-01-01", "resident_until": "2030-01-01"}
    stranger |= {"judicial_record_on": "2026-03-01", "applied_on": "2026-03-05", "counselled_on": "2026-03-10"}
    foreign = await listed(ta_leng_officer, ta_leng_leader, full_name="Anna Nowak", **stranger)
    later = await listed(ta_leng_officer, ta_leng_leader, full_name="Giàng Thị Mỷ", applied_on="2026-10-06")
    young = await listed(hoang_mai_officer, hoang_mai_leader, full_name="Trần Thị Lan", born_on="2006-01-01")
    near = await listed(ta_van_officer, ta_van_leader)
    unsent = await listed(hoang_mai_officer, hoang_mai_leader, full_name="Lê Thị Hoa", applied_on="2026-10-01")
    path = f"/cases/{case_id}/placement-candidates/elsewhere"
    assert (await sa_pa_officer.get(path)).json()["items"] == [], "no list was sent"
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    ask = {"commune_id": HOANG_MAI, "carer_id": unsent["id"], "message": "Nhờ xem xét."}
    assert faults_of(await file.post(sa_pa_officer, "/placement-requests", ask)) == {"/carer_id": "no_such_record"}
    for officer in (ta_leng_officer, ta_van_officer, hoang_mai_officer):
        await list_sent(officer)

    found, query = [], {"limit": 2, "include": "total"}
    while True:
        answer = await sa_pa_officer.get(path, params=query)
        assert (answer.status_code, answer.json()["total"]) == (200, 4), answer.text
        found += answer.json()["items"]
        if (cursor := answer.json()["next_cursor"]) is None:
            break
        assert set((await events("carers.listed"))[-1]["detail"]["ids"]) == {one["carer_id"] for one in found[-2:]}
        query |= {"cursor": cursor}
    assert [(one["carer_id"], one["order"], one["order_article"][-6:]) for one in found] == [
        (unsent["id"], "vietnamese", "42.3.c"),
        (young["id"], "vietnamese", "42.3.c"),
        (later["id"], "vietnamese", "42.3.c"),
        (foreign["id"], "foreigner", "42.3.d"),
    ]
    assert set(found[0]) == {
        *("carer_id", "commune_id", "commune_name", "province_name", "order", "order_article", "against")
    }
    assert (found[2]["commune_id"], found[2]["commune_name"]) == (TA_LENG, "Xã Tả Lèng")
    assert [one["article"] for one in found[1]["against"]] == ["Luật Trẻ em Điều 63.2.d"]

    async def ids(client, **params) -> list[str]:
        answer = await client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return [one["carer_id"] for one in answer.json()["items"]]

    assert await ids(sa_pa_officer, province_id=LAI_CHAU) == [later["id"], foreign["id"]]
    assert await ids(sa_pa_officer, province_id=LAO_CAI) == [near["id"]], "of the own province, for whom there are more"
    assert await ids(lao_cai_province_officer) == [], "only a commune looks for carers"
    for no_province in (999, TA_LENG):
        refused = await sa_pa_officer.get(path, params={"province_id": no_province})
        assert (refused.status_code, faults_of(refused)) == (400, {"province_id": "no_such_province"})
    assert (await ta_van_officer.get(path, params={"province_id": 999})).status_code == 404
    moved_on = await sa_pa_officer.get(path, params={"cursor": query["cursor"], "province_id": LAI_CHAU})
    assert (moved_on.status_code, code_of(moved_on)) == (400, "bad_query")
    first = (await sa_pa_officer.get(f"/cases/{case_id}/placement-candidates")).json()
    assert ([one["carer_id"] for one in first["carers"]], first["more_in_province"]) == ([near["id"]], False)

    # The commune there is asked as one of the own province is, and nobody who lives somewhere else.
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    ask = {"commune_id": TA_LENG, "carer_id": later["id"], "message": "Nhờ xem xét."}
    wrong = await file.post(sa_pa_officer, "/placement-requests", ask | {"commune_id": TA_VAN})
    assert faults_of(wrong) == {"/carer_id": "no_such_record"}
    assert "on a list in force" in wrong.json()["errors"][0]["message"]
    asked = await file.do(sa_pa_officer, "/placement-requests", ask)
    assert (asked["answered"], "answer" in await due(ta_leng_leader)) == ("waiting", True)
