"""Abused children supported in time: who counts, who does not, and who is not yet due."""

from datetime import UTC, datetime

import asyncpg
import pytest
from tests.action_plans.plans import issued_plan, source_plan
from tests.cases.stories import ASSESSMENT, PLAN, keyed, meeting, tag
from tests.indicators.supporting import CODE, a_tuesday_in_2026, opened, plan_id, share, supported, told
from tests.people import LAI_CHAU, TA_VAN

from childcare_api.indicators.queries import Territory, compute
from childcare_api.shared import clock as time

__all__ = ["a_tuesday_in_2026", "plan_id"]


async def test_two_reported_brothers_become_two_supported_children(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    before = await share(ta_van_officer, plan_id)
    assert (before["status"], before["reason"], told(before)) == ("waiting_for_data", "nobody_to_count", (0, 0, 0))

    report = await assessed_report()
    brothers = await opened(report, sa_pa_officer)
    clock.forward(hours=1)
    waiting = await share(ta_van_officer, plan_id)
    assert (waiting["status"], waiting["is_met"], told(waiting)) == ("waiting_for_data", None, (0, 0, 2))

    await supported(brothers[0], ta_van_officer, ta_van_leader)
    half = await share(ta_van_officer, plan_id)
    assert (half["value"], half["is_met"], told(half)) == (100, True, (1, 1, 1))
    await supported(brothers[1], ta_van_officer, ta_van_leader)
    whole = await share(ta_van_officer, plan_id)
    assert (whole["value"], whole["is_met"], told(whole)) == (100, True, (2, 2, 0))
    assert whole["article"].startswith("Nghị định 56/2017/NĐ-CP")
    # Above the commune two children are too few to be told, each of whom a list of cases would name.
    above = await share(lao_cai_province_officer, plan_id)
    assert (above["status"], above["reason"], told(above)) == ("no_verdict", "too_few_to_tell", (None, None, 0))
    assert (above["value"], above["is_met"]) == (None, None)


async def test_a_plan_after_its_working_days_is_late(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    [file, _] = await opened(report, sa_pa_officer)
    await file.do(ta_van_officer, "/assessments", ASSESSMENT | {"happened_at": time.now().isoformat()})
    clock.forward(days=6)  # From a Tuesday: the fifth working day is the next Tuesday.
    assert told(await share(ta_van_officer, plan_id)) == (0, 0, 2)
    clock.forward(days=3)
    late = await share(ta_van_officer, plan_id)

    assert (told(late), late["details"]["plan_late"]) == ((0, 1, 1), 1)


async def test_a_provisional_term_makes_no_plan_late_and_none_in_time(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    clock.set(datetime(2026, 11, 20, 2, tzinfo=UTC))  # A Friday; whether the Tuesday after is a day off is not known.
    report = await assessed_report(emergency=False, relation="neighbour")
    [file, _] = await opened(report, sa_pa_officer)
    await file.do(ta_van_officer, "/assessments", ASSESSMENT)
    await file.do(ta_van_officer, "/meetings", meeting(time.now()))
    plan = (await file.do(ta_van_officer, "/intervention-plans", PLAN))["id"]
    clock.forward(days=8)  # The fifth working day was Friday, or is the Monday to come.
    undecided = await share(ta_van_officer, plan_id)
    assert (told(undecided), undecided["details"]["plan_late"]) == ((0, 0, 2), 0)

    await file.do(ta_van_officer, f"/intervention-plans/{plan}/submit", {})
    approved = await file.approve(ta_van_leader, plan, time.today().isoformat())
    service = {"plan_service_id": approved["services"][0]["id"], "progress": "begun", "provided_by": "Trạm y tế xã"}
    await file.do(ta_van_officer, "/services", service)
    assert told(await share(ta_van_officer, plan_id)) == (0, 0, 2)


async def test_a_service_that_should_have_begun_and_did_not_is_late(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    [file, _] = await opened(report, sa_pa_officer)
    plan = await file.plan_submitted(ta_van_officer, time.now())
    await file.approve(ta_van_leader, plan, time.today().isoformat())  # Its service was to begin on 1 November.
    item = await share(ta_van_officer, plan_id)

    assert (told(item), item["details"]["service_late"]) == ((0, 1, 1), 1)


async def test_a_report_without_a_case_is_told_apart(
    assessed_report, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    await assessed_report(emergency=False, relation="neighbour")
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, {"code": CODE, "operator": "=", "value": 100})
    item = await share(sa_pa_officer, plan.json()["id"])

    assert (told(item), item["details"]["without_case"]) == ((0, 0, 2), 2)


async def test_an_unfounded_report_does_not_count(assessed_report, sa_pa_officer, sa_pa_leader):
    report = await assessed_report(emergency=False, relation="neighbour")
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, {"code": CODE, "operator": "=", "value": 100})
    dismissed = await sa_pa_officer.post(
        f"/intakes/{report.id}/dismiss",
        json={"reason": "Không có căn cứ"},
        headers=tag(report.row_version) | keyed(),
    )
    assert dismissed.status_code == 200, dismissed.text

    assert told(await share(sa_pa_officer, plan.json()["id"])) == (0, 0, 0)


async def test_only_reports_received_in_the_period_count(assessed_report, sa_pa_officer, lao_cai_province_officer):
    for _ in range(3):
        await opened(await assessed_report(), sa_pa_officer)
    plan_of_2024 = await source_plan(lao_cai_province_officer)
    renewed = await lao_cai_province_officer.post(f"/action-plans/{plan_of_2024['id']}/renew")

    assert told(await share(lao_cai_province_officer, plan_of_2024["id"])) == (0, 0, 0)
    assert told(await share(lao_cai_province_officer, renewed.json()["id"])) == (0, 0, 6)


async def test_children_count_where_they_live(assessed_report, sa_pa_officer, sa_pa_leader, plan_id, ta_van_officer):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, {"code": CODE, "operator": "=", "value": 100})
    await opened(await assessed_report(), sa_pa_officer)

    assert told(await share(sa_pa_officer, plan.json()["id"])) == (0, 0, 0)
    assert told(await share(ta_van_officer, plan_id)) == (0, 0, 2)


async def test_the_centre_counts_what_it_may_not_read(assessed_report, sa_pa_officer, plan_id, bo_y_te_analyst):
    for _ in range(3):
        await opened(await assessed_report(), sa_pa_officer)
    national = await issued_plan(bo_y_te_analyst, bo_y_te_analyst, {"code": CODE, "operator": "=", "value": 100})

    assert told(await share(bo_y_te_analyst, national.json()["id"])) == (0, 0, 6)
    assert told(await share(bo_y_te_analyst, plan_id)) == (0, 0, 6)
    assert (await bo_y_te_analyst.get("/cases")).status_code == 403


@pytest.mark.parametrize(
    ("settings", "province", "communes"),
    [
        ({"commune_id": TA_VAN, "province_id": 260015}, 260015, None),
        ({"commune_id": TA_VAN, "province_id": 260015}, 260015, [203006]),
        ({"commune_id": TA_VAN, "province_id": 260015}, None, None),
        ({"province_id": 260015}, LAI_CHAU, None),
        ({"province_id": 260015}, None, None),
        ({"province_id": 260015}, None, [TA_VAN]),
    ],
)
async def test_the_functions_refuse_a_territory_that_is_not_the_caller_s(database, settings, province, communes):
    async with database.as_superuser() as connection:
        role = "childcare_commune" if "commune_id" in settings else "childcare_province"
        await connection.execute(f"SET LOCAL ROLE {role}")
        for name, value in settings.items():
            await connection.execute(f"SET LOCAL app.{name} = '{value}'")
        await connection.execute("SAVEPOINT refused")
        now = time.now()
        for statement, values in (
            ("SELECT * FROM indicator_abused_children_supported($1, $2, $3, $4, $5)", (now, now, now)),
            ("SELECT * FROM indicator_special_circumstance_share($1, $2, $3, $4)", (now.date(), now.date())),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(statement, province, communes, *values)
            await connection.execute("ROLLBACK TO SAVEPOINT refused")
        await connection.execute("SET LOCAL ROLE NONE; SET LOCAL app.commune_id = ''; SET LOCAL app.province_id = ''")


async def test_what_has_no_definition_is_not_computed():
    with pytest.raises(KeyError):
        await compute(
            None, "u5_mortality", Territory(None, None, "own"), period_from=time.today(), period_to=time.today()
        )
