"""Addresses of the people in a case."""

from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.dependencies import ActionReason, CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, find_case, lock_file, open_file, told
from childcare_api.cases.people import actions, queries
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.cases.people.schemas import AddParty, PartyList, PartyOut, RevealedParty
from childcare_api.intake.errors import ReasonRequired
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")
_SEALED = dict.fromkeys(("full_name", "sex", "born_year", "phone", "address", "occupation", "user_id"))


@router.post(
    "/parties",
    status_code=201,
    responses=problems(*RECORDING),
)
async def add_party(
    case_id: UUID, body: AddParty, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> PartyOut:
    """Add a person to the case: parent, carer, alleged harm-doer, witness. Never the reporter, who stays sealed.

    Who the alleged harm-doer is, is sealed at once. Whoever works here and is a party sees nothing of the case.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    return _party_out(file, *await actions.add_party(session, actor, file, body))


@router.get("/parties", responses=problems(NotFound))
async def list_parties(case_id: UUID, actor: CurrentActor, session: Session) -> PartyList:
    """Read the people in a case. Of the alleged harm-doer it says no more than the relation to the child."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "parties") as file:
        rows = await details(session, file, CaseParty, StepKind.PARTY)
        return PartyList(row_version=file.case.row_version, items=[_party_out(file, *row) for row in rows])


@router.get("/parties/{party_id}/revealed", responses=problems(NotFound, ReasonRequired))
async def reveal_party(
    case_id: UUID, party_id: UUID, actor: CurrentActor, session: Session, reason: ActionReason
) -> RevealedParty:
    """Break the seal over who the alleged harm-doer is. Each time is recorded with its reason."""
    actor.require(Permission.CASE_REVEAL)
    case = await find_case(session, actor, case_id)
    party = await queries.get_party(session, case, party_id)
    if not reason:
        raise ReasonRequired
    await audit.record(
        session,
        "case.party_revealed",
        subject_kind="case",
        subject_id=case.id,
        detail={"party_id": str(party.id)},
        reason=reason,
        holder=case,
    )
    return RevealedParty.model_validate(party)


def _party_out(file: CaseFile, step: CaseStep, party: CaseParty) -> PartyOut:
    sealed = party.role == HARM_DOER
    return told(PartyOut, file, step, party, sealed=sealed, **(_SEALED if sealed else {}))
