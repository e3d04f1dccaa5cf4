"""Groups such as HIV or sexual abuse: kept and seen by the commune and those above, not by the village."""

import pytest
from tests.access.test_scope import actor_of
from tests.people import SA_PA_VILLAGE

from childcare_api.access import scope
from childcare_api.reference_data import MARK_SENSITIVE

HIV = {"group": "hiv_aids", "from_on": "2024-01-01"}
ORPHAN = {"group": "orphan_both_parents", "from_on": "2024-01-01"}
USED = {"group": "exploited", "subgroup": "exploited.pornography", "from_on": "2024-01-01"}
LABOUR = {"group": "exploited", "subgroup": "exploited.illegal_labour", "from_on": "2024-01-01"}


@pytest.fixture
async def child(sa_pa_officer, register) -> dict:
    """A child of the village whom the commune's officer put into open and into sensitive groups."""
    return await register(sa_pa_officer, village_id=SA_PA_VILLAGE, circumstances=[HIV, USED, LABOUR])


async def groups(who, child: dict) -> list[str]:
    answer = await who.get(f"/children/{child['id']}")
    assert answer.status_code == 200, answer.text
    return [entry["subgroup"] or entry["group"] for entry in answer.json()["circumstances"]]


async def test_the_village_sees_none_of_them_anywhere(
    child, sa_pa_village_collaborator, sa_pa_officer, lao_cai_province_officer
):
    everything = ["hiv_aids", "exploited.pornography", "exploited.illegal_labour"]
    assert await groups(sa_pa_village_collaborator, child) == ["exploited.illegal_labour"]
    for above in (sa_pa_officer, lao_cai_province_officer):
        assert await groups(above, child) == everything
    for query in ("group=hiv_aids", "group=hiv_aids&q=giang", "circumstances=special&group=hiv_aids"):
        shown = [
            [item["id"] for item in (await who.get(f"/children?{query}")).json()["items"]]
            for who in (sa_pa_village_collaborator, sa_pa_officer)
        ]
        assert shown == [[], [child["id"]]], query
    assert len((await sa_pa_village_collaborator.get("/children?group=exploited&q=giang")).json()["items"]) == 1
    seen = (await sa_pa_village_collaborator.get(f"/children/{child['id']}/history?as_of=2030-01-01")).text
    assert "illegal_labour" in seen
    assert "hiv_aids" not in seen
    assert "pornography" not in seen
    assert "hiv_aids" in (await sa_pa_officer.get(f"/children/{child['id']}/history")).text


async def test_the_village_neither_writes_nor_ends_them(
    child, sa_pa_village_collaborator, sa_pa_officer, rows, register
):
    address = f"/children/{child['id']}/circumstances"
    version = {"If-Match": (await sa_pa_officer.get(f"/children/{child['id']}")).headers["ETag"]}
    for body in (HIV, USED, {**HIV, "group": "sexually_abused"}):
        refused = await sa_pa_village_collaborator.post(address, json=body, headers=version)
        assert refused.json()["type"].endswith(":group_kept_by_commune"), refused.text
        new = {"full_name": "Lù A Páo", "born_on": "2019-01-01", "circumstances": [body]}
        assert (await sa_pa_village_collaborator.post("/children", json=new)).status_code == 409
    hidden = (await sa_pa_officer.get(f"/children/{child['id']}")).json()["circumstances"][0]["id"]
    for end in ("end", "entered-in-error"):
        body = {"ended_on": "2025-01-01", "reason": "x"} if end == "end" else {"reason": "x"}
        answer = await sa_pa_village_collaborator.post(f"{address}/{hidden}/{end}", json=body, headers=version)
        assert answer.status_code == 404, answer.text
    assert (await sa_pa_village_collaborator.post(address, json=ORPHAN, headers=version)).status_code == 201
    assert len(await rows("SELECT FROM child_circumstances WHERE group_code = 'hiv_aids'")) == 1


async def test_the_wall_is_the_databases(child, database, rows):
    """A statement of ours that forgets to ask, and one that says that it is not sensitive."""
    async with scope.open_connection(database, actor_of("sa_pa_village_collaborator")) as connection:
        found = await connection.fetch("SELECT group_code, subgroup_code FROM child_circumstances")
        assert [row["subgroup_code"] for row in found] == ["exploited.illegal_labour"]
    async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
        await connection.execute("UPDATE child_circumstances SET sensitive = false")
    assert len(await rows("SELECT FROM child_circumstances WHERE sensitive")) == 2


async def test_what_the_data_marks_is_read_with_its_article_and_marks_what_stands(
    child, sa_pa_officer, sa_pa_village_collaborator, database
):
    entries = (await sa_pa_officer.get("/code-lists/special_circumstances")).json()["entries"]
    marked = {entry["code"] for entry in entries if entry["sensitive_by"]}
    assert {"hiv_aids", "sexually_abused", "trafficked", "drug_addiction", "in_conflict_with_law"} < marked
    assert all("Điều" in entry["sensitive_by"] for entry in entries if entry["sensitive_by"])
    async with database.as_superuser() as connection:
        # As if the list had not marked them yet when they were written.
        await connection.execute("ALTER TABLE child_circumstances DISABLE TRIGGER mark_sensitive")
        await connection.execute("UPDATE child_circumstances SET sensitive = false")
        await connection.execute("ALTER TABLE child_circumstances ENABLE TRIGGER mark_sensitive")
        assert await connection.execute(MARK_SENSITIVE) == "UPDATE 2"
    assert await groups(sa_pa_village_collaborator, child) == ["exploited.illegal_labour"]
