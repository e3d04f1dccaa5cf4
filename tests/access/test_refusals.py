"""What must outlive a refused request: who was refused what, and why, but nothing of the body."""

from uuid import uuid4

from tests.answers import code_of
from tests.people import PEOPLE, SA_PA

from childcare_api.access.permissions import Permission, who_may


async def refusals(rows):
    return await rows("SELECT * FROM audit.events WHERE action = 'request.refused' ORDER BY id")


async def test_a_record_outside_the_scope_asked_for_is_remembered(sa_pa_administrator, rows):
    other = PEOPLE["ta_van_officer"].id
    assert (await sa_pa_administrator.get(f"/users/{other}")).status_code == 404
    (event,) = await refusals(rows)
    assert event["actor_id"] == PEOPLE["sa_pa_administrator"].id
    assert event["assignment_id"] == PEOPLE["sa_pa_administrator"].assignment_id
    assert event["subject_id"] == str(other)
    assert (event["holder_commune_id"], event["actor_unit_id"]) == (SA_PA, SA_PA)
    assert event["detail"] == {"operation": "get_user", "reason": "not_found"}


async def test_what_a_role_does_not_permit_is_remembered(sa_pa_officer, rows):
    body = {"username": "le.thi.bi.mat", "display_name": "Lê Thị Bí Mật", "unit_id": SA_PA}
    assert (await sa_pa_officer.post("/users", json=body)).status_code == 403
    (event,) = await refusals(rows)
    assert event["detail"] == {"operation": "create_user", "reason": "forbidden"}
    assert "Bí Mật" not in str(dict(event))


async def test_who_may_not_is_told_who_may(sa_pa_officer, sa_pa_leader):
    """In both languages, by the roles as people call them; which they are is written in the docs."""
    vi, en = {"Accept-Language": "vi"}, {"Accept-Language": "en"}
    user, case = {"username": "x.y", "display_name": "Ai Đó", "unit_id": SA_PA}, f"/cases/{uuid4()}"
    for who, path, body, said in (
        (sa_pa_officer, "/users", user, ("an administrator.", "quản trị viên.")),
        (sa_pa_officer, f"{case}/close", {}, ("a leader of the commune.", "lãnh đạo UBND cấp xã.")),
        (sa_pa_leader, f"{case}/progress-notes", {"note": "Đã gặp."},
         ("an officer of the commune.", "người làm công tác trẻ em cấp xã.")),
    ):  # fmt: skip
        for language, told, before in ((en, said[0], "Who may: "), (vi, said[1], "Người được phép: ")):
            answer = await who.post(path, json=body, headers=language | {"If-Match": '"1"'})
            assert (answer.status_code, code_of(answer)) == (403, "forbidden")
            assert answer.json()["detail"].endswith(f" {before}{told}"), answer.json()["detail"]
    assert who_may(Permission.REGISTRY_IMPORT).en == "Only software that was given this scope may."
    assert all(who_may(permission).vi for permission in Permission)


async def test_work_that_was_rolled_back_leaves_its_refusal(sa_pa_administrator, rows):
    answer = await sa_pa_administrator.post(
        f"/users/{uuid4()}/assignments",
        json={"role": "commune_officer", "unit_id": SA_PA, "valid_from": "2026-01-01"},
        headers={"Idempotency-Key": "a-key-that-leaves-nothing"},
    )
    assert answer.status_code == 404
    assert len(await refusals(rows)) == 1
    assert not await rows("SELECT FROM idempotency_keys")


async def test_text_in_the_place_of_an_id_is_not_remembered(sa_pa_administrator, rows):
    assert (await sa_pa_administrator.get("/users/Nguyễn Văn An 0912345678")).status_code == 404
    (event,) = await refusals(rows)
    assert event["subject_id"] is None


async def test_who_has_no_token_leaves_nothing(nobody, rows):
    assert (await nobody.get(f"/users/{uuid4()}")).status_code == 401
    assert not await refusals(rows)


async def test_a_rule_that_stands_in_the_way_is_no_refusal(sa_pa_administrator, rows):
    body = {"username": "nguyen.van.an", "display_name": "An", "unit_id": 1}
    assert (await sa_pa_administrator.post("/users", json=body)).status_code == 409
    assert not await refusals(rows)
