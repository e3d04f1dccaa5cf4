"""The address of the aids to judgement."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.advising import queries
from childcare_api.cases.advising.schemas import StandingOut
from childcare_api.cases.file.queries import open_file
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.get("/standing", responses=problems(NotFound))
async def read_standing(case_id: UUID, actor: CurrentActor, session: Session) -> StandingOut:
    """Read where a case stands: what the grids add up to, what changed since, and what usually follows by article.

    An aid to judgement. It concludes nothing: the person in charge decides and signs. A commune that reads another's
    case by grant is told what there is to do for it alone.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "standing") as file:
        return await queries.standing_out(session, actor, file)
