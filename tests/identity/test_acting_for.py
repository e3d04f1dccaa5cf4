"""Acting for somebody: from a day to a day, and no longer than the post and the account that are acted for."""

from datetime import UTC, datetime, timedelta

from tests.identity.accounts import assignment_body, path
from tests.people import (
    PEOPLE,
)


async def test_somebody_acts_for_the_leader_for_some_days(sa_pa_administrator, officer, log_in, nobody, clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    body = assignment_body(
        role="commune_leader",
        valid_from="2026-11-21",
        valid_to="2026-11-25",
        position="deputy_chair",
        acting_for_assignment_id=str(PEOPLE["sa_pa_leader"].assignment_id),
    )
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)
    assert answer.status_code == 201, answer.text
    acting = answer.json()["id"]
    assert answer.json()["position"] == "deputy_chair"
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = (await nobody.get("/me", headers=headers)).json()
    assert me["role"] == "commune_leader"
    assert [one["position"] for one in me["assignments"]] == [None, "deputy_chair"]
    assert {one["acting_for_assignment_id"] for one in me["assignments"]} == {
        None,
        str(PEOPLE["sa_pa_leader"].assignment_id),
    }
    clock.set(datetime(2026, 11, 26, 3, tzinfo=UTC))
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"


async def test_acting_ends_at_once_with_the_post_that_is_acted_for(clock, sa_pa_administrator, officer, log_in, nobody):
    """Who was dismissed has nobody who signs in their place."""
    leader = PEOPLE["sa_pa_leader"]
    body = assignment_body(
        role="commune_leader",
        valid_from=clock.at.date().isoformat(),
        valid_to=(clock.at.date() + timedelta(days=30)).isoformat(),
        acting_for_assignment_id=str(leader.assignment_id),
    )
    made = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)
    assert made.status_code == 201, made.text
    acting = made.json()["id"]
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get("/me", headers=headers)).status_code == 200
    end = f"{path('sa_pa_leader')}/assignments/{leader.assignment_id}/end"
    assert (await sa_pa_administrator.post(end, json={}, headers={"If-Match": '"1"'})).status_code == 200
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"


async def test_acting_ends_at_once_with_the_account_of_who_is_acted_for(
    clock, sa_pa_administrator, officer, log_in, nobody
):
    body = assignment_body(
        role="commune_leader",
        valid_from=clock.at.date().isoformat(),
        valid_to=(clock.at.date() + timedelta(days=30)).isoformat(),
        acting_for_assignment_id=str(PEOPLE["sa_pa_leader"].assignment_id),
    )
    acting = (await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)).json()["id"]
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get("/me", headers=headers)).status_code == 200

    async def disable(version: int, *, disabled: bool) -> None:
        answer = await sa_pa_administrator.patch(
            path("sa_pa_leader"), json={"disabled": disabled}, headers={"If-Match": f'"{version}"'}
        )
        assert answer.status_code == 200, answer.text

    await disable(1, disabled=True)
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"
    assert (await log_in(officer)).status_code == 200
    await disable(2, disabled=False)
    assert (await nobody.get("/me", headers=headers)).status_code == 200
