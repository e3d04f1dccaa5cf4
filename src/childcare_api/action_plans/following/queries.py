"""Putting a plan's progress together: computed indicators, counted activities, measurements."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.action_plans.drafting.models import ActionPlan, PlanTarget
from childcare_api.action_plans.measuring import queries, rules
from childcare_api.action_plans.measuring.models import Measurement
from childcare_api.action_plans.measuring.schemas import ActionPlanProgress, TargetCoverage, TargetProgress
from childcare_api.indicators.data import INDICATORS, Indicator
from childcare_api.indicators.queries import Computed, compute, territory_of
from childcare_api.shared import clock

_NOTHING: dict[str, Any] = {
    "reason": None,
    "value": None,
    "numerator": None,
    "denominator": None,
    "not_yet_due": None,
    "coverage": None,
    "details": {},
    "is_met": None,
    "measurement_id": None,
    "definition_vi": None,
    "definition_en": None,
    "article": None,
}


async def progress_of(session: AsyncSession, plan: ActionPlan) -> ActionPlanProgress:
    """Return how far each target of a plan is today.

    A target whose indicator has a definition is computed from records; else one that counts activities is their sum;
    else the newest measurement stands. Where none of these says anything it waits for data.
    """
    territory = await territory_of(
        session, unit_id=plan.unit_id, commune_id=plan.commune_id, province_id=plan.province_id
    )
    targets = await queries.targets_of(session, plan)
    counted = await queries.counted_by_target(session, plan)
    measured = await queries.latest_measurements(session, plan)
    computed: dict[str, Computed] = {}
    for code in {target.code for target in targets if target.carry_over != "not_carried"} & INDICATORS.keys():
        if code is not None:
            computed[code] = await compute(
                session, code, territory, period_from=plan.period_from, period_to=plan.period_to
            )
    return ActionPlanProgress(
        plan_id=plan.id,
        unit_id=plan.unit_id,
        period_from=plan.period_from,
        period_to=plan.period_to,
        as_of=clock.today(),
        boundaries=territory.boundaries,
        items=[_item(target, computed, counted, measured) for target in targets],
    )


def _item(
    target: PlanTarget, computed: dict[str, Computed], counted: dict[UUID, int], measured: dict[UUID, Measurement]
) -> TargetProgress:
    if target.carry_over == "not_carried":
        found = {"method": "measurements", "status": "not_carried_over", "reason": "not_carried_over"}
    elif target.code in computed:
        found = _computed(target, INDICATORS[target.code], computed[target.code])
    elif target.counts is not None:
        found = _counted(target, counted.get(target.id))
    else:
        found = _measured(target, measured.get(target.id))
    return TargetProgress.model_validate(
        {
            **_NOTHING,
            "target_id": target.id,
            "source_row": target.source_row,
            "code": target.code,
            "statement": target.statement,
            "operator": target.operator,
            "goal": target.value,
            "measure_unit": target.measure_unit,
            **found,
        }
    )


def _computed(target: PlanTarget, indicator: Indicator, result: Computed) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": "computed",
        "status": "measured",
        "value": result.percent,
        "numerator": result.numerator,
        "denominator": result.denominator,
        "not_yet_due": result.not_yet_due,
        "details": result.details,
        "definition_vi": indicator.definition_vi,
        "definition_en": indicator.definition_en,
        "article": indicator.article,
    }
    if result.covered is not None and result.expected is not None:
        found["coverage"] = TargetCoverage(
            covered=result.covered, expected=result.expected, is_full=result.is_fully_covered
        )
    if result.is_kept_back:
        return found | {"status": "no_verdict", "reason": "too_few_to_tell"}
    if result.percent is None:
        return found | {"status": "waiting_for_data", "reason": "nobody_to_count"}
    if indicator.needs_full_coverage and not result.is_fully_covered:
        # A share of whom happens to be registered so far says nothing about the territory.
        return found | {"status": "no_verdict", "reason": "coverage_incomplete"}
    return found | {"is_met": rules.is_met(target.operator, target.value, result.percent)}


def _counted(target: PlanTarget, total: int | None) -> dict[str, Any]:
    if total is None:
        return {"method": "activities", "status": "waiting_for_data", "reason": "nothing_measured"}
    met = rules.is_met(target.operator, target.value, total)
    return {"method": "activities", "status": "measured", "value": total, "numerator": total, "is_met": met}


def _measured(target: PlanTarget, measurement: Measurement | None) -> dict[str, Any]:
    if measurement is None:
        return {"method": "measurements", "status": "waiting_for_data", "reason": "nothing_measured"}
    found = {"method": "measurements", "value": measurement.value, "measurement_id": measurement.id}
    if target.operator is None:
        return found | {"status": "no_verdict", "reason": "goal_in_words"}
    return found | {"status": "measured", "is_met": rules.is_met(target.operator, target.value, measurement.value)}
