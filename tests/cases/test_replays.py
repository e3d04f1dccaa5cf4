"""A command sent again under its key gives its answer again, as long as one sees what it is about."""

from tests.answers import code_of
from tests.cases.stories import REFERRAL, File, keyed, tag
from tests.people import PEOPLE

WHY = {"reason": "Là chú ruột của cháu."}


async def test_who_is_kept_from_a_case_meanwhile_is_not_told_the_answer_again(case_id, sa_pa_officer, sa_pa_leader):
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    key = tag(file.row_version) | keyed()

    async def note(text: str = "Đã gặp cháu."):
        return await sa_pa_officer.post(f"/cases/{case_id}/progress-notes", json={"note": text}, headers=key)

    first, again = await note(), await note()
    assert (first.status_code, again.headers["Idempotency-Replayed"], again.content) == (201, "true", first.content)
    officer = {"user_id": str(PEOPLE["sa_pa_officer"].id)}
    assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=WHY | officer)).status_code == 201
    kept, never = await note(), await sa_pa_officer.get(f"/cases/{case_id}")
    assert (kept.status_code, code_of(kept)) == (404, "not_found"), kept.text
    assert kept.json().keys() == never.json().keys()


async def test_what_a_grant_opened_is_not_told_again_once_it_has_ended(case_id, sa_pa_officer, ta_van_officer):
    file = File(case_id)
    asked = (await file.do(sa_pa_officer, "/referrals", REFERRAL))["id"]
    key = tag(1) | keyed()

    async def accept():
        return await ta_van_officer.post(f"/referrals/{asked}/answer", json={"answer": "accepted"}, headers=key)

    first, again = await accept(), await accept()
    assert (first.status_code, again.content) == (200, first.content), first.text
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"/referrals/{asked}/withdraw", {"reason": "x"})
    assert (await ta_van_officer.get(f"/referrals/{asked}")).status_code == 404
    assert ((await accept()).status_code, code_of(await accept())) == (404, "not_found")


async def test_what_the_command_itself_put_out_of_sight_is_told_again(case_id, sa_pa_officer):
    key = keyed()
    first, again = [
        await sa_pa_officer.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=key) for _ in range(2)
    ]
    assert (first.status_code, again.content) == (201, first.content), again.text
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).status_code == 404
