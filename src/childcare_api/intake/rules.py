"""What makes a report an emergency, where it lands, which clocks it starts, and which step may follow which."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from childcare_api.children.rules import age_on

CARERS: Final = frozenset({"father", "mother", "step_parent", "adoptive_parent", "guardian", "carer"})
CLOCK_SKEW: Final = timedelta(minutes=5)
OLDEST_YEARS: Final = 18
FIRST_RECEIPT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any report."""

Ground = Literal["harm_doer_is_carer", "serious_harm", "stated", "assessed", "told_later"]
Command = Literal["acknowledge", "transfer", "assess", "open_case", "dismiss", "reexamine", "enter_in_error", "update"]

_ALLOWED: Final[Mapping[Command, frozenset[str]]] = {
    "acknowledge": frozenset({"received"}),
    "transfer": frozenset({"received", "acknowledged", "assessed"}),
    "assess": frozenset({"acknowledged", "assessed"}),
    "open_case": frozenset({"assessed", "case_opened"}),
    "dismiss": frozenset({"received", "acknowledged", "assessed"}),
    "reexamine": frozenset({"dismissed"}),
    "update": frozenset({"received", "acknowledged", "assessed", "case_opened"}),
    "enter_in_error": frozenset({"received", "acknowledged", "assessed", "dismissed", "withdrawn"}),
}


def may(command: Command, status: str) -> bool:
    """Return whether a step may follow when the report stands like this."""
    return status in _ALLOWED[command]


def emergency_grounds(
    harm_doers: Iterable[tuple[str | None, bool | None]], harm_level: str | None, *, stated: bool | None
) -> list[Ground]:
    """Return why a child needs protection at once; empty where nothing says so (NĐ 56/2017, Điều 31.1).

    A harm-doer is given by the relation to the child and whether they care for it. A parent or carer who does the
    harm makes an emergency by itself, whatever else is known; so does serious harm, or whoever took the report
    saying so.
    """
    grounds: list[Ground] = []
    if any(relation in CARERS or cares is True for relation, cares in harm_doers):
        grounds.append("harm_doer_is_carer")
    if harm_level == "high":
        grounds.append("serious_harm")
    if stated:
        grounds.append("stated")
    return grounds


@dataclass(frozen=True, slots=True)
class Told:
    """What came in about a report: first the report itself, without an id, then each addition to it.

    `grounds` say why it tells of an emergency; empty where it does not.
    """

    id: UUID | None
    at: datetime
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency: from when its 12 hours run, which is when the information came that it rests on, and why it is one.

    `told` is the addition that brought it, or None for the report itself.
    """

    told: UUID | None
    since: datetime
    grounds: tuple[str, ...]


def emergencies_of(events: Iterable[Told | bool]) -> list[Emergency]:
    """Return the emergencies of a report, read off what was told and what each initial assessment concluded, in order.

    An assessment judges what came before it, again where nothing came since the last. What came after an assessment
    that found no danger may still be one, from when it came; what an assessment found where nobody had said so, from
    the first that was told since the one before.
    """
    batches: list[tuple[list[Told], list[bool]]] = []
    for event in events:
        if isinstance(event, bool):
            batches[-1][1].append(event)
        elif batches and not batches[-1][1]:
            batches[-1][0].append(event)
        else:
            batches.append(([event], []))
    return [found for told, concluded in batches for found in _emergencies_in(told, concluded)]


def _emergencies_in(told: Sequence[Told], concluded: Sequence[bool]) -> list[Emergency]:
    kept = [(one, tuple(grounds_after_assessment(one.grounds, concluded))) for one in told]
    if any(concluded):
        # Of what nobody called an emergency, what came first.
        meant = [one for one in told if one.grounds] or [min(told, key=lambda one: one.at)]
        kept = [(one, grounds) for one, grounds in kept if one in meant]
    return [Emergency(one.id, one.at, grounds) for one, grounds in kept if grounds]


NotRefuted = Literal["not_assessed", "danger_found"]


def what_forbids_dismissal(events: Sequence[Told | bool]) -> NotRefuted | None:
    """Return why a report is not unfounded yet; None where it may be put aside.

    Whether an emergency is one, an initial assessment says (NĐ 56/2017, Điều 26.2): the last one, of all that was told.
    """
    for event in reversed(events):
        if isinstance(event, bool):
            return "danger_found" if event else None
        if event.grounds:
            return "not_assessed"
    return None


def ends_unseen(events: Sequence[Told | bool], told_id: UUID) -> bool:
    """Say whether danger ends unseen, were an addition unsaid: none judged it, nothing else told of it as early."""
    unjudged: list[Told] = []
    for event in events:
        unjudged = [] if isinstance(event, bool) else [*unjudged, event] if event.grounds else unjudged
    mine = next((one for one in unjudged if one.id == told_id), None)
    return mine is not None and not any(one is not mine and one.at <= mine.at for one in unjudged)


def grounds_after_assessment(reported: Collection[str], concluded: Collection[bool]) -> list[str]:
    """Return the grounds of what was told that remain once initial assessments have concluded.

    An assessment that finds no emergency outweighs what was said on the telephone, but not the decree: a parent or
    carer as the harm-doer stays one. Without any assessment that counts, what was reported stands.
    """
    if not concluded:
        return list(reported)
    kept = [ground for ground in reported if ground == "harm_doer_is_carer" or any(concluded)]
    return [*kept, "assessed"] if any(concluded) else kept


def clocks(commune_id: int | None, grounds: Collection[str], *, acknowledged: bool) -> list[str]:
    """Return the codes of the clocks that a report starts where it lands.

    Without a commune it must be sent on, and the clocks of the law run all the same.
    """
    first = ["intake.route"] if commune_id is None else [] if acknowledged else ["intake.acknowledge"]
    return [*first, "intake.assess", *(["emergency.intervene"] if grounds else [])]


def received_at(stated: datetime | None, now: datetime) -> datetime | None:
    """Return when the first office was told, or None for a time that cannot be.

    A source whose clock runs a little ahead of ours is believed up to now: a report is not lost for its clock.
    """
    if stated is None:
        return now
    if stated > now + CLOCK_SKEW or stated < FIRST_RECEIPT:
        return None
    return min(stated, now)


def could_be_a_child(born_on: date, on: date) -> bool:
    """Return whether somebody born that day may be reported as a child.

    A child is under 16 (Luật Trẻ em, Điều 1); who reports may be wrong by a year or two, not by ten.
    """
    return born_on <= on and age_on(born_on, on) < OLDEST_YEARS
