"""Where a child lived, as it was known on the day of a paper: what the report said, what each move said, the register.

A case goes with its child from commune to commune, and its papers stay what they were: an address that was left behind
is never printed as if the child lived there still.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from childcare_api.cases.file.models import Case
from childcare_api.cases.transferring.models import CaseTransfer
from childcare_api.children.history.models import ChildChange
from childcare_api.children.models import Child, Household


@dataclass(frozen=True, slots=True)
class Written:
    """An address in the register: from when it was known, in whose book, and since which day the child lives there."""

    known_from: datetime
    commune_id: int | None
    address: str | None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which one commune led the case, and what it was told of the address when it began."""

    from_moment: datetime
    commune_id: int | None
    since: date | None
    told: str | None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a child lived as known at a moment: `since` that day, else `known_on` where it was written down later.

    The commune is empty where the address is the reporter's, who may have meant another one.
    """

    address: str | None
    commune_id: int | None
    since: date | None = None
    known_on: datetime | None = None
    until: date | None = None
    """The day the child moved on to another commune, as is known by now."""


@dataclass(frozen=True, slots=True)
class Homes:
    """All that is known of where the child of a case lived."""

    stays: tuple[Stay, ...] = ()
    register: tuple[Written, ...] = ()

    def at(self, moment: datetime | None) -> Home | None:
        """Return the home as known at a moment, or by now; None where the reader sees no part of the case that tells.

        In the present commune's register it stands as corrected last. What was written for another commune, and what
        the report said, counts for the time before the move alone.
        """
        number = next(
            (at for at in reversed(range(len(self.stays))) if moment is None or self.stays[at].from_moment <= moment),
            0 if self.stays else None,
        )
        if number is None:
            return None
        stay = self.stays[number]
        until = self.stays[number + 1].since if number + 1 < len(self.stays) else None
        found = [
            one
            for one in self.register
            if one.commune_id == stay.commune_id
            and (moment is None or one.known_from <= moment)
            and (number == 0 or one.known_from >= stay.from_moment)
        ]
        if found and found[-1].address is not None:
            last = found[-1]
            corrected = last.known_from if number > 0 and last.since is None else None
            return Home(last.address, stay.commune_id, last.since, corrected, until)
        as_reported = number == 0 and stay.told is not None
        return Home(stay.told, None if as_reported else stay.commune_id, stay.since, None, until)


def homes_of(
    case: Case,
    *,
    transfers: Iterable[CaseTransfer],
    taken: Mapping[UUID, datetime],
    reported: str | None,
    child: Child | None,
    household: Household | None,
    changes: Sequence[ChildChange],
) -> Homes:
    """Return what a case, its moves and the register say of where the child lived.

    `taken` is when each transfer that was accepted was written down: the time stated for it may lie before what the
    commune that gave the case away still recorded.
    """
    moves = sorted((one for one in transfers if one.id in taken), key=lambda one: taken[one.id])
    first = moves[0].from_commune_id if moves else case.commune_id
    stays = (
        Stay(case.received_at, first, None, reported),
        *(Stay(taken[one.id], one.to_commune_id, one.moved_on, one.address) for one in moves),
    )
    return Homes(stays, () if child is None else written_in_register(child, household, changes))


def written_in_register(
    child: Child, household: Household | None, changes: Sequence[ChildChange]
) -> tuple[Written, ...]:
    """Return what the register said of the address, from the child's registration on; changes in their order.

    A child without an address of its own lives with its household: as is known since both were written so.
    """
    telling = [change for change in changes if {"address", "commune_id"} & change.fields.keys()]
    address, commune = child.address, child.commune_id
    for change in reversed(telling):
        # Back to the beginning: what stood there before the first change.
        address = change.fields.get("address", {"old": address})["old"]
        commune = change.fields.get("commune_id", {"old": commune})["old"]
    entries = [Written(child.recorded_at, commune, address)]
    for change in telling:
        address = change.fields.get("address", {"new": address})["new"]
        commune = change.fields.get("commune_id", {"new": commune})["new"]
        moved_on = change.fields.get("moved_on", {}).get("new")
        since = None if moved_on is None else date.fromisoformat(moved_on)
        entries.append(Written(change.recorded_at, commune, address, since))
    if child.address is None and household is not None:
        joined = [change.recorded_at for change in changes if "household_id" in change.fields]
        known_from = max(entries[-1].known_from, household.changed_at, *joined)
        entries.append(Written(known_from, child.commune_id, household.address))
    return tuple(entries)
