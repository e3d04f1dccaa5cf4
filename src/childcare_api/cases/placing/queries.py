"""Reading and locking what a case says of alternative care, in the own commune or from the commune of a carer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope, second_look
from childcare_api.alternative_care.rules import Birthday
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, is_granted, lock_file, with_parts
from childcare_api.cases.placing.errors import PlacementElsewhere
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
from childcare_api.children.models import Child
from childcare_api.children.rules import birthday_of_age
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound, StaleVersion

Detail = TypeVar("Detail", bound=PlacingDetail)
Told = list[tuple[CaseStep, Detail]]

SEEN_BY_CARERS_COMMUNE = (
    StepKind.SEPARATION,
    StepKind.SEPARATION_EXTENDED,
    StepKind.SEPARATION_CANCELLED,
    StepKind.CARE_NEEDS,
    StepKind.PLACEMENT_REQUESTED,
    StepKind.PLACEMENT_DECLINED,
    StepKind.PLACEMENT,
    StepKind.PLACEMENT_HANDOVER,
    StepKind.PLACEMENT_VISIT,
    StepKind.CARER_REPORT,
    StepKind.PLACEMENT_END_REQUESTED,
    StepKind.PLACEMENT_ENDED,
)
"""What the commune of a carer sees of the child's case, so that it can decide and follow up (Điều 42.5, 42.8)."""

KEPT_BY_THE_CARERS_COMMUNE = frozenset(
    {
        StepKind.PLACEMENT,
        StepKind.PLACEMENT_HANDOVER,
        StepKind.PLACEMENT_VISIT,
        StepKind.CARER_REPORT,
        StepKind.PLACEMENT_END_REQUESTED,
        StepKind.PLACEMENT_ENDED,
    }
)
"""The steps of a placement, which the commune that decided on it writes and marks (Điều 42.7, 43.2)."""

_ACT = text("SELECT case_place_from_elsewhere(:case_id, :version, CAST(:step AS jsonb), CAST(:detail AS jsonb))")
_MARK = text("SELECT case_mark_placing_from_elsewhere(:case_id, :version, :step_id, :reason, :now)")
_TAKEN = text("SELECT facility_places_taken(:provider_id, :day)")
_CHILDREN = text("SELECT carer_id, children FROM children_with_carers(:carer_ids, :day)")


@dataclass(slots=True)
class Placing:
    """A case file with everything it says of alternative care."""

    file: CaseFile
    needs: Told[CaseCareNeeds]
    requests: Told[CasePlacementRequest]
    placements: Told[CasePlacement]
    handovers: Told[CasePlacementHandover]
    visits: Told[CasePlacementVisit]
    reports: Told[CaseCarerReport]
    end_requests: Told[CasePlacementEndRequest]
    ends: Told[CasePlacementEnd]
    child: Birthday | None = None

    def last_needs(self) -> tuple[CaseStep, CaseCareNeeds] | None:
        """Return the newest report on the child's needs that counts."""
        return next((one for one in reversed(self.needs) if self.file.counts(one[0])), None)

    def about(self, rows: Told[Detail], placement_id: UUID) -> Told[Detail]:
        """Return what counts of one kind for one placement, in order."""
        return [one for one in rows if one[0].about_id == placement_id and self.file.counts(one[0])]

    def end_of(self, placement_id: UUID) -> tuple[CaseStep, CasePlacementEnd] | None:
        """Return how a placement ended."""
        return next(iter(self.about(self.ends, placement_id)), None)

    def in_force(self) -> Told[CasePlacement]:
        """Return the placements that count and have not ended."""
        return [one for one in self.placements if self.file.counts(one[0]) and self.end_of(one[0].id) is None]

    def answered_at(self, request: CaseStep) -> datetime | None:
        """Return when a question to another commune was answered."""
        answers = [
            step.happened_at for step in self.file.steps if request.id in step.stands_on and self.file.counts(step)
        ]
        return min(answers, default=None)

    def keeper_of(self, step: CaseStep, placement: CasePlacement) -> int | None:
        """Return the commune that keeps a placement: the one that decided on request, else whoever leads the case."""
        return placement.carer_commune_id if step.stands_on else self.file.case.commune_id


async def guard_keeper(session: AsyncSession, file: CaseFile, step: CaseStep) -> None:
    """Raise PlacementElsewhere for a step of a placement that another commune keeps: it marks what it wrote."""
    placed = next((one for one in file.steps if one.id in (step.id, step.about_id) and one.kind == "placement"), None)
    if placed is None or not placed.stands_on:
        return
    keeper = await session.scalar(
        select(CasePlacement.carer_commune_id).where(
            CasePlacement.id == placed.id, CasePlacement.commune_id == file.case.commune_id
        )
    )
    if keeper != file.case.commune_id:
        raise PlacementElsewhere


async def load(session: AsyncSession, file: CaseFile) -> Placing:
    """Return what a file says of alternative care, with the eyes of the moment."""
    return Placing(
        file,
        await details(session, file, CaseCareNeeds, StepKind.CARE_NEEDS),
        await details(session, file, CasePlacementRequest, StepKind.PLACEMENT_REQUESTED),
        await details(session, file, CasePlacement, StepKind.PLACEMENT),
        await details(session, file, CasePlacementHandover, StepKind.PLACEMENT_HANDOVER),
        await details(session, file, CasePlacementVisit, StepKind.PLACEMENT_VISIT),
        await details(session, file, CaseCarerReport, StepKind.CARER_REPORT),
        await details(session, file, CasePlacementEndRequest, StepKind.PLACEMENT_END_REQUESTED),
        await details(session, file, CasePlacementEnd, StepKind.PLACEMENT_ENDED),
        await _birthday(session, file.case),
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
    placing.file.standing.status = CaseStatus(case.status)
    return placing


async def _birthday(session: AsyncSession, case: Case) -> Birthday | None:
    """Return the child's birthday as the register has it, else as the report did."""
    if case.child_id is not None:
        child = await session.scalar(
            select(Child).where(Child.id == case.child_id, Child.commune_id == case.commune_id)
        )
        if child is not None:
            return Birthday(child.born_on, child.born_on_precision)  # type: ignore[arg-type]
    if case.child_born_on is not None:
        return Birthday(case.child_born_on, case.child_born_on_precision or "day")  # type: ignore[arg-type]
    if case.child_estimated_age is not None:
        return Birthday(birthday_of_age(case.child_estimated_age, clock.day_of(case.received_at)), "estimated")
    return None


async def lock_placing(session: AsyncSession, actor: Actor, case_id: UUID, version: Version) -> Placing:
    """Return a case with its alternative care at that version: the own one, locked, or what was granted of another's.

    Of another's case the gate takes the lock when it writes, and refuses what has changed since. Raises NotFound.
    """
    own = await session.scalar(select(Case.id).where(Case.id == case_id, in_scope(Case, actor)))
    if own is not None or actor.level is not Level.COMMUNE:
        return await load(session, await lock_file(session, actor, case_id, version=version))
    async with second_look(session):
        case = await session.scalar(select(Case).where(Case.id == case_id, is_granted(actor)))
        if case is None:
            raise NotFound(case_id=case_id)
        placing = await load(session, await with_parts(session, case))
    if not any(request.carer_commune_id == actor.commune_id for _, request in placing.requests):
        # Something else was granted; of the child's care nothing was asked of this commune.
        raise NotFound(case_id=case_id)
    version.check(case)
    return _from_elsewhere(session, placing)


async def act_elsewhere(session: AsyncSession, file: CaseFile, step: CaseStep, detail: PlacingDetail | None) -> None:
    """Write a step of the carer's commune into the case of another. Raises NotFound and StaleVersion."""
    words = {
        "id": str(step.id),
        "kind": step.kind,
        "about_id": None if step.about_id is None else str(step.about_id),
        "stands_on": [str(base) for base in step.stands_on],
        "note": step.note,
        "happened_at": step.happened_at.isoformat(),
        "recorded_at": step.recorded_at.isoformat(),
    }
    content = {} if detail is None else {name: getattr(detail, name) for name in detail.__table__.columns.keys()}  # noqa: SIM118
    await _through_the_gate(
        session, file, _ACT, step=orjson.dumps(words).decode(), detail=orjson.dumps(content).decode()
    )


async def mark_elsewhere(session: AsyncSession, file: CaseFile, step: CaseStep, reason: str) -> None:
    """Mark a step that this commune wrote into the case of another as entered in error."""
    await _through_the_gate(session, file, _MARK, step_id=step.id, reason=reason, now=clock.now())


async def _through_the_gate(session: AsyncSession, file: CaseFile, statement: object, **given: object) -> None:
    values = {"case_id": file.case.id, "version": file.case.row_version, **given}
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


async def places_taken(session: AsyncSession, provider_id: UUID, day: date) -> int:
    """Return how many children of all communes are placed in a facility on a day."""
    taken: int = await session.scalar(_TAKEN, {"provider_id": provider_id, "day": day})
    return taken


async def children_with(session: AsyncSession, carer_ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """Return how many children of all communes each of some carers has in care on a day."""
    rows = await session.execute(_CHILDREN, {"carer_ids": list(carer_ids), "day": day})
    return {row.carer_id: row.children for row in rows}
