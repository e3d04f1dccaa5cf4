"""Who has to be told of a decision: of a plan, whom it names, and a parent or carer (NĐ 56/2017, Điều 28.5).

Of one that gives a child of a facility to a carer, that facility, and who is competent to end its care (NĐ 56/2017,
Điều 45.4; TT 14/2020/TT-BLĐTBXH, Điều 11.4).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from childcare_api.cases.file.models import CaseStatus
from childcare_api.intake.rules import CARERS
from childcare_api.shared.text import fold

BODY, PROVIDER, FAMILY = "implementing_body", "service_provider", "parent_or_carer"
FACILITY, AUTHORITY = "facility", "facility_authority"
OF_CARE: Final = frozenset({FACILITY, AUTHORITY})
"""Who is told of a decision on care, and of no other."""
PLAN_IS_SENT: Final = frozenset({CaseStatus.IMPLEMENTING, CaseStatus.READY_TO_CLOSE})
"""When a plan's decision is sent; care goes on in every state, also of a closed case, and so does its sending."""
NOT_SENT: Final = "not_possible"

_TOLD_APART: Final = frozenset({"father", "mother", "grandparent", "sibling"})
"""Relations of which nobody has two; whoever is a carer or a step-parent may also be called a father or a mother."""

_RELATIVES: Final = frozenset({"grandparent", "sibling", "other_relative"})

Recipient = tuple[str, str | None]
"""A kind, and the name that the file gives; who has none is named by whoever tells them."""


def to_be_told(services: Iterable[tuple[str | None, str | None]]) -> list[Recipient]:
    """Return whom a plan names, each once: `services` are the responsible bodies and providers of its lines."""
    wanted: dict[str, Recipient] = {}
    for body, provider in services:
        for kind, name in ((BODY, body), (PROVIDER, provider)):
            if name is not None:
                wanted.setdefault(fold(name), (kind, name))
    return [*wanted.values(), (FAMILY, None)]


def to_be_told_of_care(facilities: Iterable[str], authorities: Iterable[str], *, by_list: bool) -> list[Recipient]:
    """Return whom a decision goes to that takes a child from facilities, by their names: one that has none is unnamed.

    Who decided that a facility has the child ends that (Luật Trẻ em, Điều 69.4). Of a child on a facility's list the
    authority reads the decision there, once it is made.
    """
    named = dict.fromkeys((FACILITY, name) for name in facilities)
    competent = dict.fromkeys((AUTHORITY, name) for name in authorities)
    return [*(named or [(FACILITY, None)]), *([] if by_list else competent or [(AUTHORITY, None)])]


def waiting(wanted: Iterable[Recipient], told: Iterable[tuple[str, str]]) -> list[Recipient]:
    """Return who was not told yet; a name is the same however its accents and letters are written.

    An authority is called by its office or by who heads it, and is told by either.
    """
    sent = list(told)
    names, kinds = {fold(name) for _, name in sent}, {kind for kind, _ in sent}

    def is_told(kind: str, name: str | None) -> bool:
        return kind in kinds if name is None or kind == AUTHORITY else fold(name) in names

    return [one for one in wanted if not is_told(*one)]


def all_told_at(wanted: Sequence[Recipient], told: Iterable[tuple[datetime, str, str]]) -> datetime | None:
    """Return when the last of who had to be was told, whoever was told again or besides; None while one was not."""
    sent = sorted(told)
    return next(
        (at for number, (at, *_) in enumerate(sent, 1) if not waiting(wanted, [one[1:] for one in sent[:number]])), None
    )


def is_told_of(wanted: Iterable[Recipient], kind: str, name: str) -> bool:
    """Say whether a decision on care goes to somebody: a facility that has a name here goes by it."""
    same = [known for one, known in wanted if one == kind]
    return kind == AUTHORITY or None in same or fold(name) in {fold(known) for known in same if known is not None}


def goes_to_family(kind: str, way: str) -> bool:
    """Say whether a decision went to a parent or carer of the child."""
    return kind == FAMILY and way != NOT_SENT


def of_family(relations: Iterable[str]) -> list[str]:
    """Return which of some relations a parent or carer who is sent a plan may have."""
    return sorted((CARERS | _RELATIVES) & set(relations))


def others_by_name(people: Iterable[tuple[str | None, str]], accused: Sequence[str]) -> set[str]:
    """Return whose names, folded, are those of people who are surely not accused: `people` by name and relation."""
    known = [(fold(name), relation) for name, relation in people if name is not None]
    if not set(accused) <= _TOLD_APART:
        return set()
    may_be = {name for name, relation in known if relation not in _TOLD_APART or relation in accused}
    return {name for name, _ in known} - may_be
