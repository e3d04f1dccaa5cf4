"""Addresses of the printed papers of the register of carers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, OpenScope
from childcare_api.access.permissions import Permission
from childcare_api.exchange.papers.carers import actions
from childcare_api.exchange.papers.errors import CarerPaperMissing, PrinterBusy
from childcare_api.exchange.papers.routes import FILE, answered
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["alternative care"])
Document = Annotated[Literal["pdf", "docx"], Query(description="As which kind of file.")]


@router.get(
    "/carers/{carer_id}/forms/mau-08",
    response_class=Response,
    responses=problems(NotFound, CarerPaperMissing, PrinterBusy) | FILE,
)
async def print_carer_application(
    carer_id: UUID,
    actor: CurrentActor,
    scope: OpenScope,
    *,
    format: Document = "pdf",  # noqa: A002 - the name clients know
) -> Response:
    """Print the application of a carer, to be signed (Mẫu 08; NĐ 56/2017, Điều 39). It is recorded who printed it.

    A relative gives notice and needs none (Luật Trẻ em, Điều 65.4).
    """
    actor.require(Permission.CARER_READ)
    async with scope() as session:
        printed = await actions.print_application(session, actor, carer_id, file_format=format)
    return await answered(printed, format)


@router.get(
    "/carers/{carer_id}/forms/mau-11",
    response_class=Response,
    responses=problems(NotFound, CarerPaperMissing, PrinterBusy) | FILE,
)
async def print_carer_verification(
    carer_id: UUID,
    actor: CurrentActor,
    scope: OpenScope,
    *,
    format: Document = "pdf",  # noqa: A002 - the name clients know
    verification_id: Annotated[
        UUID | None, Query(description="Which verification; otherwise the last that counts.")
    ] = None,
) -> Response:
    """Print what was found of the conditions of a carer (Mẫu 11; NĐ 56/2017, Điều 42.1). It is recorded who printed it.

    One that was entered in error is printed only when asked for by its id, and marked VÔ HIỆU.
    """
    actor.require(Permission.CARER_READ)
    async with scope() as session:
        printed = await actions.print_verification(session, actor, carer_id, verification_id, file_format=format)
    return await answered(printed, format)


@router.get(
    "/carer-lists/{list_id}/forms/mau-09",
    response_class=Response,
    responses=problems(NotFound, PrinterBusy) | FILE,
)
async def print_carer_list(
    list_id: UUID,
    actor: CurrentActor,
    scope: OpenScope,
    *,
    format: Document = "pdf",  # noqa: A002 - the name clients know
) -> Response:
    """Print the list of a quarter as it was sent (Mẫu 09; NĐ 56/2017, Điều 40.1). It is recorded who printed it."""
    actor.require(Permission.CARER_READ)
    async with scope() as session:
        printed = await actions.print_list(session, actor, list_id, file_format=format)
    return await answered(printed, format)
