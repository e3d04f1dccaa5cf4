"""Papers of a case that moved: each says where the child lived when it was made, and the picture has every clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, NEEDS
from tests.cases.stories import ASSESSMENT, TRANSFER, File, keyed, tag
from tests.cases.test_walls import as_commune
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import HOANG_MAI, SA_PA, TA_VAN

from childcare_api.exchange.papers.homes import Home, Homes, Stay, Written
from childcare_api.shared import clock as time

AWAY = TRANSFER | {"residence": {"unit_id": HOANG_MAI}, "address": "Số 5 phố Định Công", "moved_on": "2026-11-10"}
BACK = TRANSFER | {"residence": {"unit_id": SA_PA}, "address": None, "moved_on": "2026-11-25"}
OLD = "Tổ 1, phường Sa Pa"
NEW = "Số 5 phố Định Công, phường Hoàng Mai"


@pytest.fixture(autouse=True)
def november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def printed(who, case_id, form: str, step_id: str | None = None) -> str:
    params = {} if step_id is None else {"step_id": step_id}
    answer = await who.get(f"/cases/{case_id}/forms/{form}", params=params)
    assert answer.status_code == 200, answer.text
    return text_of(answer.content, "pdf")


async def move(file: File, giver, taker, body) -> File:
    offered = await file.do(giver, "/transfer", body)
    return await accept(file, offered, taker)


async def accept(file: File, offered, taker, **stated) -> File:
    taken = await taker.post(f"/transfers/{offered['id']}/accept", json=stated, headers=tag(1) | keyed())
    assert taken.status_code == 200, taken.text
    there = File(file.case_id)
    await there.refresh(taker)
    return there


async def test_a_paper_says_where_the_child_lived_then_and_an_old_address_never_stands_as_the_new_one(
    case_id, clock, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader
):
    file = File(case_id)
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12", "address": "Tổ 1"}
    linked = await file.do(sa_pa_officer, "/register-child", {"child": child})
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    first = (await sa_pa_officer.get(f"/cases/{case_id}/assessments")).json()["items"][0]["id"]
    decided = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    decision = decided["decisions"][0]["id"]
    clock.forward(hours=1)
    assert squeezed(f"Nơi cư trú: {OLD}Người") in await printed(sa_pa_officer, case_id, "mau-03")

    offered = await file.do(sa_pa_leader, "/transfer", AWAY)
    clock.forward(hours=1)
    late = (await file.do(sa_pa_officer, "/assessments", ASSESSMENT))["id"]
    clock.forward(hours=1)
    there = await accept(file, offered, hoang_mai_leader, happened_at=offered["happened_at"])
    clock.forward(hours=1)
    left = squeezed(f"Nơi cư trú: {OLD} (đến ngày 10 tháng 11 năm 2026) Chuyển đến từ ngày 10 tháng 11 năm 2026: {NEW}")
    for step in (first, late):
        assert left in await printed(hoang_mai_officer, case_id, "mau-03", step)
    as_decided = await printed(hoang_mai_officer, case_id, "mau-05", decision)
    assert squeezed("cư trú tại tổ 1, phường Sa Pa (có kế hoạch") in as_decided, "a decision stays what was decided"
    assert squeezed(f"Nơi cư trú: {OLD}Cấp độ") in as_decided, "and so does the plan that hangs on it"
    await there.do(hoang_mai_officer, "/assessments", ASSESSMENT | {"risk_level": "low"})
    arrived = squeezed(f"Nơi cư trú: {NEW} (từ ngày 10 tháng 11 năm 2026)")
    for form in ("mau-03", "case-file"):
        assert arrived in await printed(hoang_mai_officer, case_id, form)
    assert "Tổ1" not in await printed(hoang_mai_officer, case_id, "mau-03")
    # The commune that led before reads what it made, and is not told where the child lives now.
    before = await printed(sa_pa_officer, case_id, "mau-03")
    assert not [word for word in ("HoàngMai", "ĐịnhCông", "Tổ1") if word in before]

    clock.forward(hours=1)
    record = await hoang_mai_officer.get(f"/children/{linked['child_id']}")
    patch = {"address": "Số 9 ngõ 12 phố Định Công"}
    changed = await hoang_mai_officer.patch(
        f"/children/{linked['child_id']}", json=patch, headers={"If-Match": record.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text
    assert arrived in await printed(hoang_mai_officer, case_id, "mau-03"), "it was made before"
    corrected = squeezed("Số 9 ngõ 12 phố Định Công, phường Hoàng Mai (theo sổ ngày 20 tháng 11 năm 2026)")
    assert corrected in await printed(hoang_mai_officer, case_id, "case-file")

    clock.forward(days=5)
    await there.refresh(hoang_mai_leader)
    home = await move(there, hoang_mai_leader, sa_pa_leader, BACK)
    clock.forward(hours=1)
    assert (await sa_pa_officer.get(f"/children/{linked['child_id']}")).json()["address"] is None
    await home.do(sa_pa_officer, "/assessments", ASSESSMENT | {"risk_level": "low"})
    again = await printed(sa_pa_officer, case_id, "mau-03")
    assert squeezed("Nơi cư trú: Phường Sa Pa (từ ngày 25 tháng 11 năm 2026)") in again
    assert "Tổ1" not in again


async def test_who_leads_now_sees_the_clocks_that_ended_elsewhere_and_nobody_else_does(
    case_id, clock, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader, ha_noi_province_officer, database
):
    file = File(case_id)
    household = (await sa_pa_officer.post("/households", json={"address": "Tổ 2"})).json()["id"]
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12", "household_id": household}
    await file.do(sa_pa_officer, "/register-child", {"child": child})
    await file.plan_submitted(sa_pa_officer, time.now())
    clock.forward(hours=1)
    assert squeezed("Nơi cư trú: Tổ 2, phường Sa Pa") in await printed(sa_pa_officer, case_id, "mau-03")
    picture = await printed(sa_pa_officer, case_id, "timeline")
    await move(file, sa_pa_leader, hoang_mai_leader, AWAY)
    before = await printed(hoang_mai_officer, case_id, "mau-03")
    assert squeezed("Nơi cư trú: Phường Sa Pa (đến ngày 10") in before, "its household stayed behind, and its address"
    ended = ("Đánh giá nguy cơ ban đầu, mức độ tổn hại (Mẫu 02)", "Xây dựng kế hoạch hỗ trợ, can thiệp trình Chủ tịch")
    for who in (hoang_mai_officer, ha_noi_province_officer):
        moved = await printed(who, case_id, "timeline")
        assert [words for words in ended if squeezed(words) not in moved] == []
        assert moved.count("tronghạn") == picture.count("tronghạn") > 1
    positions = [one["position"] for one in (await hoang_mai_officer.get(f"/cases/{case_id}/timeline")).json()["items"]]
    assert positions == list(range(1, len(positions) + 1)), "no step stayed behind"
    for commune, sees in ((HOANG_MAI, True), (SA_PA, False), (TA_VAN, False)):
        async with as_commune(database, commune) as connection:
            assert bool(await connection.fetchval("SELECT count(*) FROM case_clocks($1)", case_id)) is sees
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE cases SET confidentiality = 'sealed' WHERE id = $1", case_id)
    async with as_commune(database, HOANG_MAI) as connection:
        assert await connection.fetchval("SELECT count(*) FROM case_clocks($1)", case_id) == 0


DAY = timedelta(days=1)
START = datetime(2026, 2, 1, tzinfo=UTC)
MOVED = date(2026, 2, 9)
STAYS = (Stay(START, 1, None, "Nhà bà nội"), Stay(START + 10 * DAY, 2, MOVED, None))


@pytest.mark.parametrize(
    ("register", "at", "home"),
    [
        ((), START, Home("Nhà bà nội", None, until=MOVED)),
        ((), None, Home(None, 2, since=MOVED)),
        ((Written(START, 1, "Tổ 1"),), START, Home("Tổ 1", 1, until=MOVED)),
        ((Written(START + DAY, 1, "Tổ 1"),), START, Home("Nhà bà nội", None, until=MOVED)),
        ((Written(START, 1, "Tổ 1"),), None, Home(None, 2, since=MOVED)),
        # It lived here once before, which says nothing of where it lives now.
        ((Written(START - DAY, 2, "Ngõ cũ"),), None, Home(None, 2, since=MOVED)),
        ((Written(START + 10 * DAY, 2, "Ngõ 3", MOVED),), None, Home("Ngõ 3", 2, since=MOVED)),
        ((Written(START + 12 * DAY, 2, "Ngõ 4"),), None, Home("Ngõ 4", 2, known_on=START + 12 * DAY)),
        ((Written(START + 12 * DAY, 2, "Ngõ 4"),), START + 11 * DAY, Home(None, 2, since=MOVED)),
    ],
)
def test_of_several_addresses_that_of_the_leading_commune_counts(register, at, home):
    assert Homes(STAYS, register).at(at) == home
    assert Homes().at(at) is None


async def test_a_decision_goes_to_the_commune_of_the_child_where_that_is_not_whose_decision_it_is(
    case_id, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader
):
    """By where the child lived as it was decided: the care is ended by who gave it, after the case went away."""
    carer, file = await listed(sa_pa_officer, sa_pa_leader), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    given = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    placed = await file.do(sa_pa_leader, "/placements", given)
    await move(file, sa_pa_leader, hoang_mai_leader, AWAY)
    there = File(case_id)
    await there.refresh(sa_pa_leader)
    end = {"ground": "carer_asked", "decision_number": "5/QĐ", "ended_on": "2026-11-20", "goes_to": "other_carer"}
    await there.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    for who in (sa_pa_officer, hoang_mai_officer):
        told = ["UBNDcấpxãnơitrẻemcưtrú;" in await printed(who, case_id, form) for form in ("mau-12", "mau-16")]
        assert told == [False, True]


async def test_what_a_commune_decided_while_it_led_it_prints_so_after_it_gave_the_case_away(
    case_id, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader, clock
):
    """Also while a carer of it has the child, so that it is shown who leads now; what it decides since is of now."""
    carer, file = await listed(sa_pa_officer, sa_pa_leader), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    given = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    end = {"ground": "carer_asked", "decision_number": "5/QĐ", "ended_on": "2026-11-20", "goes_to": "other_carer"}
    first = await file.do(sa_pa_leader, "/placements", given)
    ended = (await file.do(sa_pa_leader, f"/placements/{first['id']}/end", end))["end"]["id"]
    second = await file.do(sa_pa_leader, "/placements", given | {"decision_number": "32/QĐ"})
    clock.forward(hours=1)
    await move(file, sa_pa_leader, hoang_mai_leader, AWAY)
    clock.forward(hours=1)
    there = File(case_id)
    await there.refresh(sa_pa_leader)
    since = await there.do(sa_pa_leader, f"/placements/{second['id']}/end", end | {"decision_number": "6/QĐ"})
    for who in (sa_pa_officer, hoang_mai_officer):
        for form, step, moved in (
            ("mau-12", first["id"], False),
            ("mau-16", ended, False),
            ("mau-16", since["end"]["id"], True),
        ):
            said = await printed(who, case_id, form, step)
            assert ("UBNDcấpxãnơitrẻemcưtrú;" in said, "phườngHoàngMai" in said) == (moved, moved), form
            assert ("phườngSaPa" in said.partition("Điều1.")[2]) is not moved, form
