"""Reading and verifying the audit over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.oversight import queries
from childcare_api.oversight.jobs import seals_folder
from childcare_api.oversight.queries import Verification, Wanted
from childcare_api.oversight.schemas import AuditEventOut, AuditVerificationOut, NewestSeal, SealFault, SealWitness
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, FieldError, Forbidden, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Instant
from childcare_api.shared.writing import Written

router = Router(tags=["oversight"])

_EITHER = FieldError("child_id", "not_with_record_id", "Not together with record_id.", "Không dùng cùng record_id.")
_LEVELS = {Level.COMMUNE, Level.PROVINCE, Level.CENTRAL}
# Words are added with every release, so only their form is checked.
_KindWord = Annotated[
    str,
    Field(max_length=100),
    Written(r"^[a-z_]+$", "A kind of record, such as `case`.", "Một loại bản ghi, ví dụ `case`."),
]
_ActionWord = Annotated[
    str,
    Field(max_length=100),
    Written(r"^[a-z_]+(\.[a-z0-9_]+)+$", "What was done, such as `case.closed`.", "Việc đã làm, ví dụ `case.closed`."),
]
# Only ids: what is asked for is itself recorded, and must not carry a name into the audit.
_RecordId = Annotated[
    str,
    Written(
        r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{1,10})$",
        "An id: a UUID in lower case, or the number of a unit.",
        "Một mã định danh: UUID chữ thường, hoặc số của đơn vị.",
    ),
]
Kind = Annotated[_KindWord | None, Query(description="Of what kind the record is, such as `case`.")]
Action = Annotated[_ActionWord | None, Query(description="What was done, such as `case.closed`.")]


@router.get("/audit-events", responses=problems(Forbidden, BadQuery))
async def list_audit_events(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    record_id: Annotated[
        _RecordId | None,
        Query(description="Opened, changed or shown in a list; of the last 31 days without `since`."),
    ] = None,
    child_id: Annotated[
        UUID | None,
        Query(
            description="Where data of this child was seen or changed: by its record, household, moves, cases, their"
            " papers and reports, opened or in a list. Not with `record_id`."
        ),
    ] = None,
    subject_kind: Kind = None,
    action: Action = None,
    actor_id: UUID | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Page[AuditEventOut]:
    """List what was done, the newest first: to records your unit answers for, and by your unit's people elsewhere.

    Reading this list is itself an event.
    """
    _may_inspect(actor)
    if child_id is not None and record_id is not None:
        raise BadQuery(errors=(_EITHER,))
    wanted = Wanted(record_id, subject_kind, action, actor_id, since, until, child_id)
    found = await queries.event_page(session, actor, page, wanted)
    asked = {"record_id": record_id if child_id is None else str(child_id)}
    await audit.record(session, "audit.listed", subject_kind="audit", subject_id=None, detail=asked)
    return Page[AuditEventOut](
        items=[AuditEventOut.model_validate(row) for row in found.items], next_cursor=found.next_cursor, total=None
    )


@router.get("/audit/verification", responses=problems(Forbidden))
async def verify_audit(
    request: Request,
    actor: CurrentActor,
    session: Session,
    from_seal: Annotated[
        int, Query(ge=1, le=2**53, description="Where to start; `next_seal` of the answer before.")
    ] = 1,
) -> AuditVerificationOut:
    """Check the whole audit against its seals, and name the first event that was changed, deleted, swapped or added.

    The seals are compared with those kept outside the database, so that a cut-off tail is found as well.
    """
    _may_inspect(actor)
    folder = seals_folder(request.app.state.settings.data_dir)
    found = await queries.verify(session, folder, first_no=from_seal)
    await audit.record(session, "audit.verified", subject_kind="audit", subject_id=None, detail={"from": from_seal})
    return _verification(found, from_seal)


def _may_inspect(actor: Actor) -> None:
    actor.require(Permission.AUDIT_READ)
    if actor.level not in _LEVELS:
        raise Forbidden(permission=Permission.AUDIT_READ.value)


def _verification(found: Verification, from_seal: int) -> AuditVerificationOut:
    newest = found.newest_no or 0
    reached = found.checked[-1].no if found.checked else from_seal - 1
    complete = reached >= newest
    last_kept = found.kept[max(found.kept)] if found.kept else None
    return AuditVerificationOut(
        intact=found.fault is None,
        complete=complete,
        first_fault=SealFault.model_validate(found.fault) if found.fault is not None else None,
        checked_seals=len(found.checked),
        checked_events=sum(seal.events for seal in found.checked),
        next_seal=None if complete else reached + 1,
        newest_seal=NewestSeal(no=newest, hash=found.newest_hash or "", sealed_at=found.sealed_at)
        if found.sealed_at is not None
        else None,
        unsealed_events=found.unsealed_events,
        witness=SealWitness(
            kept=last_kept is not None,
            newest_no=last_kept.no if last_kept is not None else None,
            newest_hash=last_kept.hash if last_kept is not None else None,
        ),
    )
