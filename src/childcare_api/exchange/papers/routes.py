"""Addresses of the printed papers of a case."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, OpenScope, Session, StatedReason
from childcare_api.access.permissions import Permission
from childcare_api.exchange.papers import actions, printing
from childcare_api.exchange.papers.errors import FormatNotPossible, FormWithoutStep, PrinterBusy
from childcare_api.exchange.papers.paper import Print
from childcare_api.exchange.papers.printing import MEDIA_TYPES, Format
from childcare_api.exchange.papers.schemas import FormCode, FormList
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}/forms", tags=["cases"])
# Generators of clients know bytes by their general name alone; without it the answer would be missing from theirs.
_KINDS = ("application/octet-stream", *MEDIA_TYPES.values())
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS},
    }
}


@router.get("", responses=problems(NotFound))
async def list_forms(case_id: UUID, actor: CurrentActor, session: Session) -> FormList:
    """Read which papers can be printed from a case: by which article, from which step, and what each leaves open.

    `layout_unverified` says of a form that the layout printed in the decree's annex could not be read.
    """
    actor.require(Permission.CASE_READ)
    return await actions.forms_of(session, actor, case_id)


@router.get(
    "/{form}",
    response_class=Response,
    responses=problems(NotFound, FormWithoutStep, FormatNotPossible, PrinterBusy) | FILE,
)
async def print_form(
    case_id: UUID,
    form: FormCode,
    actor: CurrentActor,
    scope: OpenScope,
    reason: StatedReason,
    *,
    format: Annotated[Format, Query(description="As which kind of file; the timeline alone also as `svg`.")] = "pdf",  # noqa: A002 - the name clients know
    step_id: Annotated[
        UUID | None, Query(description="From which step or version; otherwise from the newest that counts.")
    ] = None,
) -> Response:
    """Print a paper of a case as a file. It is recorded who printed what; it is in Vietnamese whatever you speak.

    What is not known is a dotted line. A step that was entered in error is printed only when asked for by its id, and
    marked VÔ HIỆU on every page; a decision that nobody has taken yet is marked DỰ THẢO, and a plan that came back,
    that another took the place of, or that lapsed, BẢN ĐÃ TRẢ LẠI, ĐÃ ĐƯỢC THAY THẾ or KHÔNG CÒN GIÁ TRỊ. The alleged
    harm-doer's name stands in Mẫu 07, in what changes it, in a request to the court and in the case file, and only
    where a reason was given (`X-Action-Reason`), which is recorded.
    A file is called by its form and the end of its step's id, never by anybody's name.
    """
    actor.require(Permission.CASE_READ)
    async with scope() as session:
        printed = await actions.print_form(
            session, actor, case_id, form, step_id=step_id, file_format=format, reason=reason
        )
        printing.check_format(printed, format)
    # The connection has been given back: composing takes longer than reading did.
    return await answered(printed, format)


async def answered(printed: Print, kind: Format) -> Response:
    """Return a print as the file that is saved. Raises PrinterBusy."""
    content = await printing.rendered(printed, kind)
    saved_as = f'attachment; filename="{printed.file_name}.{kind}"'
    headers = {"Content-Disposition": saved_as, "Content-Language": "vi"}
    return Response(content, headers=headers, media_type=MEDIA_TYPES[kind])
