"""Every router of action plans, gathered from the rooms of this module."""

from childcare_api.action_plans.binding import routes as binding
from childcare_api.action_plans.drafting import routes as drafting
from childcare_api.action_plans.following import routes as following
from childcare_api.action_plans.lines import routes as lines
from childcare_api.action_plans.measuring import routes as measuring
from childcare_api.action_plans.renewing import routes as renewing
from childcare_api.action_plans.reporting import routes as reporting
from childcare_api.action_plans.targets import routes as targets
from childcare_api.shared.requests import Router

ROUTERS: list[Router] = [
    drafting.router,
    renewing.router,
    targets.router,
    lines.router,
    measuring.router,
    following.router,
    measuring.activities_router,
    binding.router,
    reporting.router,
]
