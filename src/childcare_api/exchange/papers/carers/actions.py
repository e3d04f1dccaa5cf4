"""Printing a paper of the register: reading what it is made from, and writing down who printed what."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.alternative_care import queries as carers
from childcare_api.alternative_care.listing.queries import get_list
from childcare_api.exchange.papers.carers import layouts
from childcare_api.exchange.papers.carers.layouts import Register
from childcare_api.exchange.papers.catalogue import CARER_FORMS
from childcare_api.exchange.papers.errors import CarerPaperMissing
from childcare_api.exchange.papers.paper import Paper, Print
from childcare_api.exchange.papers.queries import Signer, words_of_today
from childcare_api.identity.models import User
from childcare_api.units.models import Unit


async def print_application(session: AsyncSession, actor: Actor, carer_id: UUID, *, file_format: str) -> Print:
    """Return Mẫu 08 of who applied. Raises CarerPaperMissing for a relative, who only gives notice."""
    carer = await carers.get_carer(session, actor, carer_id)
    if carer.basis != "application":
        raise CarerPaperMissing
    members = await carers.members_of(session, carer)
    register = await _register(session, carer.unit_id, None)
    detail = {"form": "mau-08", "format": file_format}
    await audit.record(session, "form.printed", subject_kind="carer", subject_id=carer.id, detail=detail, holder=carer)
    return _print(
        layouts.mau_08(register, carer, members), carer.id, (carer.recorded_at, *(one.recorded_at for one in members))
    )


async def print_verification(
    session: AsyncSession, actor: Actor, carer_id: UUID, verification_id: UUID | None, *, file_format: str
) -> Print:
    """Return Mẫu 11 of the verification asked for, else of the last that counts. Raises CarerPaperMissing."""
    carer = await carers.get_carer(session, actor, carer_id)
    if verification_id is not None:
        found = await carers.get_verification(session, carer, verification_id)
    else:
        last = carers.last_that_counts((await carers.verifications_of(session, [carer]))[carer.id])
        if last is None:
            raise CarerPaperMissing
        found = last
    register = await _register(session, carer.unit_id, found.recorded_by)
    counts = found.entered_in_error_at is None
    detail = {"form": "mau-11", "format": file_format, "verification_id": str(found.id), "counts": counts}
    await audit.record(session, "form.printed", subject_kind="carer", subject_id=carer.id, detail=detail, holder=carer)
    return _print(layouts.mau_11(register, carer, found), found.id, (carer.recorded_at, found.recorded_at))


async def print_list(session: AsyncSession, actor: Actor, list_id: UUID, *, file_format: str) -> Print:
    """Return Mẫu 09, the list of a quarter as it was sent."""
    sent = await get_list(session, actor, list_id)
    register = await _register(session, sent.unit_id, sent.recorded_by)
    detail = {"form": "mau-09", "format": file_format, "ids": [str(one) for one in sent.carer_ids]}
    await audit.record(
        session, "form.printed", subject_kind="carer_list", subject_id=sent.id, detail=detail, holder=sent
    )
    return _print(layouts.mau_09(register, sent), sent.id, (sent.recorded_at,))


async def _register(session: AsyncSession, unit_id: int, recorded_by: UUID | None) -> Register:
    """Return what all these papers need. Who has moved to another office since is not named: a pen does that."""
    unit = await session.scalar(select(Unit.name).where(Unit.id == unit_id))
    name = (
        None if recorded_by is None else await session.scalar(select(User.display_name).where(User.id == recorded_by))
    )
    return Register(unit, await words_of_today(session), Signer(name, None))


def _print(paper: Paper, record_id: UUID, moments: Iterable[datetime]) -> Print:
    form = CARER_FORMS[paper.form]
    keywords = (form.code, f"layout_unverified={str(form.layout_unverified).lower()}")
    file_name = f"{form.code}-{record_id.hex[-8:]}"
    return Print((paper,), f"{form.label}: {form.title}", keywords, max(moments), file_name)
