"""Reading units and code lists over HTTP."""

import pytest
from tests.people import LAO_CAI, SA_PA, TA_VAN


async def test_provinces_of_today_are_34(sa_pa_officer):
    answer = await sa_pa_officer.get("/units", params={"level": "province", "limit": 200})
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 34
    assert answer.json()["next_cursor"] is None


async def test_districts_are_those_of_the_day_asked_for(sa_pa_officer):
    today = await sa_pa_officer.get("/units", params={"level": "district", "include": "total"})
    before = await sa_pa_officer.get(
        "/units", params={"level": "district", "as_of": "2025-06-30", "include": "total", "limit": 1}
    )
    assert today.json()["total"] == 0
    assert before.json()["total"] == 696


async def test_communes_of_a_province_come_in_pages(sa_pa_officer):
    seen, cursor = [], {}
    while True:
        page = await sa_pa_officer.get(
            "/units", params={"level": "commune", "parent_id": LAO_CAI, "limit": 40, **cursor}
        )
        seen += [unit["id"] for unit in page.json()["items"]]
        if page.json()["next_cursor"] is None:
            break
        cursor = {"cursor": page.json()["next_cursor"]}
    assert len(seen) == len(set(seen)) == 99
    assert {SA_PA, TA_VAN} <= set(seen)


@pytest.mark.parametrize("words", ["Tả Van", "ta van", "VAN TA", "van  tả xa", "xa ta va"])
async def test_a_name_is_found_without_accents_and_in_any_word_order(sa_pa_officer, words):
    answer = await sa_pa_officer.get("/units", params={"q": words, "level": "commune", "parent_id": LAO_CAI})
    assert TA_VAN in [unit["id"] for unit in answer.json()["items"]]


@pytest.mark.parametrize("words", ["%", "_", "\\", "a%b"])
async def test_wildcards_are_only_letters(sa_pa_officer, words):
    assert (await sa_pa_officer.get("/units", params={"q": words})).json()["items"] == []


async def test_a_code_with_a_day_is_one_unit_and_without_one_is_refused(sa_pa_officer):
    old = await sa_pa_officer.get("/units", params={"code": "00331", "as_of": "2025-06-30"})
    new = await sa_pa_officer.get("/units", params={"code": "00331", "as_of": "2025-07-01"})
    assert [unit["name"] for unit in old.json()["items"]] == ["Phường Thịnh Liệt"]
    assert [unit["name"] for unit in new.json()["items"]] == ["Phường Hoàng Mai"]
    refused = await sa_pa_officer.get("/units", params={"code": "00331"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "as_of_missing"


async def test_a_unit_stands_below_its_ancestors(sa_pa_officer):
    unit = (await sa_pa_officer.get("/units/103001")).json()
    assert (unit["code"], unit["name"], unit["valid_to"], unit["code_verified"]) == (
        "03001",
        "Phường Sa Pa",
        "2025-06-30",
        False,
    )
    assert [above["name"] for above in unit["ancestors"]] == ["Thị xã Sa Pa", "Tỉnh Lào Cai", "Việt Nam"]


async def test_succession_names_both_sides_and_who_holds_it_on_a_day(sa_pa_officer):
    divided = (await sa_pa_officer.get("/units/100331/succession")).json()
    assert divided["divided"]
    assert [step["extent"] for step in divided["successors"]] == ["part"] * 4
    assert sum(step["is_default"] for step in divided["successors"]) == 1
    assert len(divided["holders"]) == 4
    before = (await sa_pa_officer.get("/units/100331/succession", params={"as_of": "2025-06-30"})).json()
    assert [unit["id"] for unit in before["holders"]] == [100331]
    today = (await sa_pa_officer.get(f"/units/{SA_PA}/succession")).json()
    assert 103001 in [step["unit"]["id"] for step in today["predecessors"]]
    assert today["successors"] == []


@pytest.mark.parametrize("path", ["/units/999", "/units/999/succession", "/code-lists/nothing"])
async def test_what_does_not_exist_is_not_found(sa_pa_officer, path):
    answer = await sa_pa_officer.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not_found")


@pytest.mark.parametrize("path", ["/units", f"/units/{SA_PA}", "/code-lists", "/code-lists/sexes"])
async def test_what_a_client_already_has_is_not_sent_again(sa_pa_officer, path):
    first = await sa_pa_officer.get(path)
    assert "max-age" in first.headers["cache-control"]
    again = await sa_pa_officer.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await sa_pa_officer.get(path, headers={"If-None-Match": '"something-else"'})
    assert (other.status_code, other.json()) == (200, first.json())


@pytest.mark.parametrize("path", ["/units", "/units/1", "/units/1/succession", "/code-lists", "/code-lists/sexes"])
async def test_a_token_is_needed(nobody, path):
    assert (await nobody.get(path)).status_code == 401


@pytest.mark.parametrize("who", ["hotline_111", "sa_pa_village_collaborator", "bo_y_te_analyst", "lao_cai_inspector"])
async def test_everyone_with_a_token_reads_units_and_code_lists(speak_as, who):
    assert (await speak_as(who).get("/units")).status_code == 200
    assert (await speak_as(who).get("/code-lists/abuse_types")).status_code == 200


async def test_the_14_groups_are_there_with_their_sub_groups(sa_pa_officer):
    groups = (await sa_pa_officer.get("/code-lists/special_circumstances")).json()
    assert groups["source"]
    entries = groups["entries"]
    assert sum(entry["parent_code"] is None for entry in entries) == 14
    assert all(entry["label_vi"] and entry["label_en"] and entry["article"] for entry in entries)


async def test_a_code_list_is_as_the_law_had_it_on_the_day(sa_pa_officer):
    before = await sa_pa_officer.get("/code-lists/special_circumstances", params={"as_of": "2017-06-30"})
    assert before.json()["entries"] == []
    levels = (await sa_pa_officer.get("/code-lists/unit_levels")).json()["entries"]
    assert "district" not in [entry["code"] for entry in levels]


async def test_who_took_the_place_of_districts_is_a_matter_of_days_and_of_no_text_that_was_read(sa_pa_officer):
    async def told(name, day):
        entries = (await sa_pa_officer.get(f"/code-lists/{name}", params={"as_of": day})).json()["entries"]
        return {one["code"]: (one["verified"], one["article"]) for one in entries}

    then, now = [await told("competences", day) for day in ("2025-06-30", "2025-07-01")]
    assert then == {
        "court_request": (True, "Luật Trẻ em 102/2016/QH13 Điều 52 khoản 3"),
        "provider_registration": (True, "Luật Trẻ em 102/2016/QH13 Điều 57 khoản 3"),
    }
    assert "147/2025" in now["court_request"][1]
    assert not any(verified for verified, _ in now.values())
    # The decree that says so ends on 1 March 2027.
    assert set(await told("competences", "2027-03-01")) == {"carers_list", "child_friendly_recognition"}
    for day, circular in (("2025-06-30", False), ("2025-07-01", True)):
        kinds = await told("report_kinds", day)
        for one in ("month_of_action", "children_forum"):
            assert (kinds[one][0], "16/2025" in kinds[one][1]) == (not circular, circular)


async def test_ethnicities_that_were_not_checked_say_so(sa_pa_officer):
    entries = (await sa_pa_officer.get("/code-lists/ethnicities")).json()["entries"]
    assert len([entry for entry in entries if entry["code"] <= "54"]) == 54
    assert {entry["code"]: entry["verified"] for entry in entries} | {"20": True, "21": False} == {
        entry["code"]: entry["verified"] for entry in entries
    }


async def test_every_code_list_is_named_with_its_source(sa_pa_officer):
    lists = (await sa_pa_officer.get("/code-lists")).json()["items"]
    assert {"abuse_types", "harm_levels", "relations", "channels", "service_groups", "report_kinds", "sexes"} <= {
        item["name"] for item in lists
    }
    assert all(item["source"] and item["entry_count"] for item in lists)


@pytest.mark.parametrize("as_of", ["0", "2026-02-30", "yesterday", "2026-01-01T00:00:00Z", "0001-01-01"])
@pytest.mark.parametrize("path", ["/units", "/units/1/succession", "/code-lists/sexes", "/hotlines", "/agencies"])
async def test_a_day_is_written_as_a_day(sa_pa_officer, path, as_of):
    assert (await sa_pa_officer.get(path, params={"as_of": as_of})).status_code == 400
