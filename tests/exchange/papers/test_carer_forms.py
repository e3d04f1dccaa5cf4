"""Mẫu 08, 09 and 11: what a carer signs, what was found of them, and the list of a quarter."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.alternative_care.carers import VERIFICATION, list_sent, listed, registered
from tests.answers import code_of, faults_of
from tests.cases.stories import tag
from tests.exchange.papers.reading import keywords_of, squeezed, text_of

FOREIGNER = {
    "kind": "individual",
    "full_name": "Jean Dupont",
    "sex": "male",
    "is_foreigner": True,
    "nationality": "Pháp",
    "resident_from": "2024-01-02",
    "resident_until": "2028-06-30",
    "judicial_record_on": "2026-09-15",
    "judicial_record_number": "12/LLTP",
    "child_age_from": 6,
    "child_age_to": 10,
    "wishes": "Trẻ biết tiếng Pháp.",
    "members": [],
}
SAID = {
    "mau-08": (
        *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Sa Pa, ngày 05 tháng 10 năm 2026", "ĐƠN ĐĂNG KÝ", "Lù Thị Mẩy"),
        *("Kính gửi: Ủy ban nhân dân phường Sa Pa", "02/04/1985", "Việt Nam", "Giàng A Chư", "1983", "chồng"),
        *("khoản 2 Điều 63 Luật Trẻ em", "01/09/2026, Trạm y tế phường Sa Pa", "NGƯỜI ĐĂNG KÝ"),
    ),
    "mau-11": (
        *("PHƯỜNG SA PA", "Số: ……/BC-UBND", "Sa Pa, ngày 20 tháng 10 năm 2026", "Xác minh điều kiện", "Lù Thị Mẩy"),
        *("Cư trú tại Việt Nam", "Đạt", "Thành viên gia đình không bị truy cứu", "Hợp với trẻ đang học tiểu học."),
        *("10/10/2026, Trung tâm Công tác xã hội", "Ý kiến của trẻ em từ đủ 07 tuổi", "sa-pa-officer", "CHỦ TỊCH"),
    ),
}


@pytest.fixture(autouse=True)
def november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_what_a_carer_signs_and_what_was_found_say_what_the_register_says(
    sa_pa_officer, sa_pa_leader, sa_pa_inspector, ta_van_officer, lao_cai_province_officer, events
):
    carer = await listed(sa_pa_officer, sa_pa_leader)
    for form, words in SAID.items():
        address = f"/carers/{carer['id']}/forms/{form}"
        for kind in ("pdf", "docx"):
            answer = await sa_pa_officer.get(address, params={"format": kind})
            assert answer.status_code == 200, answer.text
            text = text_of(answer.content, kind)
            assert [one for one in words if squeezed(one) not in text] == [], (form, kind)
            assert "layout_unverified=true" in keywords_of(answer.content, kind)
            assert "LùThịMẩy" not in squeezed(answer.headers["Content-Disposition"])
        foreign = await ta_van_officer.get(address)
        nowhere = await ta_van_officer.get(f"/carers/{uuid4()}/forms/{form}")
        assert (foreign.status_code, nowhere.status_code) == (404, 404)
        assert (await lao_cai_province_officer.get(address)).status_code == 200
        assert faults_of(await sa_pa_officer.get(address, params={"format": "svg"})) == {"format": "literal_error"}
    printed = await events("form.printed")
    assert len(printed) == len(SAID) * 3, "what was refused is not recorded as printed"
    assert {event["subject_kind"] for event in printed} == {"carer"}
    assert {event["subject_id"] for event in printed} == {carer["id"]}
    assert printed[-1]["detail"]["verification_id"] == carer["verifications"][0]["id"]


async def test_a_foreigner_tells_of_the_stay_and_a_relative_makes_no_application(sa_pa_officer):
    stranger = await registered(sa_pa_officer, **FOREIGNER)
    address = f"/carers/{stranger['id']}/forms"
    text = text_of((await sa_pa_officer.get(f"{address}/mau-08")).content, "pdf")
    told = ("Pháp", "Cư trú tại Việt Nam từ ngày: 02/01/2024", "30/06/2028", "15/09/2026, 12/LLTP", "từ 6 tuổi đến 10")
    assert [one for one in (*told, "Trẻ biết tiếng Pháp.") if squeezed(one) not in text] == []
    unverified = await sa_pa_officer.get(f"{address}/mau-11")
    relative = await registered(sa_pa_officer, basis="relative_notice", full_name="Vàng Thị Dở")
    notice = await sa_pa_officer.get(f"/carers/{relative['id']}/forms/mau-08")
    for answer in (unverified, notice):
        assert (answer.status_code, code_of(answer)) == (409, "carer_paper_missing")


async def test_a_verification_in_error_is_printed_only_when_asked_for_and_marked(sa_pa_officer):
    carer = await registered(sa_pa_officer)
    path = f"/carers/{carer['id']}"
    found = await sa_pa_officer.post(f"{path}/verifications", json=VERIFICATION, headers=tag(carer["row_version"]))
    wrong = found.json()["verifications"][0]["id"]
    reason = {"reason": "Nhầm người."}
    marked = f"{path}/verifications/{wrong}/entered-in-error"
    assert (await sa_pa_officer.post(marked, json=reason, headers=tag(found.json()["row_version"]))).status_code == 200
    assert (await sa_pa_officer.get(f"{path}/forms/mau-11")).status_code == 409
    void = await sa_pa_officer.get(f"{path}/forms/mau-11", params={"verification_id": wrong})
    text = text_of(void.content, "pdf")
    assert "VÔHIỆU" in text
    assert "Nhầmngười." in text
    unknown = await sa_pa_officer.get(f"{path}/forms/mau-11", params={"verification_id": str(uuid4())})
    assert unknown.status_code == 404


async def test_the_list_of_a_quarter_is_printed_as_it_was_sent(
    sa_pa_officer, sa_pa_leader, ta_van_officer, lao_cai_province_officer, events
):
    await listed(sa_pa_officer, sa_pa_leader, address="Tổ 3, phường Sa Pa", phone="0912345678")
    sent = await list_sent(sa_pa_officer, sent_to="Sở Y tế tỉnh Lào Cai")
    address = f"/carer-lists/{sent['id']}/forms/mau-09"
    words = ("DANH SÁCH", "Quý IV năm 2026", "Lù Thị Mẩy", "Tổ 3, phường Sa Pa", "0912345678", "Sở Y tế tỉnh Lào Cai")
    for who in (sa_pa_officer, lao_cai_province_officer):
        for kind in ("pdf", "docx"):
            text = text_of((await who.get(address, params={"format": kind})).content, kind)
            assert [one for one in words if squeezed(one) not in text] == [], kind
            assert "sa-pa-officer" in text
    assert (await ta_van_officer.get(address)).status_code == 404
    last = (await events("form.printed"))[-1]
    assert (last["subject_kind"], last["subject_id"]) == ("carer_list", sent["id"])
    assert len(last["detail"]["ids"]) == 1
