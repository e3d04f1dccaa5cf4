"""Every table of action plans, gathered from the rooms of this module."""

from childcare_api.action_plans.drafting.models import (
    ActionPlan,
    PlanBudgetLine,
    PlanLegalBasis,
    PlanStaffingLine,
    PlanTarget,
)
from childcare_api.action_plans.measuring.models import Measurement, TargetActivity
from childcare_api.action_plans.reporting.models import Report, ReportObligation

__all__ = [
    "ActionPlan",
    "Measurement",
    "PlanBudgetLine",
    "PlanLegalBasis",
    "PlanStaffingLine",
    "PlanTarget",
    "Report",
    "ReportObligation",
    "TargetActivity",
]
