"""What the commune of a carer keeps in a case that another leads: nothing is taken from under it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.grants import OF_CARER
from childcare_api.cases.file.models import CaseGrant, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, grants_of
from childcare_api.cases.joining.errors import not_settled
from childcare_api.cases.placing.errors import PlacementElsewhere
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing, load

KEPT_BY_THE_CARERS_COMMUNE = frozenset(
    {
        StepKind.PLACEMENT,
        StepKind.PLACEMENT_HANDOVER,
        StepKind.PLACEMENT_VISIT,
        StepKind.CARER_REPORT,
        StepKind.PLACEMENT_END_REQUESTED,
        StepKind.PLACEMENT_ENDED,
        StepKind.DECISION_SENT,
    }
)
"""The steps of a placement, which the commune that decided on it writes and marks (Điều 42.7, 43.2).

Of what was sent its decision: that on a plan is about no placement.
"""


async def guard_keeper(session: AsyncSession, file: CaseFile, steps: Iterable[CaseStep]) -> None:
    """Raise PlacementElsewhere where one of some steps is of a placement that another commune keeps.

    That commune marks what it wrote, and nothing that its care stands on is marked over it: the child lives there.
    """
    kept = [one for one in steps if one.kind in KEPT_BY_THE_CARERS_COMMUNE]
    placed = {one.id if one.kind == StepKind.PLACEMENT else one.about_id for one in kept}
    elsewhere = select(CasePlacement.id).where(
        CasePlacement.id.in_(placed),
        CasePlacement.commune_id == file.case.commune_id,
        CasePlacement.carer_commune_id != file.case.commune_id,
    )
    if placed and await session.scalar(elsewhere.limit(1)) is not None:
        raise PlacementElsewhere


async def followed_elsewhere(session: AsyncSession, file: CaseFile) -> list[int]:
    """Return which other communes have the child in the care of one of their carers, or are to answer for one."""
    care = await load(session, file)
    theirs = {one.carer_commune_id for _, one in care.placements} | {one.carer_commune_id for _, one in care.requests}
    return sorted(one for one in theirs - {None, file.case.commune_id} if one is not None and care.followed_by(one))


def still_followed(care: Placing, grant: CaseGrant) -> list[CaseStep]:
    """Return what another commune follows, or is to answer, by a grant that was not ended."""
    runs = (grant.reason, grant.valid_to, grant.revoked_at) == (OF_CARER, None, None)
    return care.followed_by(grant.granted_commune_id) if runs else []


async def guard_follower(session: AsyncSession, file: CaseFile, grant_id: UUID) -> None:
    """Raise CaseNotSettled for the grant by which another commune follows a child in its care, or is to answer.

    Nobody would visit the child any more: a question is withdrawn, and a care ends, by a step of its own.
    """
    for grant in await grants_of(session, file.case):
        if (grant.id, grant.reason) == (grant_id, OF_CARER):
            waits = still_followed(await load(session, file), grant)
            if waits:
                raise not_settled(waits, {})
