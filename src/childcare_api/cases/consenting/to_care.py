"""Whose written consent it takes to give a child into care: by the ground, and by who is left (Luật Trẻ em, Điều 63.1).

Two readings, both of words that the law leaves open. Who is dead, missing or was never known is not left, nor asked;
and the article excepts each parent whose own rights are restricted, not the other.
"""

from collections.abc import Collection
from dataclasses import dataclass

from childcare_api.alternative_care.rules import LAW, Lack

ORPHANED, UNSAFE, REFUGEE = "orphan_abandoned_no_support", "unsafe_or_unable_parents", "refugee"
"""The grounds of Điều 62.1, 62.2 and 62.4."""

NO_GUARDIAN = "no_natural_guardian"
"""The override of Điều 66.1, for a child of 62.1."""

GONE = frozenset({"dead", "missing", "never_known"})
"""What became of a parent who has the child no more."""

_OF_GUARDIAN, _OF_PARENTS = f"{LAW} Điều 63.1.a", f"{LAW} Điều 63.1.b"

_CONSENT = {"father": Lack("father_consent", _OF_PARENTS), "mother": Lack("mother_consent", _OF_PARENTS)}
_UNSTATED = {"father": Lack("father_unstated", _OF_PARENTS), "mother": Lack("mother_unstated", _OF_PARENTS)}


@dataclass(frozen=True, slots=True)
class Consents:
    """Who consented or on which ground it goes without, and what the consent hangs on.

    `father` and `mother` are what became of them, None where nobody has said. `measure_applied` says that the child was
    separated, and did not return.
    """

    ground: str
    father: str | None
    mother: str | None
    given_by: Collection[str] = ()
    override: str | None = None
    measure_applied: bool = False


def consents_missing(said: Consents) -> list[Lack]:
    """Return whose written consent is missing, each by its article.

    A child of Điều 62.1 has its guardian asked (63.1 a), or none where the commune appoints one with the decision
    (66.1). For any other child whoever is left of father and mother consents (63.1 b), unless a measure of Điều 50.2 b,
    50.2 c or 52.3 stands in its place, or their rights are restricted. Where nobody is left the law names nobody.
    """
    if said.ground == ORPHANED:
        has = "guardian" in said.given_by or said.override == NO_GUARDIAN
        return [] if has else [Lack("guardian_consent", _OF_GUARDIAN)]
    # Điều 50.2 c is care itself, for a child of Điều 62.2: it needs no other measure beside it.
    measure = said.override == "protection_measure"
    # Where it is stated whose rights are restricted, the override says no more than that: the other one is still asked.
    of_both = said.override == "rights_restricted" and "rights_restricted" not in {said.father, said.mother}
    if of_both or (measure and (said.measure_applied or said.ground == UNSAFE)):
        return []
    found = [Lack("no_measure_applied", _OF_PARENTS)] if measure else []
    for parent, state in (("father", said.father), ("mother", said.mother)):
        if parent in said.given_by:
            continue
        if state == "left":
            found.append(_CONSENT[parent])
        elif state is None and said.ground != REFUGEE:
            found.append(_UNSTATED[parent])
    return found


def unheard(said: Consents) -> list[Lack]:
    """Return which parents are left, and did not consent, of a child that is said to have no natural guardian.

    A child of Điều 62.1 may be abandoned by parents who are known: the article lets its guardian consent (63.1 a), and
    asks those who are left all the same (63.1 b). How the two go together it does not say: it is told, not refused.
    """
    if said.ground != ORPHANED or said.override != NO_GUARDIAN:
        return []
    became = (("father", said.father), ("mother", said.mother))
    return [_CONSENT[parent] for parent, state in became if state == "left" and parent not in said.given_by]


def all_who_are_left_consent(said: Consents) -> bool:
    """Say whether the parents who are left consented: at least one, and by no override.

    Who is gone, or whose rights are restricted, is none of them; who consents and of whom nothing was stated, is.
    """
    consented = {said.father if giver == "father" else said.mother for giver in _parents_of(said.given_by)}
    return said.override is None and bool(consented & {"left", None}) and not consents_missing(said)


def gone_among_givers(said: Consents) -> list[tuple[str, str]]:
    """Return who is said to have consented and is not there to do it by what is on file: each with what became of them.

    A dead man signs nothing: what is written of him is wrong here or in the report, and no consent (Điều 63.1 b).
    """
    became = {"father": said.father, "mother": said.mother}
    found = ((giver, became[giver]) for giver in _parents_of(said.given_by))
    return [(giver, state) for giver, state in found if state is not None and state in GONE]


def _parents_of(given_by: Collection[str]) -> list[str]:
    return [parent for parent in ("father", "mother") if parent in given_by]
