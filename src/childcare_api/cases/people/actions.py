"""Adding people to a case."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.guarding.models import ExclusionGround
from childcare_api.cases.guarding.queries import exclude, works_with
from childcare_api.cases.people.models import CaseParty
from childcare_api.cases.people.schemas import AddParty
from childcare_api.shared import clock
from childcare_api.shared.refusals import in_future, no_such_record


async def add_party(
    session: AsyncSession, actor: Actor, file: CaseFile, command: AddParty
) -> tuple[CaseStep, CaseParty]:
    """Add a person to the case: who the plan must reach, and who did the harm.

    Whoever works here and is a party sees nothing of it from then on, also where that is the actor.
    """
    if command.born_year is not None and command.born_year > clock.today().year:
        raise in_future("/born_year")
    if command.user_id is not None and not await works_with(session, command.user_id, file.case):
        raise no_such_record("/user_id")
    party = CaseParty(
        origin_commune_id=actor.commune_id,
        role=command.role,
        relation=command.relation,
        full_name=command.full_name,
        sex=command.sex,
        born_year=command.born_year,
        phone=command.phone,
        address=command.address,
        occupation=command.occupation,
        user_id=command.user_id,
    )
    step = await record_step(session, actor, file, kind=StepKind.PARTY, command=command, detail=party)
    if command.user_id is not None:
        # The same word for everybody: as what somebody is a party would tell who did the harm.
        party_ground = ExclusionGround.PARTY
        await exclude(
            session, step.id, file.case.id, user_id=command.user_id, ground=party_ground, reason=party_ground.value
        )
    return step, party
