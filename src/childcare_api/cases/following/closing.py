"""What stands in the way of ending a case that a review, or what happened to the child, would let end."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.clocks import in_danger
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.following.errors import DecisionNotSent, EmergencyUnanswered, HarmedInCare
from childcare_api.cases.joining.errors import not_settled
from childcare_api.cases.joining.queries import asked_of_others
from childcare_api.cases.placing import harm
from childcare_api.cases.placing import queries as placing
from childcare_api.cases.proceeding.queries import asked_by
from childcare_api.cases.sending.queries import still_to_be_told
from childcare_api.cases.separating.errors import SeparationRuns
from childcare_api.shared.problems import Problem


async def hindrances(session: AsyncSession, file: CaseFile) -> list[Problem]:
    """Return what keeps a case that is ready to close from being closed, the most urgent first.

    Nobody is left in a danger that was told, nor one of 16 or more: somebody intervenes before the case ends (31.2).
    A child who is separated from its parents or carers is not left in that: the separation is cancelled or taken over.
    Nor is it left in the care of who harmed it: that care is ended by decision, where the carer lives.
    Whom somebody asked for this child is not left to wait for nobody; who goes on helping one of 16 or more may. What
    was decided went to whom it names (Điều 28.5), or the file says why not.
    """
    standing = file.standing
    found: list[Problem] = []
    if danger := in_danger(file):
        found.append(EmergencyUnanswered(step_ids=[str(step.id) for step in danger]))
    if standing.separation_id is not None and standing.child_died_id is None:
        found.append(SeparationRuns())
    if standing.child_died_id is None and (cared := harm.stays_with_it(await placing.load(session, file))):
        found.append(HarmedInCare(placement_ids=[str(step.id) for step in cared]))
    if standing.child_died_id is not None or standing.turned_sixteen_id is not None:
        return found
    if waiting := await asked_of_others(session, file):
        found.append(not_settled(waiting, await asked_by(session, file, waiting)))
    if untold := await still_to_be_told(session, file):
        found.append(
            DecisionNotSent(
                still_to_be_told=[{"recipient_kind": kind, "recipient": recipient} for kind, recipient in untold]
            )
        )
    return found
