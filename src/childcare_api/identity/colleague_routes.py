"""Who works beside one: for naming somebody in a case. Accounts are the administrators' (`/users`)."""

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.identity import queries
from childcare_api.identity.schemas import Colleague
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.requests import Router

router = Router(prefix="/colleagues", tags=["users"])


@router.get("")
async def list_colleagues(actor: CurrentActor, session: Session, page: Paging) -> Page[Colleague]:
    """List who works in your unit today: in a commune with its villages and the province above it.

    By `user_id` a leader keeps a related person from a case (`POST /cases/{case_id}/exclusions`) or names the
    recipients of a sealed one (`PUT /cases/{case_id}/confidentiality`), and an officer says that a party to a case is
    somebody of the office. Who holds several posts stands there once for each.
    """
    actor.require(Permission.COLLEAGUE_READ)
    return Page[Colleague].model_validate(await queries.colleague_page(session, page))
