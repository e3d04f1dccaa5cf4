"""Above the commune nothing that is told leaves a count of few children to be reckoned."""

from tests.indicators.supporting import (
    a_tuesday_in_2026,
    opened,
    plan_id,
    share,
    supported,
    told,
)

__all__ = ["a_tuesday_in_2026", "plan_id"]


async def test_above_the_commune_no_reason_tells_how_few_were_supported(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    for _ in range(3):
        await opened(await assessed_report(), sa_pa_officer)
    clock.forward(hours=13)
    above = await share(lao_cai_province_officer, plan_id)
    assert (told(above), above["details"]["emergency_late"]) == ((0, 6, 0), 6)
    for file in await opened(await assessed_report(), sa_pa_officer):
        await supported(file, ta_van_officer, ta_van_leader)
    own, above = [await share(who, plan_id) for who in (ta_van_officer, lao_cai_province_officer)]
    assert (told(own), own["details"]["emergency_late"]) == ((2, 8, 0), 6)
    # Of eight all six who were not supported were late with the same: that would leave two.
    late = {name: above["details"][name] for name in ("emergency_late", "plan_late", "service_late")}
    assert (told(above), late) == ((None, 8, 0), {"emergency_late": None, "plan_late": 0, "service_late": 0})
