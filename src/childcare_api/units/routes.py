"""Reading units in time and code lists over HTTP.

Public facts: a valid token, which the session asks for, is all it takes to read them.
"""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from childcare_api.access.dependencies import Session
from childcare_api.shared import clock, paging
from childcare_api.shared.caching import cacheable
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, FieldError, NotFound, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Day
from childcare_api.units import queries
from childcare_api.units.models import Unit, UnitSuccession
from childcare_api.units.schemas import (
    CodeListEntryOut,
    CodeListOut,
    CodeListPage,
    CodeListSummary,
    SuccessionOut,
    SuccessionRow,
    UnitDetail,
    UnitLevel,
    UnitOut,
)

router = Router(tags=["units"])

AsOf = Annotated[Day | None, Query(description="The day to look at; today where it is not given.")]
UnitIdInPath = Annotated[int, Path(ge=1, le=2_147_483_647)]


@router.get("/units", response_model=Page[UnitOut])
async def list_units(
    request: Request,
    session: Session,
    page: Paging,
    *,
    level: UnitLevel | None = None,
    parent_id: Annotated[int | None, Query(ge=1, le=2_147_483_647, description="The unit directly above.")] = None,
    code: Annotated[str | None, Query(max_length=10, description="Needs `as_of`: codes were used again.")] = None,
    as_of: AsOf = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of the name, accents or not, any order.")] = None,
) -> Response:
    """List the administrative units in force on a day: provinces, districts (to 2025-06-30), communes, villages."""
    if code is not None and as_of is None:
        error = FieldError(
            "as_of", "as_of_missing", "A code names a unit only together with a day.", "Mã hành chính cần kèm ngày."
        )
        raise BadQuery(errors=(error,))
    statement = queries.units_statement(as_of or clock.today(), level=level, parent_id=parent_id, code=code, q=q)
    fetched = await paging.fetch(session, statement, page, Unit.search_name, Unit.id)
    return cacheable(request, Page[UnitOut].model_validate(fetched))


@router.get("/units/{unit_id}", response_model=UnitDetail, responses=problems(NotFound))
async def read_unit(
    request: Request,
    session: Session,
    unit_id: UnitIdInPath,
) -> Response:
    """Read one unit, of whichever list, with the units above it."""
    unit = await queries.unit_by_id(session, unit_id)
    ancestors = [UnitOut.model_validate(above) for above in await queries.ancestors_of(session, unit)]
    answer = UnitDetail(**UnitOut.model_validate(unit).model_dump(), ancestors=ancestors)
    return cacheable(request, answer)


@router.get("/units/{unit_id}/succession", response_model=SuccessionOut, responses=problems(NotFound))
async def read_unit_succession(
    request: Request,
    session: Session,
    unit_id: UnitIdInPath,
    as_of: AsOf = None,
) -> Response:
    """Read what a unit came from, what it became, and which units hold its territory on a day.

    A unit that was divided has several holders; which one an event belongs to is for a person to say.
    """
    day = as_of or clock.today()
    unit = await queries.unit_by_id(session, unit_id)
    holders = await queries.heirs_of(session, unit_id, day)
    answer = SuccessionOut(
        unit=UnitOut.model_validate(unit),
        as_of=day,
        predecessors=[_step(*pair) for pair in await queries.predecessors_of(session, unit_id)],
        successors=[_step(*pair) for pair in await queries.successors_of(session, unit_id)],
        holders=[UnitOut.model_validate(holder) for holder in holders],
        divided=len(holders) > 1,
    )
    return cacheable(request, answer)


@router.get("/code-lists", response_model=CodeListPage)
async def list_code_lists(
    request: Request,
    session: Session,
) -> Response:
    """List the code lists that fields take their values from."""
    items = [
        CodeListSummary(
            name=head.name, title_vi=head.title_vi, title_en=head.title_en, source=head.source, entry_count=count
        )
        for head, count in await queries.code_lists(session)
    ]
    return cacheable(request, CodeListPage(items=items))


@router.get("/code-lists/{name}", response_model=CodeListOut, responses=problems(NotFound))
async def read_code_list(
    request: Request,
    session: Session,
    name: Annotated[str, Path(max_length=100)],
    as_of: AsOf = None,
) -> Response:
    """Read a code list as in force on a day: codes, labels in Vietnamese and English, article, validity.

    An entry that is not `verified` could not be read in an official text; nothing should be concluded from it.
    """
    day = as_of or clock.today()
    head, entries = await queries.code_list_by_name(session, name, day)
    answer = CodeListOut(
        name=head.name,
        title_vi=head.title_vi,
        title_en=head.title_en,
        source=head.source,
        as_of=day,
        entries=[CodeListEntryOut.model_validate(entry) for entry in entries],
    )
    return cacheable(request, answer)


def _step(unit: Unit, step: UnitSuccession) -> SuccessionRow:
    return SuccessionRow(unit=UnitOut.model_validate(unit), extent=step.extent, is_default=step.is_default)
