"""How secret a case is: names in lists, sealed cases, and who the alleged harm-doer is."""

from urllib.parse import quote

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, TRANSFER, File, keyed, tag
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.identity.tokens import mint_access_token
from childcare_api.shared.ids import new_id

WHY = {"reason": "Vụ việc bị báo chí chú ý."}
HARM_DOER = {
    "role": "alleged_harm_doer",
    "relation": "neighbour",
    "full_name": "Giàng A Pó",
    "phone": "0912000111",
    "address": "Thôn Hang Đá",
}


async def names_in(who, path: str, name: str) -> set[str | None]:
    items = (await who.get(path)).json()["items"]
    assert items, path
    return {item[name] for item in items}


async def test_above_the_commune_no_list_shows_a_full_name_and_of_a_sensitive_case_none_does(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_leng_officer
):
    await sa_pa_officer.post("/children", json={"full_name": "Lý Thị Mỷ Đào", "sex": "female", "born_on": "2018-05-04"})
    assert await names_in(sa_pa_officer, "/cases", "child_name") >= {"Vàng A Pao"}
    assert await names_in(lao_cai_province_officer, "/cases", "child_name") >= {"V. A. P."}
    assert await names_in(sa_pa_officer, "/children", "full_name") == {"Lý Thị Mỷ Đào"}
    assert await names_in(lao_cai_province_officer, "/children", "full_name") == {"L. T. M. Đ."}
    assert await names_in(lao_cai_province_officer, "/children?q=ly+thi+my+dao", "full_name") == {"L. T. M. Đ."}
    head = (await lao_cai_province_officer.get(f"/cases/{case_id}")).json()
    assert head["child_name"] == "Vàng A Pao"
    body = {"level": "sensitive", **WHY}
    put = await sa_pa_leader.put(f"/cases/{case_id}/confidentiality", json=body, headers=tag(head["row_version"]))
    assert (put.status_code, put.json()["level"]) == (200, "sensitive"), put.text
    assert await names_in(sa_pa_officer, "/cases", "child_name") == {"V. A. P.", "Vàng A Tủa"}
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).json()["child_name"] == "Vàng A Pao"


async def test_a_sealed_case_is_there_for_its_recipients_and_the_leader_alone(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer, events
):
    report = await assessed_report(emergency=False, relation="neighbour")
    opened = (await report.open(sa_pa_officer, residence={"unit_id": TA_VAN})).json()["cases"]
    case_id = opened[0]["id"]
    # So that a clock runs.
    await File(case_id).do(ta_van_officer, "/assessments", ASSESSMENT)
    path = f"/cases/{case_id}/confidentiality"
    version = (await ta_van_leader.get(path)).json()["row_version"]
    missing = await ta_van_leader.put(path, json={"level": "sealed", **WHY})
    assert (missing.status_code, code_of(missing)) == (428, "version_required")
    stranger = {"level": "sealed", "recipients": [str(PEOPLE["sa_pa_officer"].id)], **WHY}
    assert (await ta_van_leader.put(path, json=stranger, headers=tag(version))).status_code == 422
    vain = {"recipients": [str(PEOPLE["ta_van_officer"].id)], **WHY}
    for level in ("normal", "sensitive"):
        unsealed = await ta_van_leader.put(path, json={"level": level, **vain}, headers=tag(version))
        assert (unsealed.status_code, unsealed.json()["errors"][0]["code"]) == (422, "recipients_unsealed")
    sealed = await ta_van_leader.put(path, json={"level": "sealed", **WHY}, headers=tag(version))
    assert sealed.status_code == 200, sealed.text
    for answer in (sealed, await ta_van_leader.get(path)):
        alone, told = answer.json()["warnings"]
        assert (alone["code"], "lãnh đạo xã" in alone["message_vi"]) == ("no_recipients", True)
        # Its brother's case has a leader of its own to say how secret it is, and a copy of what was reported.
        assert (told["code"], told["case_ids"]) == ("siblings_tell_it", [opened[1]["id"]])

    everyone_else = (ta_van_officer, sa_pa_officer, lao_cai_province_officer)
    for who in everyone_else:
        for about in (case_id, report.id):
            shown = await who.get("/tasks", params={"whose": "my_unit", "subject_id": about})
            assert shown.json()["items"] == []
        for address in (f"/cases/{case_id}", f"/cases/{case_id}/timeline"):
            assert (await who.get(address)).status_code == 404
        assert case_id not in {one["id"] for one in (await who.get("/cases")).json()["items"]}
    # The report behind it is held by another commune, and tells them nothing more either; its own leader answers.
    assert (await lao_cai_province_officer.get(f"/intakes/{report.id}")).status_code == 404
    assert (await sa_pa_officer.get(f"/intakes/{report.id}")).status_code == 404
    assert (await ta_van_leader.get(f"/cases/{case_id}")).status_code == 200
    waiting = {"whose": "my_unit", "subject_id": case_id}
    assert (await ta_van_leader.get("/tasks", params=waiting)).json()["items"]

    recipients = [str(PEOPLE[who].id) for who in ("ta_van_officer", "lao_cai_province_officer")]
    named = {"level": "sealed", "recipients": recipients}
    told = await ta_van_leader.put(path, json=named | WHY, headers=tag(sealed.json()["row_version"]))
    assert {one["user_id"] for one in told.json()["recipients"]} == set(recipients)
    assert [one["code"] for one in told.json()["warnings"]] == ["siblings_tell_it"]
    for who in (ta_van_officer, lao_cai_province_officer):
        assert (await who.get(f"/cases/{case_id}")).status_code == 200
    fewer = named | {"recipients": recipients[:1]} | WHY
    await ta_van_leader.put(path, json=fewer, headers=tag(told.json()["row_version"]))
    assert (await lao_cai_province_officer.get(f"/cases/{case_id}")).status_code == 404
    again = (await ta_van_leader.get(path)).json()
    await ta_van_leader.put(path, json={"level": "normal", **WHY}, headers=tag(again["row_version"]))
    assert (await sa_pa_officer.get(f"/intakes/{report.id}")).status_code == 200
    assert (await lao_cai_province_officer.get(f"/cases/{case_id}")).status_code == 200
    assert [event["reason"] for event in await events("case.confidentiality_set")] == [WHY["reason"]] * 4


async def test_a_recipient_who_moved_to_another_office_sees_the_case_no_more_until_named_there(
    case_id, sa_pa_leader, sa_pa_second_officer, database, keys
):
    """What is sealed is told to somebody in their office; the province reads on what else the commune has."""
    path = f"/cases/{case_id}/confidentiality"
    version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
    seal = {"level": "sealed", "recipients": [str(PEOPLE["sa_pa_second_officer"].id)], **WHY}
    told = (await sa_pa_leader.put(path, json=seal, headers=tag(version))).json()
    assert [(one["works_in_id"], one["still_works_there"]) for one in told["recipients"]] == [(SA_PA, True)]
    assert (await sa_pa_second_officer.get(f"/cases/{case_id}")).status_code == 200
    person, post = PEOPLE["sa_pa_second_officer"], new_id()
    async with database.as_superuser() as connection:
        await connection.execute(
            "WITH old AS (UPDATE assignments SET revoked_at = now(), revoked_by = user_id WHERE id = $1 RETURNING *)"
            " INSERT INTO assignments (id, user_id, role, level, unit_id, province_id, valid_from, created_at)"
            " SELECT $2, user_id, 'province_officer', 'province', province_id, province_id, valid_from, now() FROM old",
            person.assignment_id,
            post,
        )
    token = mint_access_token(keys, subject=person.id, session_id=person.session_id, assignment_id=post)
    now = {"Authorization": f"Bearer {token}"}
    assert (await sa_pa_second_officer.get("/cases", headers=now)).json()["items"], "the other case is there"
    for hidden in ("", "/timeline", "/confidentiality"):
        assert (await sa_pa_second_officer.get(f"/cases/{case_id}{hidden}", headers=now)).status_code == 404
    left = (await sa_pa_leader.get(path)).json()
    assert [one["still_works_there"] for one in left["recipients"]] == [False]
    assert "no_recipients" in [one["code"] for one in left["warnings"]]
    again = (await sa_pa_leader.put(path, json=seal, headers=tag(left["row_version"]))).json()
    assert [(one["works_in_id"], one["still_works_there"]) for one in again["recipients"]] == [(LAO_CAI, True)]
    assert (await sa_pa_second_officer.get(f"/cases/{case_id}", headers=now)).status_code == 200


async def test_who_the_alleged_harm_doer_is_is_told_with_a_reason_and_recorded(
    case_id, sa_pa_officer, lao_cai_province_officer, ta_van_officer, events, rows
):
    added = await File(case_id).do(sa_pa_officer, "/parties", HARM_DOER)
    [listed] = (await sa_pa_officer.get(f"/cases/{case_id}/parties")).json()["items"]
    for party in (added, listed):
        assert (party["sealed"], party["relation"]) == (True, "neighbour")
        assert [party[name] for name in ("full_name", "phone", "address")] == [None] * 3
        assert party["user_id"] is None
    address = f"/cases/{case_id}/parties/{added['id']}/revealed"
    bare = await sa_pa_officer.get(address)
    assert (bare.status_code, code_of(bare)) == (400, "reason_required")
    why = {"X-Action-Reason": quote("Mời đến làm việc.")}
    told = await sa_pa_officer.get(address, headers=why)
    assert (told.status_code, told.json()["full_name"]) == (200, "Giàng A Pó")
    assert (await lao_cai_province_officer.get(address, headers=why)).status_code == 403
    assert (await ta_van_officer.get(address, headers=why)).status_code == 404
    assert len(await events("case.party_revealed")) == 1

    [case] = await rows("SELECT intake_id FROM cases WHERE id = $1", case_id)
    report = (await sa_pa_officer.get(f"/intakes/{case['intake_id']}")).json()
    assert report["harm_doers"] == [{"relation": "neighbour", "cares_for_child": None, "name_known": False}]
    revealed = await sa_pa_officer.get(f"/intakes/{case['intake_id']}/harm-doers", headers=why)
    assert revealed.json()["items"][0]["relation"] == "neighbour"
    assert (await sa_pa_officer.get(f"/intakes/{case['intake_id']}/harm-doers")).status_code == 400
    assert len(await events("intake.harm_doers_revealed")) == 1


async def test_a_case_sealed_while_offered_is_the_leaders_alone_and_so_are_reports_that_join_it(
    assessed_report, case_id, sa_pa_officer, sa_pa_leader, sa_pa_second_officer, ta_van_officer, ta_van_leader,
    lao_cai_province_officer,
):  # fmt: skip
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    assert [one["id"] for one in (await ta_van_officer.get("/transfers")).json()["items"]] == [offered]
    path = f"/cases/{case_id}/confidentiality"
    seal = {"level": "sealed", **WHY}
    assert (await sa_pa_leader.put(path, json=seal, headers=tag(file.row_version))).status_code == 200
    assert (await ta_van_officer.get("/transfers")).json()["items"] == []
    assert (await ta_van_officer.get(f"/transfers/{offered}")).status_code == 404
    asked = {"whose": "my_province", "subject_id": offered}
    for who, there in ((ta_van_officer, 0), (lao_cai_province_officer, 0), (ta_van_leader, 1)):
        assert len((await who.get("/tasks", params=asked)).json()["items"]) == there
    assert [one["id"] for one in (await ta_van_leader.get("/transfers")).json()["items"]] == [offered]

    report = await assessed_report()
    assert (await sa_pa_second_officer.get(f"/intakes/{report.id}")).status_code == 200
    body = {"case_id": str(case_id), "intake_child_id": str(report.children[0])}
    joined = await sa_pa_officer.post(
        f"/intakes/{report.id}/join-case", json=body, headers=tag(report.row_version) | keyed()
    )
    assert joined.status_code == 200, joined.text
    assert (await sa_pa_officer.get(f"/intakes/{report.id}")).status_code == 200
    assert (await sa_pa_second_officer.get(f"/intakes/{report.id}")).status_code == 404


async def test_a_case_is_as_secret_as_a_report_that_joins_it(
    assessed_report, case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, events, rows
):
    async def joined(level: str, version: int) -> int:
        report = await assessed_report()
        # As it comes in where somebody said so at once.
        await rows("UPDATE intakes SET confidentiality = $2 WHERE id = $1", report.id, level)
        body = {"case_id": str(case_id), "intake_child_id": str(report.children[0])}
        answer = await sa_pa_second_officer.post(
            f"/intakes/{report.id}/join-case", json=body, headers=tag(report.row_version) | keyed()
        )
        assert answer.status_code == 200, answer.text
        path = f"/cases/{case_id}/confidentiality"
        assert (await sa_pa_leader.get(path)).json()["level"] == level
        assert answer.json()["case_row_version"] == version
        return report.id

    before = (await sa_pa_leader.get(f"/cases/{case_id}")).json()
    await joined("sensitive", before["row_version"] + 1)
    third = await joined("sealed", before["row_version"] + 2)
    # Its first report is behind the same wall; who opened it and who joined it go on, and nobody else does.
    [first] = await rows("SELECT confidentiality FROM intakes WHERE id = $1", before["intake_id"])
    assert first["confidentiality"] == "sealed"
    for who in (sa_pa_officer, sa_pa_second_officer, sa_pa_leader):
        assert (await who.get(f"/cases/{case_id}")).status_code == 200
    [recipient] = (await sa_pa_leader.get(f"/cases/{case_id}/confidentiality")).json()["recipients"]
    assert recipient["user_id"] == str(PEOPLE["sa_pa_second_officer"].id)
    assert [event["detail"] for event in await events("case.confidentiality_raised")][1:] == [
        {"level": "sealed", "intake_id": third}
    ]


async def test_a_case_that_is_joined_to_a_sealed_one_is_sealed_with_it(
    assessed_report, case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, lao_cai_province_officer
):
    version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
    seal = {"level": "sealed", "recipients": [str(PEOPLE["sa_pa_second_officer"].id)], **WHY}
    sealed = await sa_pa_leader.put(f"/cases/{case_id}/confidentiality", json=seal, headers=tag(version))
    assert sealed.status_code == 200, sealed.text
    joined, sibling = [one["id"] for one in (await (await assessed_report()).open(sa_pa_officer)).json()["cases"]]
    assert (await lao_cai_province_officer.get(f"/cases/{joined}")).status_code == 200
    await File(joined).do(sa_pa_second_officer, "/join", {"case_id": str(case_id), "reason": "Cùng một cháu."})
    assert (await lao_cai_province_officer.get(f"/cases/{joined}")).status_code == 404
    for who in (sa_pa_second_officer, sa_pa_officer, sa_pa_leader):
        assert (await who.get(f"/cases/{joined}")).status_code == 200
    # The case of the other child has a leader's decision of its own.
    assert (await lao_cai_province_officer.get(f"/cases/{sibling}")).status_code == 200
