"""What the decree says of placing a child: the order of carers, what a decision needs, when a visit is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from childcare_api.alternative_care.rules import CIRCULAR, DECREE, LAW, Birthday, Lack
from childcare_api.cases.consenting.to_care import UNSAFE
from childcare_api.cases.file.models import StepKind
from childcare_api.children.rules import age_on
from childcare_api.deadlines.limits import limit
from childcare_api.deadlines.rules import add_months
from childcare_api.shared.clock import VIET_NAM

SEEN_BY_CARERS_COMMUNE = (
    StepKind.SEPARATION,
    StepKind.SEPARATION_EXTENDED,
    StepKind.SEPARATION_CANCELLED,
    StepKind.COURT_REQUEST,
    StepKind.COURT_GRANTED,
    StepKind.CARE_NEEDS,
    StepKind.CARE_PAPERS,
    StepKind.FAMILY_NOTICE,
    StepKind.PLACEMENT_REQUESTED,
    StepKind.PLACEMENT_DECLINED,
    StepKind.PLACEMENT_WITHDRAWN,
    StepKind.PLACEMENT,
    StepKind.PLACEMENT_HANDOVER,
    StepKind.PLACEMENT_VISIT,
    StepKind.CARER_REPORT,
    StepKind.PLACEMENT_END_REQUESTED,
    StepKind.PLACEMENT_ENDED,
    StepKind.CHILD_DIED,
    StepKind.DECISION_SENT,
)
"""What the commune of a carer sees of the child's case, so that it can decide and follow up (Điều 42.5, 42.8).

Of what was sent, to whom its own decisions went: of a plan's the policy shows it nothing.

Of the court what it ordered: its decision belongs to the file of a child who needs care (Điều 38.3 e), and counts with
the request that it answers.
"""

ORDER: dict[str, str] = {
    "relative": f"{DECREE} Điều 42.3.a",
    "commune": f"{DECREE} Điều 42.3.b",
    "vietnamese": f"{DECREE} Điều 42.3.c",
    "foreigner": f"{DECREE} Điều 42.3.d",
}
"""The order in which carers are chosen, and where the decree says so."""

FIRST, SECOND, REPORT = "placement.visit_first", "placement.visit_second", "placement.report"
TOLD_FIRST, TOLD_YEARLY = "placement.carer_report_first", "placement.carer_report_yearly"
COME_AGAIN = (REPORT, TOLD_YEARLY)
"""The clocks that run again when what they wait for was done."""
HAND_OVER, END_AT_FACILITY = "placement.hand_over", "placement.end_at_facility"
SEND = "placement.send"
DECIDE_END, END_TEMPORARY = "placement.decide_end", "placement.end_temporary"
HAND_OVER_NOW = "placement.hand_over_now"
MOVE_OUT = "placement.move_out"

GOES_ON = ("continue", "support")
"""What a visit proposes where the child is to stay."""
GOES_TO_OTHER_CARE = ("other_carer", "facility")
"""Where a child goes when its care has ended and it still needs some: somebody decides on that, too."""


def must_be_asked(child: Birthday | None, today: date) -> bool:
    """Say whether the child must be asked: from 7 years on (Luật Trẻ em, Điều 60.3).

    In doubt it is asked: where only the month or year is known, the earliest birthday counts, and a child of whose age
    nothing is known is taken for old enough. An estimated age is taken as it was estimated.
    """
    if child is None:
        return True
    born = child.latest if child.precision == "estimated" else child.earliest
    return age_on(born, today) >= limit("child.must_be_asked", today)


def order_of(*, relative: bool, same_commune: bool, foreigner: bool) -> str:
    """Return the place of a carer in the order of Điều 42.3; a relative comes first, wherever they are from."""
    if relative:
        return "relative"
    if foreigner:
        return "foreigner"
    return "commune" if same_commune else "vietnamese"


def wishes_against(
    child: Birthday | None, sex: str | None, today: date, *, ages: tuple[int | None, int | None], wanted_sex: str | None
) -> list[Lack]:
    """Return which wishes of a carer the child does not meet (TT 14/2020, Điều 7.1 b)."""
    found = []
    youngest, oldest = ages
    if child is not None:
        age = age_on(child.latest, today)
        if (youngest is not None and age < youngest) or (oldest is not None and age > oldest):
            found.append(Lack("age_not_wished", "TT 14/2020/TT-BLĐTBXH Điều 7.1.b"))
    if wanted_sex is not None and sex in ("male", "female") and sex != wanted_sex:
        found.append(Lack("sex_not_wished", "TT 14/2020/TT-BLĐTBXH Điều 7.1.b"))
    return found


_SEPARATION = Lack("separation", f"{DECREE} Điều 32.4")


@dataclass(frozen=True, slots=True)
class Ready:
    """What stands behind a decision, as far as the law asks for it; `left_open` is what is told and refuses nothing."""

    has_needs: bool
    child_must_be_asked: bool
    child_was_asked: bool
    temporary: bool
    is_separated: bool
    found_abandoned: bool = False
    has_no_parent: bool = False
    consents_lack: Sequence[Lack] = ()
    court_lacks: Sequence[Lack] = ()
    facility_agrees: bool = True
    papers_missing: Sequence[Lack] = ()
    carer_lacks: Sequence[Lack] = ()
    carer_unsafe: Sequence[Lack] = ()
    left_open: Sequence[Lack] = ()


def lacking(ready: Ready) -> list[Lack]:
    """Return what a decision still lacks, by article.

    During a separation the child is given into care at once and the procedure follows (NĐ 56/2017, Điều 32.4); so is
    one found abandoned or without parents, who is separated from no parent (TT 14/2020, Điều 10.1 a2, as we read it).
    But not to somebody who was found unsafe.
    """
    if not ready.temporary:
        return _procedure(ready)
    at_once = ready.is_separated or ready.found_abandoned or ready.has_no_parent
    return [*([] if at_once else [_SEPARATION]), *ready.carer_unsafe]


def left_open(ready: Ready) -> list[Lack]:
    """Return what a decision goes ahead without: for care that is given at once also the procedure that follows.

    Whoever else has a child without parents is separated from it by decision: where none is there, it is told. So it is
    while a report alone speaks of abandonment, which is also what parents do who are there (Luật Trẻ em, Điều 4.9).
    """
    if not ready.temporary:
        return [*ready.left_open]
    told = [] if ready.is_separated or (ready.found_abandoned and ready.has_needs) else [_SEPARATION]
    return [*told, *_procedure(ready), *ready.left_open]


def _procedure(ready: Ready) -> list[Lack]:
    found = []
    if not ready.has_needs:
        found.append(Lack("care_needs", f"{DECREE} Điều 38.3.d"))
    found += ready.papers_missing
    if ready.child_must_be_asked and not ready.child_was_asked:
        found.append(Lack("child_opinion", f"{LAW} Điều 60.3"))
    found += ready.consents_lack
    found += ready.court_lacks
    if not ready.facility_agrees:
        found.append(Lack("facility_agreement", f"{CIRCULAR} Điều 11.3"))
    return [*found, *ready.carer_lacks]


def whose_decision(
    decided_by: str, *, facility: bool, temporary: bool, ground: str | None, court_ordered: bool
) -> Lack | None:
    """Return whom the law has decide where the chair of a commune is said to have.

    Who manages a facility gives a child to it, at once as well (Luật Trẻ em, Điều 66.2, 66.3; NĐ 56/2017, Điều 42.4);
    who has taken the districts' part in that is not in our sources. For a child of Điều 62.2 the court decides (66.4),
    and the chair carries out what it ordered. As we read it the chair may decide where every parent who is left
    consents (63.1 b, 66.1); that is told, and without consent refused.
    """
    if decided_by != "commune_chair":
        return None
    if facility:
        return Lack("facility_authority_decides", f"{LAW} Điều 66.2, 66.3")
    if ground == UNSAFE and not court_ordered and not temporary:
        return Lack("court_decides", f"{LAW} Điều 66.4")
    return None


def must_have_met(form: str, *, temporary: bool, received: bool, from_facility: bool) -> Lack | None:
    """Return by which article the child must have met the carer twice before, or None.

    A carer who is no relative (TT 14/2020, Điều 10.4 c), and whoever takes a child from a facility (Điều 11.2); not one
    who has the child already, or is given it at once (NĐ 56/2017, Điều 32.4).
    """
    if temporary or received:
        return None
    if from_facility:
        return Lack("met_twice", f"{CIRCULAR} Điều 11.2")
    return Lack("met_twice", f"{CIRCULAR} Điều 10.4.c") if form == "non_relative" else None


@dataclass(frozen=True, slots=True)
class Due:
    """One clock of a placement as its record says it should be: running from an instant, ended by one, or neither."""

    rule: str
    runs_from: datetime | None
    ended_at: datetime | None = None


def months_on(start: datetime, months: int) -> datetime:
    """Return the same time of day so many months later, in Viet Nam."""
    local = start.astimezone(VIET_NAM)
    day = add_months(local.date(), months)
    return local.replace(year=day.year, month=day.month, day=day.day)


_VISIT, _TOLD = "placement.visit_before_its_time", "placement.carer_report_before_its_time"
_IN_MONTHS: dict[str, tuple[int, bool, str]] = {
    "month_1": (1, False, _VISIT),
    "month_3": (3, False, _VISIT),
    "half_year": (6, True, _VISIT),
    "month_6": (6, False, _TOLD),
    "yearly": (12, True, _TOLD),
}
"""Of each visit and each word of the carer that has its time: after how many months, whether it comes again, and which
limit says how early it is taken (NĐ 56/2017, Điều 43.2; Luật Trẻ em, Điều 64.1 b).
"""


def first_day_of(occasion: str, received_at: datetime, done: int) -> date | None:
    """Return the first day on which a visit or report is taken for that occasion, or None where it has no time.

    The law says after how many months, not how close to that: some days before are the house's own. `done` says how
    many of them were made.
    """
    if occasion not in _IN_MONTHS:
        return None
    months, again, early = _IN_MONTHS[occasion]
    due = months_on(received_at, months * (done + 1 if again else 1)).date()
    return due - timedelta(days=limit(early, due))


def follow_ups(
    received_at: datetime | None,
    *,
    visits: Iterable[tuple[str, datetime]],
    reports: Iterable[tuple[str, datetime]],
    terms: Mapping[str, int],
) -> list[Due]:
    """Return the clocks of the follow-up, which all run from the day the carer received the child.

    Visits after 1 and 3 months and a report every 6 (NĐ 56/2017, Điều 43.2); what the carer owes after 6 months and
    each year (Luật Trẻ em, Điều 64.1 b). The n-th is reckoned from that day, so that lateness moves nothing; `terms`
    are the months of the clocks that come again.
    """
    seen, told = list(visits), list(reports)

    def due(rule: str, done: list[datetime]) -> Due:
        last = max(done, default=None)
        if received_at is None:
            return Due(rule, None)
        every = terms.get(rule)
        if every is None:
            return Due(rule, None, last) if done else Due(rule, received_at)
        return Due(rule, months_on(received_at, every * len(done)), last)

    def of(kind: str, among: list[tuple[str, datetime]]) -> list[datetime]:
        return [at for occasion, at in among if occasion == kind]

    return [
        due(FIRST, of("month_1", seen)),
        due(SECOND, of("month_3", seen)),
        due(REPORT, of("half_year", seen)),
        due(TOLD_FIRST, of("month_6", told)),
        due(TOLD_YEARLY, of("yearly", told)),
    ]
