"""How a seal outside the database is written down, and what comparing the two says. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from childcare_api.oversight.schemas import FaultKind

NO_HASH = "00" * 32


@dataclass(frozen=True, slots=True)
class KeptSeal:
    """A seal as it is kept outside the database, one line of a file."""

    no: int
    hash: str
    first_event_id: int | None
    last_event_id: int | None
    events: int
    sealed_at: datetime

    def line(self) -> bytes:
        """Return its line."""
        return orjson.dumps(self) + b"\n"


@dataclass(frozen=True, slots=True)
class CheckedSeal:
    """A seal of the database with what recomputing it from the events as they are now gave."""

    no: int
    previous_hash: str
    hash: str
    computed_hash: str
    first_event_id: int | None
    events: int
    event_id: int | None
    fault: FaultKind | None


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not as it was sealed."""

    kind: FaultKind
    seal_no: int
    event_id: int | None


def kept_seal(line: bytes) -> KeptSeal | None:
    """Read a line, or return None for one that was cut short when the machine failed."""
    try:
        values = orjson.loads(line)
        return KeptSeal(**{**values, "sealed_at": datetime.fromisoformat(values["sealed_at"])})
    except (ValueError, TypeError, KeyError):
        return None


def first_fault(
    checked: Sequence[CheckedSeal], kept: Mapping[int, KeptSeal], *, first_no: int, previous_hash: str
) -> Found | None:
    """Return the first thing wrong among consecutive seals, in the order of the seals.

    In each seal, what the events themselves show is said first, because it names the very event.
    """
    expected = first_no
    for seal in checked:
        if seal.no != expected:
            return Found("seal_missing", expected, _first_event(kept.get(expected)))
        if seal.fault is not None:
            return Found(seal.fault, seal.no, seal.event_id)
        if seal.computed_hash != seal.hash or seal.previous_hash != previous_hash:
            return Found("seal_broken", seal.no, seal.first_event_id)
        outside = kept.get(seal.no)
        if outside is not None and outside.hash != seal.hash:
            return Found("seal_replaced", seal.no, outside.first_event_id)
        expected, previous_hash = seal.no + 1, seal.hash
    return None


def cut_off(newest_no: int, kept: Mapping[int, KeptSeal]) -> Found | None:
    """Return the first seal that is kept outside and no longer in the database, if the tail was cut off."""
    lost = [no for no in kept if no > newest_no]
    return Found("tail_cut_off", min(lost), kept[min(lost)].first_event_id) if lost else None


def _first_event(seal: KeptSeal | None) -> int | None:
    return seal.first_event_id if seal is not None else None
