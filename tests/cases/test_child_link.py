"""Linking a case to the child's own record."""

from uuid import UUID

from tests.cases.stories import File

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


async def test_a_child_that_cannot_be_registered_links_nothing(case_id, sa_pa_officer, rows):
    file = File(case_id)
    assert (
        await file.post(sa_pa_officer, "/register-child", {"child": CHILD | {"estimated_age": 40}})
    ).status_code == 422
    assert await rows("SELECT 1 FROM case_steps WHERE kind = 'child_linked'") == []
