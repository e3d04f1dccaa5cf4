"""The facilities that children live in, as the papers of a case name them: by decision, or by a facility's list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.agencies.providers.models import ProviderDescription
from childcare_api.agencies.providers.queries import described_on, parts_of
from childcare_api.alternative_care.facility_lists.models import FacilityChild
from childcare_api.cases.placing.models import CasePlacement


@dataclass(frozen=True, slots=True)
class Place:
    """A facility as it was described on a day."""

    name: str
    address: str | None

    def __str__(self) -> str:
        """Return it as a sentence names it."""
        return self.name if self.address is None else f"{self.name} ({self.address})"


@dataclass(frozen=True, slots=True)
class LeftList:
    """From which facility's list a decision took the child, since when its authority has it, and how the care ended."""

    place: Place | None
    told_at: datetime | None
    end_decision_number: str | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Facilities:
    """By placement: the facility it gives the child to, and the list that it answers, as far as the reader sees it."""

    places: Mapping[UUID, Place] = field(default_factory=dict)
    lists: Mapping[UUID, LeftList] = field(default_factory=dict)


async def facilities_of(session: AsyncSession, actor: Actor, placements: Mapping[UUID, CasePlacement]) -> Facilities:
    """Return the facilities of some placements. The rows of a list are the province's, and of who was sent them."""
    if not placements:
        return Facilities()
    rows = await session.scalars(
        select(FacilityChild).where(
            FacilityChild.placement_id.in_(list(placements)),
            FacilityChild.entered_in_error_at.is_(None),
            in_scope(FacilityChild, actor),
        )
    )
    listed = {row.placement_id: row for row in rows if row.placement_id is not None}
    wanted = {one.provider_id for one in placements.values() if one.provider_id is not None}
    wanted |= {row.provider_id for row in listed.values()}
    described = await parts_of(session, ProviderDescription, wanted) if wanted else []

    def place(provider_id: UUID, day: date) -> Place | None:
        found = described_on((one for one in described if one.provider_id == provider_id), day)
        return None if found is None else Place(found.name, found.address)

    given = {
        step_id: place(one.provider_id, one.decided_on)
        for step_id, one in placements.items()
        if one.provider_id is not None
    }
    lists = {
        step_id: LeftList(
            place(row.provider_id, placements[step_id].decided_on),
            row.answered_at,
            row.end_decision_number,
            row.ended_on,
        )
        for step_id, row in listed.items()
    }
    return Facilities({step_id: one for step_id, one in given.items() if one is not None}, lists)
