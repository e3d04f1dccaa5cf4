"""Addresses of a child's papers, and of notices that look for its family."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import details, lock_file, open_file, told
from childcare_api.cases.gathering import actions, queries, rules
from childcare_api.cases.gathering.models import CaseFamilyNotice
from childcare_api.cases.gathering.schemas import (
    CareDossier,
    CarePapersOut,
    DossierEntryOut,
    FamilyNoticeList,
    FamilyNoticeOut,
    RecordCarePapers,
    RecordFamilyNotice,
)
from childcare_api.cases.placing.queries import load
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router
from childcare_api.units.labels import labels

router = Router(prefix="/cases/{case_id}")


@router.post("/care-papers", status_code=201, responses=problems(*RECORDING, ValidationFailed))
async def record_care_papers(
    case_id: UUID,
    body: RecordCarePapers,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CarePapersOut:
    """Record papers of the child's dossier for finding carers that are there now (Điều 38.3, 38.4).

    Each with its number, or who has seen it and where it is kept. A lasting decision on care asks for all of them; care
    that is given at once, or by a court, goes ahead and is told which are not there.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, papers = await actions.record_care_papers(session, actor, file, body)
    return told(CarePapersOut, file, step, papers)


@router.get("/care-papers", responses=problems(NotFound))
async def read_care_dossier(case_id: UUID, actor: CurrentActor, session: Session) -> CareDossier:
    """Read the child's dossier for finding carers, paper by paper, with what it lacks by article (Điều 38.3, 38.4)."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "care_papers") as file:
        placing = await load(session, file)
        found = queries.gathered(placing, in_facility=queries.is_in_facility(placing))
        return CareDossier(
            row_version=file.case.row_version,
            found_abandoned=found.found_abandoned,
            dossier=[
                DossierEntryOut.model_validate(
                    {name: getattr(one, name) for name in ("paper", "article", "status", "step_id")}
                    | labels(one.paper, "care_dossier_papers")
                )
                for one in rules.dossier(found)
            ],
            missing=[lack.told() for lack in rules.missing(found)],
            items=[told(CarePapersOut, file, step, papers) for step, papers in placing.papers],
        )


@router.post("/family-notices", status_code=201, responses=problems(*RECORDING, ValidationFailed))
async def record_family_notice(
    case_id: UUID,
    body: RecordFamilyNotice,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> FamilyNoticeOut:
    """Record the public notice that looks for the family of a child found abandoned (TT 14/2020, Điều 10.1 a2).

    When, where and until when; or why there is none. Its task ends by it, and that of the child's birth registration
    begins when the notice is over.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, notice = await actions.record_family_notice(session, actor, file, body)
    return told(FamilyNoticeOut, file, step, notice)


@router.get("/family-notices", responses=problems(NotFound))
async def list_family_notices(case_id: UUID, actor: CurrentActor, session: Session) -> FamilyNoticeList:
    """Read by which notices the child's family was looked for."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "family_notices") as file:
        rows = await details(session, file, CaseFamilyNotice, StepKind.FAMILY_NOTICE)
        items = [told(FamilyNoticeOut, file, step, row) for step, row in rows]
        return FamilyNoticeList(row_version=file.case.row_version, items=items)
