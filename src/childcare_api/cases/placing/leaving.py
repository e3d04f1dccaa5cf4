"""Whether a child comes from a facility: by care that is in force there, that ended for a carer, or by a list."""

from datetime import date

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd
from childcare_api.cases.placing.queries import Placing, Told

NO_FACILITY_LEFT = ("no_facility_left", "The child leaves no facility.", "Trẻ em không rời cơ sở nào.")


def facilities_left(placing: Placing, *, before: int | None = None) -> Told[CasePlacement]:
    """Return the care in a facility that a child leaves by a decision at that position, else by one that comes now.

    In force then, or ended by moving the child to a carer: its head agrees all the same (TT 14/2020, Điều 11.3), until
    a lasting decision gave the child to somebody, wherever they live. Care given at once in between waits for that
    procedure (Điều 32.4).
    """
    earlier = [
        one
        for one in placing.placements
        if placing.file.counts(one[0]) and (before is None or one[0].position < before)
    ]

    elsewhere = [
        one
        for one in with_others(placing)
        if one.id in placing.lasting_with_others and (before is None or one.position < before)
    ]
    continued = {step.about_id for step, _ in earlier}

    def left(step: CaseStep) -> bool:
        end = placing.end_of(step.id)
        if end is None or (before is not None and end[0].position >= before):
            return True
        since = (one for one in earlier if one[0].position > step.position)
        lasting = not all(one.temporary for _, one in since) or any(one.position > step.position for one in elsewhere)
        return _for_a_carer(end[1]) and not lasting

    facilities = [one for one in earlier if one[1].provider_id is not None and one[0].id not in continued]
    return [one for one in facilities if left(one[0])]


def with_others(placing: Placing) -> list[CaseStep]:
    """Return the placements of which a commune that was asked sees no more than that there are some: other carers'."""
    seen = {step.id for step, _ in placing.placements}
    return [step for step in placing.file.counting(StepKind.PLACEMENT) if step.id not in seen]


def is_with_others(placing: Placing) -> bool:
    """Say whether one of those carers has the child."""
    placed, ended = placing.file.counting(StepKind.PLACEMENT), placing.file.counting(StepKind.PLACEMENT_ENDED)
    left = {one.about_id for one in (*placed, *ended)}
    return any(step.id not in left for step in with_others(placing))


def _for_a_carer(end: CasePlacementEnd) -> bool:
    return end.ground == "moved_to_carer" or end.goes_to == "other_carer"


def facilities_left_for(placing: Placing, step: CaseStep) -> Told[CasePlacement]:
    """Return the care in a facility that the child left by a placement with a carer."""
    return facilities_left(placing, before=step.position)


def comes_from_facility(placing: Placing, step: CaseStep) -> bool:
    """Say whether whoever has the child by a placement took it in from a facility."""
    stay = [placing.file.step(one) for one in placing.stay_of(step)]
    return any(one and (one.id in placing.left_lists or facilities_left_for(placing, one)) for one in stay)


def still_at_facility(placing: Placing, step: CaseStep) -> bool:
    """Say whether a facility has the child yet: by care in force there, or by a list without an end of it."""
    listed = any(placing.left_lists.get(one, date.min) is None for one in placing.stay_of(step))
    return listed or any(one.provider_id is not None for _, one in placing.in_force())


def last_day_at_facility(placing: Placing, step: CaseStep) -> date | None:
    """Return when the facility that the child left for a placement ended its care, by its list or by the case."""
    stay = [placing.file.step(one) for one in placing.stay_of(step)]
    ends = [placing.left_lists.get(one) for one in placing.stay_of(step)]
    for at in stay:
        left = [] if at is None else facilities_left_for(placing, at)
        ends += [end[1].ended_on for one, _ in left if (end := placing.end_of(one.id)) is not None]
    return max((day for day in ends if day is not None), default=None)


def has_agreed(placing: Placing, continued: CaseStep | None) -> bool:
    """Say whether the head of a facility agreed already on the care given at once that a decision goes on from."""
    stay = [] if continued is None else placing.stay_of(continued)
    return any(step.id in stay and one.facility_agreed_on is not None for step, one in placing.placements)
