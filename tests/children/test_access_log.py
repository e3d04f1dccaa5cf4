"""Who looked at a child can be read by those who answer for the child, and by the inspector."""

from tests.people import LAO_CAI, PEOPLE


async def test_openings_changes_and_lists_are_told_with_who_it_was(
    sa_pa_officer, lao_cai_province_officer, sa_pa_inspector, register, events
):
    child = await register(sa_pa_officer)
    await register(sa_pa_officer, full_name="Lù A Páo")
    address = f"/children/{child['id']}"
    await lao_cai_province_officer.get(address)
    await sa_pa_officer.get("/children")
    await sa_pa_officer.patch(address, json={"note": "x"}, headers={"If-Match": '"1"'})
    for who in (sa_pa_officer, sa_pa_inspector, lao_cai_province_officer):
        answer = await who.get(f"{address}/access-log")
        assert answer.status_code == 200, answer.text
        items = [one for one in answer.json()["items"] if one["action"] != "child.access_log_read"]
        assert [(one["action"], one["in_a_list"]) for one in items] == [
            ("child.changed", False),
            ("children.listed", True),
            ("child.opened", False),
            ("child.registered", False),
        ]
        assert (items[2]["actor_id"], items[2]["actor_unit_id"]) == (
            str(PEOPLE["lao_cai_province_officer"].id),
            LAO_CAI,
        )
        assert [items[2][name] for name in ("actor_name", "actor_role", "actor_unit_name")] == [
            "lao-cai-province-officer",
            "province_officer",
            "Tỉnh Lào Cai",
        ]
        assert "detail" not in items[1]
    assert len(await events("child.access_log_read")) == 3


async def test_nobody_else_learns_who_looked(speak_as, sa_pa_officer, register):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}/access-log"
    for who in ("ta_van_officer", "ta_van_inspector", "lai_chau_province_officer"):
        assert (await speak_as(who).get(address)).status_code == 404
    for who in ("sa_pa_village_collaborator", "bo_y_te_analyst", "hotline_111", "sa_pa_administrator"):
        assert (await speak_as(who).get(address)).status_code == 403


async def test_the_log_comes_in_pages(sa_pa_officer, register):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}"
    for _ in range(3):
        await sa_pa_officer.get(address)
    first = (await sa_pa_officer.get(f"{address}/access-log", params={"limit": 2})).json()
    rest = (
        await sa_pa_officer.get(f"{address}/access-log", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert [one["action"] for one in first["items"] + rest["items"]] == ["child.opened"] * 3 + ["child.registered"]
    none = await sa_pa_officer.get(f"{address}/access-log", params={"until": "2020-01-01T00:00:00Z"})
    assert none.json()["items"] == []
