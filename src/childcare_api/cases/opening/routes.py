"""Addresses of opening cases on a report, and of linking or registering the child."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.queries import lock_file, told
from childcare_api.cases.opening import actions, queries
from childcare_api.cases.opening.errors import ChildHasCase
from childcare_api.cases.opening.schemas import (
    ChildLinkOut,
    LinkChild,
    OpenCases,
    OpenedCase,
    OpenedCases,
    RegisterCaseChild,
)
from childcare_api.intake.errors import IntakeStatusForbids
from childcare_api.intake.queries import lock_intake
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router
from childcare_api.units.errors import ResidenceUnknown

router = Router()


@router.post(
    "/intakes/{intake_id}/open-case",
    status_code=201,
    responses=problems(
        NotFound, VersionRequired, StaleVersion, IdTaken, IntakeStatusForbids, ChildHasCase, ResidenceUnknown
    ),
)
async def open_cases(
    intake_id: UUID, body: OpenCases, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> OpenedCases:
    """Open a case for each child of a report, linked as siblings, in the commune where the child lives.

    That commune leads (Luật Trẻ em, Điều 52.2). Yours, where the incident happened, keeps seeing its own part.
    """
    actor.require(Permission.CASE_OPEN)
    await once.begin(session)
    intake = await lock_intake(session, actor, intake_id, if_match)
    cases = await actions.open_cases(session, actor, await queries.reported_of(session, intake), body)
    return OpenedCases(
        row_version=intake.row_version,
        intake_id=intake.id,
        sibling_group_id=intake.id,
        cases=[
            OpenedCase(
                id=case.id,
                intake_child_id=case.intake_child_id,
                commune_id=case.commune_id or 0,
                status=case.status,
                led_elsewhere=case.commune_id != actor.commune_id,
            )
            for case in cases
        ],
    )


@router.post("/cases/{case_id}/link-child", status_code=201, responses=problems(*RECORDING))
async def link_child(
    case_id: UUID, body: LinkChild, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ChildLinkOut:
    """Link the case to a child of your register. A wrong link is entered in error and made again.

    `warnings` names in what that child differs from the one reported: `child_differs` refuses nothing.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, child = await actions.link_child(session, actor, file, body)
    return told(ChildLinkOut, file, step, child_id=child.id, warnings=queries.warnings_of(file, child, "/child_id"))


@router.post("/cases/{case_id}/register-child", status_code=201, responses=problems(*RECORDING))
async def register_case_child(
    case_id: UUID,
    body: RegisterCaseChild,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ChildLinkOut:
    """Register the child of the case, perhaps without papers or an exact birthday, and link the case to the record."""
    actor.require(Permission.CASE_WORK)
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, child = await actions.register_child_of_case(session, actor, file, body)
    return told(ChildLinkOut, file, step, child_id=child.id, warnings=queries.warnings_of(file, child, "/child"))
