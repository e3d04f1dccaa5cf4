"""The addresses of the case file, gathered from the rooms of this module."""

from childcare_api.cases.advising import routes as advising
from childcare_api.cases.assessing import routes as assessing
from childcare_api.cases.breaking_glass import routes as breaking_glass
from childcare_api.cases.caring import routes as caring
from childcare_api.cases.ending import routes as ending
from childcare_api.cases.file import routes as file
from childcare_api.cases.following import routes as following
from childcare_api.cases.gathering import routes as gathering
from childcare_api.cases.guarding import routes as guarding
from childcare_api.cases.joining import routes as joining
from childcare_api.cases.opening import routes as opening
from childcare_api.cases.overseeing import routes as overseeing
from childcare_api.cases.overseeing.yearly import routes as overseeing_yearly
from childcare_api.cases.people import routes as people
from childcare_api.cases.placing import routes as placing
from childcare_api.cases.planning import routes as planning
from childcare_api.cases.proceeding import routes as proceeding
from childcare_api.cases.protecting import routes as protecting
from childcare_api.cases.referring import routes as referring
from childcare_api.cases.refusing import routes as refusing
from childcare_api.cases.sending import routes as sending
from childcare_api.cases.separating import routes as separating
from childcare_api.cases.transferring import routes as transferring
from childcare_api.shared.requests import Router

router = Router(tags=["cases"])
for room in (
    *(
        opening,
        joining,
        file,
        people,
        protecting,
        separating,
        proceeding,
        assessing,
        planning,
        sending,
        refusing,
        following,
        ending,
    ),
    *(guarding, referring, transferring, breaking_glass, advising, gathering, placing, caring, overseeing),
    overseeing_yearly,
):
    router.include_router(room.router)
router.include_router(placing.provider_router)
