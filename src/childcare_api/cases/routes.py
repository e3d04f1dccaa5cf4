"""The addresses of the case file, gathered from the rooms of this module."""

from childcare_api.cases.assessing import routes as assessing
from childcare_api.cases.breaking_glass import routes as breaking_glass
from childcare_api.cases.file import routes as file
from childcare_api.cases.following import routes as following
from childcare_api.cases.guarding import routes as guarding
from childcare_api.cases.opening import routes as opening
from childcare_api.cases.people import routes as people
from childcare_api.cases.planning import routes as planning
from childcare_api.cases.protecting import routes as protecting
from childcare_api.cases.referring import routes as referring
from childcare_api.cases.transferring import routes as transferring
from childcare_api.shared.requests import Router

router = Router(tags=["cases"])
for room in (
    *(opening, file, people, protecting, assessing, planning, following, guarding, referring, transferring),
    breaking_glass,
):
    router.include_router(room.router)
