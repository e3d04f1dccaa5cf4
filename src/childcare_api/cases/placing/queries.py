"""Reading and locking what a case says of alternative care, in the own commune or from the commune of a carer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope, second_look
from childcare_api.alternative_care.facility_lists.queries import left_by
from childcare_api.alternative_care.rules import Birthday
from childcare_api.cases.consenting.to_care import GONE, ORPHANED, REFUGEE
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, StepDetail, StepKind
from childcare_api.cases.file.moved import not_led_here
from childcare_api.cases.file.queries import CaseFile, details, is_granted, lock_file, with_parts
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.placing.child import birthday_of
from childcare_api.cases.placing.models import (
    CaseCareNeeds,
    CaseCarerReport,
    CasePlacement,
    CasePlacementEnd,
    CasePlacementEndRequest,
    CasePlacementHandover,
    CasePlacementRequest,
    CasePlacementVisit,
    PlacingDetail,
)
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.separating.models import CaseCourtAnswer
from childcare_api.cases.separating.rules import order_on
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound, StaleVersion

Detail = TypeVar("Detail", bound=StepDetail)
Told = list[tuple[CaseStep, Detail]]

_ACT = text(
    "SELECT case_place_from_elsewhere(:case_id, :version, CAST(:step AS jsonb), CAST(:detail AS jsonb), :now,"
    " CAST(:clocks AS jsonb))"
)
_LASTING = text("SELECT lasting_placements(CAST(:ids AS uuid[]))")
_MARK = text(
    "SELECT case_mark_placing_from_elsewhere(:case_id, :version, :step_id, :reason, CAST(:clocks AS jsonb), :now)"
)


@dataclass(slots=True)
class Placing:
    """A case file with everything it says of alternative care."""

    file: CaseFile
    needs: Told[CaseCareNeeds]
    papers: Told[CaseCarePapers]
    notices: Told[CaseFamilyNotice]
    requests: Told[CasePlacementRequest]
    placements: Told[CasePlacement]
    handovers: Told[CasePlacementHandover]
    visits: Told[CasePlacementVisit]
    reports: Told[CaseCarerReport]
    end_requests: Told[CasePlacementEndRequest]
    ends: Told[CasePlacementEnd]
    court_orders: list[tuple[CaseStep, CaseCourtAnswer]]
    sendings: Told[CaseSending]
    child: Birthday | None = None
    left_lists: dict[UUID, date | None] = field(default_factory=dict)
    """The placements that took a child from a facility's list, and when the care there was ended (Điều 45.4)."""
    lasting_with_others: frozenset[UUID] = frozenset()
    """Of the care that is not shown to who looks, and of which they see that it was given, what was to last."""

    def last_needs(self) -> tuple[CaseStep, CaseCareNeeds] | None:
        """Return the newest report on the child's needs that counts."""
        return next((one for one in reversed(self.needs) if self.file.counts(one[0])), None)

    def found_abandoned(self) -> bool:
        """Say whether the child was found abandoned: by the last report on its needs, before one by who reported it."""
        needs = self.last_needs()
        return "abandonment" in self.file.case.harm_kinds if needs is None else needs[1].found_abandoned

    def has_no_parent(self) -> bool:
        """Say whether the child has no parent to be separated from, by the last report on its needs (Điều 62)."""
        needs = self.last_needs()
        if needs is None or self.found_abandoned():
            return self.found_abandoned()
        parents = {needs[1].father, needs[1].mother}
        return "left" not in parents and (needs[1].ground in {ORPHANED, REFUGEE} or parents <= GONE)

    def court_order_on(self, day: date) -> CaseStep | None:
        """Return the newest order of a court, in force on a day, to separate the child and give it into care."""
        return order_on((one for one in self.court_orders if self.file.counts(one[0])), day)

    def about(self, rows: Told[Detail], placement_id: UUID) -> Told[Detail]:
        """Return what counts of one kind for one placement, in order."""
        return [one for one in rows if one[0].about_id == placement_id and self.file.counts(one[0])]

    def end_of(self, placement_id: UUID) -> tuple[CaseStep, CasePlacementEnd] | None:
        """Return how a placement ended."""
        return next(iter(self.about(self.ends, placement_id)), None)

    def is_in_force(self, step: CaseStep) -> bool:
        """Say whether a placement counts, has not ended, and no lasting one goes on in its place."""
        goes_on = any(one.about_id == step.id and self.file.counts(one) for one, _ in self.placements)
        return self.file.counts(step) and self.end_of(step.id) is None and not goes_on

    def in_force(self) -> Told[CasePlacement]:
        """Return the placements that are in force."""
        return [one for one in self.placements if self.is_in_force(one[0])]

    def stay_of(self, step: CaseStep) -> list[UUID]:
        """Return a placement and those it goes on from with the same carer or facility, as far as they count."""
        ids, before = [step.id], self.file.step(step.about_id)
        while before is not None and self.file.counts(before):
            ids.append(before.id)
            before = self.file.step(before.about_id)
        return ids

    def in_stay(self, rows: Told[Detail], step: CaseStep) -> Told[Detail]:
        """Return what counts of one kind for the whole time a carer has had the child, in order."""
        ids = self.stay_of(step)
        return [one for one in rows if one[0].about_id in ids and self.file.counts(one[0])]

    def received_at(self, step: CaseStep) -> datetime | None:
        """Return when the carer of a placement received the child, also in a placement that this one goes on from."""
        return min((at.happened_at for at, _ in self.in_stay(self.handovers, step)), default=None)

    def answered_at(self, request: CaseStep) -> datetime | None:
        """Return when a question to another commune was answered."""
        answers = [
            step.happened_at for step in self.file.steps if request.id in step.stands_on and self.file.counts(step)
        ]
        return min(answers, default=None)

    def followed_by(self, commune_id: int) -> list[CaseStep]:
        """Return the care of a commune's carers that is in force, and the questions to it that wait for an answer."""
        asked = [step for step, one in self.requests if one.carer_commune_id == commune_id and self.file.counts(step)]
        care = [step for step, one in self.in_force() if one.carer_commune_id == commune_id]
        return [*care, *(step for step in asked if self.answered_at(step) is None)]

    def keeper_of(self, placement: CasePlacement) -> int | None:
        """Return the commune that keeps a placement: where the carer lives (Điều 43.2), else whoever leads the case."""
        return placement.carer_commune_id or self.file.case.commune_id


async def load(session: AsyncSession, file: CaseFile) -> Placing:
    """Return what a file says of alternative care, with the eyes of the moment."""
    placements = await details(session, file, CasePlacement, StepKind.PLACEMENT)
    shown = {step.id for step, _ in placements}
    unseen = [step.id for step in file.steps if step.kind == StepKind.PLACEMENT and step.id not in shown]
    return Placing(
        file,
        await details(session, file, CaseCareNeeds, StepKind.CARE_NEEDS),
        await details(session, file, CaseCarePapers, StepKind.CARE_PAPERS),
        await details(session, file, CaseFamilyNotice, StepKind.FAMILY_NOTICE),
        await details(session, file, CasePlacementRequest, StepKind.PLACEMENT_REQUESTED),
        placements,
        await details(session, file, CasePlacementHandover, StepKind.PLACEMENT_HANDOVER),
        await details(session, file, CasePlacementVisit, StepKind.PLACEMENT_VISIT),
        await details(session, file, CaseCarerReport, StepKind.CARER_REPORT),
        await details(session, file, CasePlacementEndRequest, StepKind.PLACEMENT_END_REQUESTED),
        await details(session, file, CasePlacementEnd, StepKind.PLACEMENT_ENDED),
        await details(session, file, CaseCourtAnswer, StepKind.COURT_GRANTED),
        await details(session, file, CaseSending, StepKind.DECISION_SENT),
        await birthday_of(session, file.case),
        await left_by(session, [step.id for step, _ in placements]) if placements else {},
        frozenset(await session.scalars(_LASTING, {"ids": unseen})) if unseen else frozenset(),
    )


async def load_again(session: AsyncSession, actor: Actor, file: CaseFile) -> Placing:
    """Return another commune's case as it is now, after something was written into it through the gate."""
    for step in file.steps:
        if step in session:
            # What the session remembers of a step would hide that it was marked.
            session.expunge(step)
    async with second_look(session):
        case = await session.scalar(select(Case).where(Case.id == file.case.id, is_granted(actor)))
        if case is None:
            raise NotFound(case_id=file.case.id)
        placing = await load(session, await with_parts(session, case))
    return _from_elsewhere(session, placing)


def _from_elsewhere(session: AsyncSession, placing: Placing) -> Placing:
    """Mark what was granted of another's case; it is changed through the gate alone, never by a flush."""
    case = placing.file.case
    session.expunge(case)
    placing.file.elsewhere = True
    # Only some kinds of step are seen from here; where the case stands is written in its head.
    standing = placing.file.standing
    standing.status = CaseStatus(case.status)
    standing.separation_id, standing.separation_ends_at = case.separation_id, case.separation_ends_at
    return placing


async def lock_placing(session: AsyncSession, actor: Actor, case_id: UUID, version: Version) -> Placing:
    """Return a case with its alternative care at that version: the own one, locked, or what was granted of another's.

    Of another's case the gate takes the lock when it writes, and refuses what has changed since. Raises NotFound.
    """
    own = await session.scalar(select(Case.id).where(Case.id == case_id, in_scope(Case, actor)))
    if own is not None or actor.level is not Level.COMMUNE:
        return await load(session, await lock_file(session, actor, case_id, version=version))
    async with second_look(session):
        case = await session.scalar(select(Case).where(Case.id == case_id, is_granted(actor)))
        placing = None if case is None else await load(session, await with_parts(session, case))
    if case is None or placing is None:
        raise await not_led_here(session, actor, case_id)
    asked = {one.carer_commune_id for _, one in placing.requests} | {
        one.carer_commune_id for _, one in placing.placements
    }
    if actor.commune_id not in asked:
        # Something else was granted; of the child's care nothing was asked of this commune.
        raise await not_led_here(session, actor, case_id)
    version.check(case)
    return _from_elsewhere(session, placing)


async def act_elsewhere(
    session: AsyncSession, file: CaseFile, step: CaseStep, detail: PlacingDetail | None, clocks: list[dict[str, Any]]
) -> None:
    """Write a step of the carer's commune into the case of another. Raises NotFound and StaleVersion."""
    said = ("id", "kind", "about_id", "stands_on", "note", "happened_at", "recorded_at", "protected_at")
    words = {name: getattr(step, name) for name in said}
    content = {} if detail is None else {name: getattr(detail, name) for name in detail.__table__.columns.keys()}  # noqa: SIM118
    await _through_the_gate(session, file, _ACT, step=_json(words), detail=_json(content), clocks=_json(clocks))


async def mark_elsewhere(
    session: AsyncSession, file: CaseFile, step: CaseStep, reason: str, *, clocks: list[dict[str, Any]]
) -> None:
    """Mark a step that this commune wrote into the case of another as entered in error.

    `clocks` are the tasks that run again there if a separation is in force again by it.
    """
    await _through_the_gate(session, file, _MARK, step_id=step.id, reason=reason, clocks=_json(clocks))


def _json(value: object) -> str:
    # asyncpg has a UUID class of its own, which orjson does not know: hence default.
    return orjson.dumps(value, default=str).decode()


async def _through_the_gate(session: AsyncSession, file: CaseFile, statement: object, **given: object) -> None:
    values = {"case_id": file.case.id, "version": file.case.row_version, "now": clock.now(), **given}
    version = await session.scalar(statement, values)  # type: ignore[call-overload]
    if version is None:
        raise NotFound(case_id=file.case.id)
    if version < 0:
        raise StaleVersion(row_version=-version)
    file.case.row_version = version


def get_of(rows: Told[Detail], step_id: UUID) -> tuple[CaseStep, Detail]:
    """Return one of some details by its id. Raises NotFound."""
    for step, detail in rows:
        if step.id == step_id:
            return step, detail
    raise NotFound(step_id=step_id)
