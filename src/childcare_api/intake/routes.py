"""Reports of concern over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access import audit
from childcare_api.access.commands import Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import second_look
from childcare_api.intake import actions, answers, queries
from childcare_api.intake.commands import report_to_work_on
from childcare_api.intake.errors import AlreadyThere, IntakeStatusForbids, PlaceUnknown
from childcare_api.intake.models import Intake
from childcare_api.intake.receiving import actions as receiving
from childcare_api.intake.receiving.schemas import ReceiveIntake
from childcare_api.intake.schemas import (
    AcknowledgeIntake,
    AssessIntake,
    IntakeOut,
    IntakeReceipt,
    IntakeReceived,
    IntakeSummary,
    Status,
    TransferIntake,
    TransferredIntake,
)
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceForADay
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/intakes", tags=["intake"])

_STEPPING = (NotFound, Forbidden, VersionRequired, StaleVersion, IntakeStatusForbids)
_STEP = problems(*_STEPPING)
_MARKING = problems(*_STEPPING, AlreadyEnteredInError)


@router.post("", status_code=201, responses=problems(IdTaken, Forbidden))
async def receive_intake(
    body: ReceiveIntake, actor: CurrentActor, session: Session, once: OnceForADay, response: Response
) -> IntakeReceived:
    """Take in a report of concern, from any channel (NĐ 56/2017, Điều 25.1). Only what is known is written.

    It lands with the commune of the incident; with the province to send on where only that is known; otherwise with
    the office that took it. The answer says which office has it. What an officer takes in for the own commune is
    acknowledged by that: its status is `acknowledged` at once. `Location` is the receipt, which whoever made the
    report can read wherever it stands; the report itself is at `/intakes/{id}` for the office that holds it. A unit or
    code that no list has is kept in the words of the place (`place_text`), and `warnings` says so (`place_unknown`).
    """
    actor.require(Permission.INTAKE_CREATE)
    await once.begin(session)
    rows, notices = await receiving.receive(session, actor, body)
    intake = rows.intake
    response.headers["Location"] = f"/api/v1/intakes/{intake['id']}/receipt"
    receipt = await answers.receipt(session, intake)
    return IntakeReceived.model_validate({**dict(receipt), "warnings": notices})


@router.get("")
async def list_intakes(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    status: Status | None = None,
    emergency: bool | None = None,
    shared: Annotated[bool, Query(description="What other communes handed over or granted to mine instead.")] = False,
    sort: Annotated[Literal["received_at", "-received_at"], Query()] = "-received_at",
) -> Page[IntakeSummary]:
    """List the reports that my unit holds. The list names nobody."""
    actor.require(Permission.INTAKE_READ)
    by, descending = (Intake.received_at, Intake.id), sort.startswith("-")
    if shared and actor.database_role == "childcare_commune":
        async with second_look(session):
            statement = queries.granted_statement(status=status, emergency=emergency)
            fetched = await paging.fetch(session, statement, page, *by, descending=descending)
    elif shared:
        return Page[IntakeSummary](items=[], next_cursor=None, total=None)
    else:
        statement = queries.intakes_statement(actor, status=status, emergency=emergency)
        fetched = await paging.fetch(session, statement, page, *by, descending=descending)
    return Page[IntakeSummary].model_validate(fetched)


@router.get("/{intake_id}", responses=problems(NotFound, Forbidden))
async def get_intake(intake_id: UUID, actor: CurrentActor, session: Session) -> IntakeOut:
    """Read a report in full, but for who reported and who is said to have done the harm. The reading is recorded."""
    actor.require(Permission.INTAKE_READ)
    file = await queries.get_file(session, actor, intake_id)
    await audit.record(session, "intake.read", subject_kind="intake", subject_id=intake_id, holder=file.intake)
    return answers.intake_out(file)


@router.get("/{intake_id}/receipt", responses=problems(NotFound, Forbidden))
async def get_intake_receipt(intake_id: UUID, actor: CurrentActor, session: Session) -> IntakeReceipt:
    """Read how far a report is that I made myself, wherever it stands."""
    actor.require(Permission.INTAKE_CREATE)
    return await answers.receipt(session, await queries.get_receipt(session, intake_id))


@router.post("/{intake_id}/acknowledge", responses=_STEP)
async def acknowledge_intake(intake_id: UUID, body: AcknowledgeIntake, given: Given) -> IntakeOut:
    """Confirm that the commune has the report and answers for it."""
    intake = await report_to_work_on(given, intake_id)
    await actions.acknowledge(given.session, given.actor, intake, body)
    return await answers.answer(given.session, intake)


@router.post("/{intake_id}/transfer", responses=problems(*_STEPPING, PlaceUnknown, AlreadyThere))
async def transfer_intake(
    intake_id: UUID,
    body: TransferIntake,
    *,
    if_match: IfMatch,
    actor: CurrentActor,
    session: Session,
    once: OnceForADay,
) -> TransferredIntake:
    """Send a report on to the commune of the incident (NĐ 56/2017, Điều 26.1); the answer names the office it went to.

    The province does it where a place was divided or only the province was known. A commune may send it to another
    commune, or to its province to find the place, and keeps reading what it gave away.
    """
    actor.require(Permission.INTAKE_TRANSFER)
    await once.begin(session)
    intake = await queries.lock_intake(session, actor, intake_id, if_match)
    version, office = await actions.transfer(session, actor, intake, body)
    return TransferredIntake(row_version=version, id=intake_id, office=await answers.office(session, office))


@router.post("/{intake_id}/assess", responses=_STEP)
async def assess_intake(intake_id: UUID, body: AssessIntake, given: Given) -> IntakeOut:
    """Record the initial assessment of risk and harm (Mẫu 02) with the temporary safety measures taken."""
    intake = await report_to_work_on(given, intake_id)
    await actions.assess(given.session, given.actor, intake, body)
    return await answers.answer(given.session, intake)


@router.post("/{intake_id}/assessments/{assessment_id}/entered-in-error", responses=_MARKING)
async def mark_intake_assessment_in_error(
    intake_id: UUID, assessment_id: UUID, body: EnterInError, given: Given
) -> IntakeOut:
    """Mark an initial assessment as entered in error: it stays readable, stops counting, and is done again."""
    intake = await report_to_work_on(given, intake_id)
    assessment = await queries.get_assessment(given.session, intake, assessment_id)
    await actions.mark_assessment_in_error(given.session, given.actor, intake, assessment, body)
    return await answers.answer(given.session, intake)
