"""Linking a case to the child's own record."""

from uuid import UUID

from tests.cases.stories import INITIAL_ASSESSMENT, File, Report, keyed, tag

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id

CHILD = {"full_name": "Vàng A Pao", "estimated_age": 8}


async def test_a_child_without_papers_is_registered_from_its_case(case_id, sa_pa_officer, events, rows):
    file = File(case_id)
    link = await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    assert (await file.refresh(sa_pa_officer))["child_id"] == link["child_id"]
    (child,) = await rows("SELECT sex, born_on_precision FROM children WHERE id = $1", UUID(link["child_id"]))
    assert tuple(child) == ("unknown", "estimated")
    assert [event["subject_id"] for event in await events("child.registered")] == [link["child_id"]]
    assert [event["subject_id"] for event in await events("case.child_linked")] == [str(case_id)]
    listed = (await sa_pa_officer.get("/cases", params={"child_id": link["child_id"]})).json()["items"]
    assert [case["id"] for case in listed] == [str(case_id)]


async def test_a_case_is_linked_to_a_child_of_the_own_register(case_id, sa_pa_officer):
    child = (await sa_pa_officer.post("/children", json=CHILD)).json()
    file = File(case_id)
    link = await file.do(sa_pa_officer, "/link-child", {"child_id": child["id"]})
    assert link["child_id"] == child["id"]


async def test_linking_a_child_who_is_not_the_one_reported_is_told_and_refused_never(case_id, sa_pa_officer):
    """The report tells of Vàng A Pao, a boy of about 8; a guess may be wrong by two years, accents and parts by any."""
    file, year = File(case_id), time.today().year
    alike = {"full_name": "Vang A Pao", "estimated_age": 10}
    for record, differs in (
        (
            {"full_name": "Lý Thị Dua", "sex": "female", "born_on": f"{year - 13}-05-01"},
            ["full_name", "sex", "birth_year"],
        ),
        ({"full_name": "Vàng A Páo", "sex": "female", "born_on": f"{year - 8}-05-01"}, ["sex"]),
        (alike, []),
    ):
        child = (await sa_pa_officer.post("/children", json=record)).json()
        link = await file.do(sa_pa_officer, "/link-child", {"child_id": child["id"]})
        assert link["child_id"] == child["id"]
        assert [(one["code"], one["pointer"], one["differs"]) for one in link["warnings"]] == (
            [("child_differs", "/child_id", differs)] if differs else [])  # fmt: skip
        if len(differs) == 3:
            assert "họ tên, giới tính, năm sinh" in link["warnings"][0]["message_vi"]
            assert "name, sex, year of birth" in link["warnings"][0]["message_en"]
        await file.do(sa_pa_officer, f"/child-links/{link['id']}/entered-in-error", {"reason": "Nhầm cháu."})
    new = {"full_name": "Lý A Páo", "estimated_age": 8}
    link = await file.do(sa_pa_officer, "/register-child", {"child": new})
    assert [(one["pointer"], one["differs"]) for one in link["warnings"]] == [("/child", ["full_name"])]


async def test_a_child_of_another_commune_and_one_that_does_not_exist_are_refused_alike(
    case_id, sa_pa_officer, ta_van_officer
):
    elsewhere = (await ta_van_officer.post("/children", json=CHILD)).json()["id"]
    file = File(case_id)
    answers = [await file.post(sa_pa_officer, "/link-child", {"child_id": str(one)}) for one in (elsewhere, new_id())]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


async def test_a_wrong_link_is_taken_back_and_made_again(case_id, sa_pa_officer):
    file = File(case_id)
    wrong = await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    await file.do(sa_pa_officer, f"/child-links/{wrong['id']}/entered-in-error", {"reason": "Nhầm cháu."})
    assert (await file.refresh(sa_pa_officer))["child_id"] is None
    right = await file.do(sa_pa_officer, "/register-child", {"child": CHILD | {"full_name": "Vàng A Páo"}})
    assert (await file.refresh(sa_pa_officer))["child_id"] == right["child_id"]


async def test_a_child_that_nobody_named_is_called_as_the_register_does(sa_pa_officer, lao_cai_province_officer):
    """And by nothing again where the link was an error; what a report said of the name itself is never written over."""
    said = {"children": [{"estimated_age": 8}, {"full_name": "Vàng A Tủa"}], "narrative": "x", "harm_doers": []}
    taken = (await sa_pa_officer.post("/intakes", json=said, headers=keyed())).json()
    address = f"/intakes/{taken['id']}"
    judged = await sa_pa_officer.post(f"{address}/assess", json=INITIAL_ASSESSMENT, headers=tag(taken["row_version"]))
    report = Report(taken["id"], [one["id"] for one in judged.json()["children"]], time.now(), 2)
    file, other = [File(one["id"]) for one in (await report.open(sa_pa_officer)).json()["cases"]]
    heads = [await one.refresh(sa_pa_officer) for one in (file, other)]
    assert [one["child_name"] for one in heads] == [None, "Vàng A Tủa"]
    wrong = await file.do(sa_pa_officer, "/register-child", {"child": CHILD | {"full_name": "Lý A Páo"}})
    await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    await other.do(sa_pa_officer, "/register-child", {"child": CHILD | {"full_name": "Vàng Thị Tủa"}})

    async def called(who) -> list[str | None]:
        items = (await who.get("/cases")).json()["items"]
        return sorted((one["child_name"] for one in items), key=str)

    assert (await file.refresh(sa_pa_officer))["child_name"] == CHILD["full_name"]
    assert await called(sa_pa_officer) == ["Vàng A Pao", "Vàng A Tủa"]
    assert await called(lao_cai_province_officer) == ["V. A. P.", "V. A. T."]
    items = (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
    links = [one["id"] for one in items if one["kind"] == "child_linked"]
    for link, left in zip(reversed(links), ("Lý A Páo", None), strict=True):
        await file.do(sa_pa_officer, f"/child-links/{link}/entered-in-error", {"reason": "Nhầm cháu."})
        assert (await file.refresh(sa_pa_officer))["child_name"] == left
    assert wrong["id"] == links[0]


async def test_a_child_that_cannot_be_registered_links_nothing(case_id, sa_pa_officer, rows):
    file = File(case_id)
    assert (
        await file.post(sa_pa_officer, "/register-child", {"child": CHILD | {"estimated_age": 40}})
    ).status_code == 422
    assert await rows("SELECT 1 FROM case_steps WHERE kind = 'child_linked'") == []
