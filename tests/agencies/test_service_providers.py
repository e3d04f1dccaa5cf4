"""Service providers: who keeps them, what was true on which day, and who reads an inspection."""

from datetime import date
from uuid import uuid4

import pytest
from tests.answers import code_of
from tests.cases.stories import tag
from tests.people import HA_NOI, LAO_CAI, SA_PA

from childcare_api.agencies.providers.models import ProviderLicence, ProviderRestriction
from childcare_api.agencies.providers.rules import standing_on

CENTRE = {
    "unit_id": LAO_CAI,
    "ownership": "public",
    "speciality": "partly",
    "is_facility": True,
    "described_from": "2020-01-01",
    "description": {
        "name": "Trung tâm Công tác xã hội tỉnh Lào Cai",
        "services": ["alternative_care", "psychology"],
        "levels": ["intervention"],
        "places": 40,
    },
    "source": "QĐ 1",
}
LICENCE = {"kind": "establishment_decision", "number": "12/QĐ-UBND", "issued_on": "2019-05-01"} | {
    "issuer": "UBND tỉnh Lào Cai",
    "scope": "Chăm sóc trẻ em mồ côi, tư vấn.",
}
SUSPENSION = {"kind": "suspended", "whole": False, "affected": "Tư vấn", "ground": "conditions_not_met"} | {
    "decision_number": "9/QĐ",
    "decided_on": "2026-02-01",
    "issuer": "UBND tỉnh",
    "from_on": "2026-02-10",
}
INSPECTION = {
    "inspected_on": "2026-03-01",
    "body_name": "Thanh tra Sở Y tế",
    "findings": "Thiếu nhân viên trực đêm.",
    "recommendation": "Bổ sung hai người.",
    "follow_up_due_on": "2026-06-01",
}


async def test_a_provider_is_kept_by_its_province_and_true_on_every_day(
    lao_cai_province_officer, sa_pa_officer, hoang_mai_officer, lai_chau_province_officer, events, rows
):
    keeper = lao_cai_province_officer
    made = await keeper.post("/service-providers", json=CENTRE)
    assert made.status_code == 201, made.text
    version, address = made.json()["row_version"], f"/service-providers/{made.json()['id']}"
    assert (made.json()["standing"], made.json()["places"]) == ("licence_unknown", 40)

    async def write(path: str, body: dict) -> dict:
        nonlocal version
        answer = await keeper.post(address + path, json=body, headers=tag(version))
        assert answer.is_success, (path, answer.text)
        version = answer.json()["row_version"]
        return answer.json()

    await write("/licences", LICENCE)
    renamed = CENTRE["description"] | {"name": "Trung tâm Bảo trợ và Công tác xã hội Lào Cai", "places": 55}
    await write("/descriptions", {"from_on": "2025-07-01", "description": renamed})
    told = await write("/restrictions", SUSPENSION)
    assert told["standing"] == "partly_suspended"
    restriction = told["restrictions"][0]["id"]
    assert (await write(f"/restrictions/{restriction}/lift", {"lifted_on": "2026-05-01", "decision": "20/QĐ"}))[
        "standing"
    ] == "licensed"
    twice = await keeper.post(
        f"{address}/restrictions/{restriction}/lift",
        json={"lifted_on": "2026-05-02", "decision": "21/QĐ"},
        headers=tag(version),
    )
    assert (twice.status_code, code_of(twice)) == (409, "not_suspended")
    prices = {"service": "psychology", "description": "Tư vấn cá nhân", "price_vnd": 200_000, "per": "buổi"}
    await write("/price-lists", {"from_on": "2026-01-01", "document": "Bảng giá 2026", "items": [prices]})

    then = (await hoang_mai_officer.get(address, params={"as_of": "2024-02-01"})).json()
    now = (await hoang_mai_officer.get(address)).json()
    assert (then["name"], then["places"]) == (CENTRE["description"]["name"], 40)
    assert (now["name"], now["places"], now["price_lists"][0]["items"][0]["price_vnd"]) == (
        renamed["name"],
        55,
        200_000,
    )
    found = await sa_pa_officer.get(
        "/service-providers", params={"unit_id": SA_PA, "service": "alternative_care", "q": "bao tro"}
    )
    assert [(one["id"], one["name"]) for one in found.json()["items"]] == [(now["id"], renamed["name"])]
    past = await sa_pa_officer.get("/service-providers", params={"q": "bao tro", "as_of": "2024-02-01"})
    assert past.json()["items"] == []
    before = await sa_pa_officer.get("/service-providers", params={"is_facility": "true", "as_of": "2026-02-11"})
    assert [one["standing"] for one in before.json()["items"]] == ["partly_suspended"]

    licence = now["licences"][0]["id"]
    marked = await write(f"/licences/{licence}/entered-in-error", {"reason": "Nhầm cơ sở."})
    assert (marked["standing"], marked["licences"][0]["entered_in_error_at"] is not None) == ("licence_unknown", True)
    foreign = await lai_chau_province_officer.post(f"{address}/licences", json=LICENCE, headers=tag(version))
    assert (foreign.status_code, code_of(foreign)) == (409, "unit_not_yours")
    stale = await keeper.post(f"{address}/licences", json=LICENCE, headers=tag(1))
    assert stale.status_code == 412
    # It is announced that it will close: until then it works, is inspected, and the day can still be moved.
    await write("/close", {"valid_to": "2099-06-30"})
    still = await write("/licences", LICENCE | {"number": "13/QĐ-UBND"})
    assert (still["standing"], still["valid_to"]) == ("licensed", "2099-06-30")
    later = (await sa_pa_officer.get(address, params={"as_of": "2099-07-01"})).json()
    assert later["standing"] == "ended"
    await write("/close", {"valid_to": "2026-11-01"})
    refused = await keeper.post(f"{address}/licences", json=LICENCE, headers=tag(version))
    assert (refused.status_code, code_of(refused)) == (409, "provider_closed")
    assert (await sa_pa_officer.get("/service-providers")).json()["items"] == []
    assert (len(await events("provider.licence_added")), len(await events("provider.closed"))) == (2, 2)
    (row,) = await rows("SELECT keeper_province_id, row_version FROM service_providers")
    assert (row["keeper_province_id"], row["row_version"]) == (LAO_CAI, version)


async def test_what_an_inspection_found_is_read_in_the_keepers_area_alone(
    lao_cai_province_officer, sa_pa_officer, sa_pa_village_collaborator, hoang_mai_officer, bo_y_te_analyst, hotline_111
):
    made = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()
    address = f"/service-providers/{made['id']}/inspections"
    written = await lao_cai_province_officer.post(address, json=INSPECTION, headers=tag(made["row_version"]))
    assert written.status_code == 201, written.text
    inspection = written.json()["items"][0]["id"]
    done = {"followed_up_on": "2026-06-02", "follow_up": "Đã bổ sung."}
    followed = await lao_cai_province_officer.post(
        f"{address}/{inspection}/follow-up", json=done, headers=tag(written.json()["row_version"])
    )
    assert followed.json()["items"][0]["follow_up"] == "Đã bổ sung."
    again = await lao_cai_province_officer.post(
        f"{address}/{inspection}/follow-up", json=done, headers=tag(followed.json()["row_version"])
    )
    assert code_of(again) == "followed_up"
    for who, seen in (
        (sa_pa_officer, 1), (sa_pa_village_collaborator, 1), (bo_y_te_analyst, 1), (hoang_mai_officer, 0),
        (hotline_111, 0),
    ):  # fmt: skip
        answer = await who.get(address)
        if answer.status_code == 403:
            assert who is hotline_111
            continue
        assert len(answer.json()["items"]) == seen


async def test_what_cannot_be_is_refused(lao_cai_province_officer, sa_pa_officer, rows):
    keeper = lao_cai_province_officer
    assert (await keeper.post("/service-providers", json=CENTRE | {"unit_id": HA_NOI})).status_code == 409
    assert (await sa_pa_officer.post("/service-providers", json=CENTRE)).status_code == 403
    assert await rows("SELECT 1 FROM service_providers") == []
    made = (await keeper.post("/service-providers", json=CENTRE)).json()
    address, seen = f"/service-providers/{made['id']}", tag(made["row_version"])
    for path, body, pointer in (
        ("/licences", LICENCE | {"issued_on": "2099-01-01"}, "/issued_on"),
        ("/licences", LICENCE | {"valid_to": "2018-01-01"}, "/valid_to"),
        ("/restrictions", SUSPENSION | {"whole": True}, "/affected"),
        ("/restrictions", SUSPENSION | {"kind": "ended", "until_on": "2026-12-01"}, "/until_on"),
        ("/inspections", INSPECTION | {"follow_up_due_on": "2026-01-01"}, "/follow_up_due_on"),
        ("/price-lists", {"from_on": "2026-01-01", "items": []}, "/items"),
    ):
        answer = await keeper.post(address + path, json=body, headers=seen)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), path
    only = made["descriptions"][0]["id"]
    last = await keeper.post(f"{address}/descriptions/{only}/entered-in-error", json={"reason": "Sai."}, headers=seen)
    assert (last.status_code, code_of(last)) == (409, "last_description")
    nobodys = await keeper.post(f"{address}/licences/{uuid4()}/entered-in-error", json={"reason": "x"}, headers=seen)
    assert nobodys.status_code == 404


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-01-01", "licence_unknown"),
        ("2020-06-01", "licensed"),
        ("2022-03-01", "partly_suspended"),
        ("2022-03-31", "partly_suspended"),
        ("2022-04-01", "suspended"),
        ("2022-04-30", "suspended"),
        ("2022-05-01", "licensed"),
        ("2025-01-01", "licence_expired"),
        ("2026-01-02", "ended"),
    ],
)
def test_where_a_provider_stands_by_its_papers(day, expected):
    """A suspension is over on the day it is lifted; the last day of one still counts; an end needs no licence."""
    licence = ProviderLicence(issued_on=date(2020, 1, 1), valid_to=date(2024, 12, 31))
    part = ProviderRestriction(kind="suspended", whole=False, from_on=date(2022, 3, 1), until_on=date(2022, 3, 31))
    whole = ProviderRestriction(kind="suspended", whole=True, from_on=date(2022, 4, 1), lifted_on=date(2022, 5, 1))
    stood = standing_on(
        date.fromisoformat(day), valid_to=date(2026, 1, 1), licences=[licence], restrictions=[part, whole]
    )
    assert stood == expected
