"""Printing a form: finding the step it stands on, laying it out, and writing down who printed what."""

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.file.queries import open_file
from childcare_api.exchange.papers.catalogue import FORMS, Form
from childcare_api.exchange.papers.errors import FormWithoutStep
from childcare_api.exchange.papers.forms import (
    asking_court,
    assessing,
    clocks,
    ending_care,
    following,
    needing_care,
    placing,
    planning,
    reporting,
    separating,
    whole_file,
)
from childcare_api.exchange.papers.forms.parts import Asked, newest_moment
from childcare_api.exchange.papers.paper import Paper, Print, blanks
from childcare_api.exchange.papers.queries import Material, add_own, material_of
from childcare_api.exchange.papers.schemas import Blank, FormList, FormOut, PrintableStep

Layout = Callable[[Material, Asked], list[Paper]]

LAYOUTS: Final[dict[str, Layout]] = {
    "mau-01": reporting.mau_01,
    "mau-02": reporting.mau_02,
    "mau-03": assessing.mau_03,
    "minutes": assessing.minutes,
    "mau-04": planning.mau_04,
    "mau-05": planning.mau_05,
    "mau-06": following.mau_06,
    "mau-07": separating.mau_07,
    "separation-extension": separating.extension,
    "separation-cancellation": separating.cancellation,
    "court-request": asking_court.court_request,
    "mau-10": needing_care.mau_10,
    "mau-12": placing.mau_12,
    "mau-13": placing.mau_13,
    "mau-15": ending_care.mau_15,
    "mau-16": ending_care.mau_16,
    "timeline": clocks.timeline,
    "case-file": whole_file.case_file,
}
"""How each form is laid out."""

PARTLY: Final = frozenset({"mau-12", "mau-15", "mau-16"})
"""The forms that not every step of their kind has: not every placement is a commune's, nor every wish a carer's."""

NAMING: Final = frozenset({"mau-07", "separation-extension", "separation-cancellation", "court-request", "case-file"})
"""The forms that have a place for the name of the alleged harm-doer."""


async def print_form(
    session: AsyncSession,
    actor: Actor,
    case_id: UUID,
    code: str,
    *,
    step_id: UUID | None,
    file_format: str,
    reason: str,
) -> Print:
    """Return a form of a case, ready for the press. A print is a read, and is recorded as what it is.

    With a reason, the forms that need the alleged harm-doer's name have it, and the reason is recorded.
    Raises FormWithoutStep where there is nothing to print it from: a step of another case, or none, answers the same.
    """
    form, unsealed = FORMS[code], bool(reason) and code in NAMING
    if unsealed:
        actor.require(Permission.CASE_REVEAL)
    async with open_file(session, actor, case_id, "forms") as file:
        material = await material_of(session, actor, file, unsealed=unsealed)
        steps = steps_for(material, form, step_id)
    await add_own(session, actor, material)
    step, papers = newest_paper(material, form, steps)
    detail = {"form": code, "step_id": str(step.id), "format": file_format, "counts": material.holds(step)}
    await audit.record(
        session,
        "form.printed",
        subject_kind="case",
        subject_id=file.case.id,
        detail=detail | {"unsealed": material.unsealed},
        reason=reason if material.unsealed else None,
        holder=file.case,
    )
    return Print(
        tuple(papers),
        f"{form.label}: {form.title}",
        keywords_of(form),
        newest_moment(material),
        # An id begins with the time; its end is what sets two of them apart.
        f"{form.code}-{step.id.hex[-8:]}",
    )


def keywords_of(form: Form) -> tuple[str, ...]:
    """Return what a document's properties say about its layout."""
    return (form.code, f"layout_unverified={str(form.layout_unverified).lower()}")


def steps_for(material: Material, form: Form, step_id: UUID | None) -> list[CaseStep]:
    """Return the steps a form may be printed from, the newest first: the one asked for, else all of the first kind.

    Raises FormWithoutStep where there are none.
    """
    if step_id is not None:
        step = material.file.step(step_id)
        if step is not None and step.kind in form.stands_on:
            return [step]
    else:
        for kind in form.stands_on:
            holding = material.steps(kind)
            if holding:
                return holding[::-1]
    raise _without_step(form)


def newest_paper(material: Material, form: Form, steps: Iterable[CaseStep]) -> tuple[CaseStep, list[Paper]]:
    """Return the first step that has such a paper, and the paper. Raises FormWithoutStep."""
    for step in steps:
        papers = LAYOUTS[form.code](material, Asked(form, step))
        if papers:
            return step, papers
    raise _without_step(form)


def _without_step(form: Form) -> FormWithoutStep:
    return FormWithoutStep(stands_on=[kind.value for kind in form.stands_on])


async def forms_of(session: AsyncSession, actor: Actor, case_id: UUID) -> FormList:
    """Return which forms a case has, from which steps, and what each leaves open."""
    async with open_file(session, actor, case_id, "forms") as file:
        material = await material_of(session, actor, file)
    await add_own(session, actor, material)
    items = [_form_out(material, form) for form in FORMS.values()]
    return FormList(row_version=file.case.row_version, items=items)


def _form_out(material: Material, form: Form) -> FormOut:
    file = material.file
    steps = [step for step in file.steps if step.kind in form.stands_on]
    if form.code in PARTLY:
        steps = [step for step in steps if LAYOUTS[form.code](material, Asked(form, step))]
    missing: list[Blank] = []
    if any(material.holds(step) for step in steps):
        missing = missing_from(newest_paper(material, form, steps_for(material, form, None))[1])
    return FormOut(
        form=form.code,
        label=form.label,
        title=form.title,
        article=form.article,
        layout_unverified=form.layout_unverified,
        stands_on=list(form.stands_on),
        steps=[
            PrintableStep(step_id=step.id, kind=step.kind, happened_at=step.happened_at, counts=material.holds(step))
            for step in steps
        ],
        missing=missing,
    )


def missing_from(papers: list[Paper]) -> list[Blank]:
    """Return what papers leave open, each thing once for the form and the step it belongs to."""
    found = dict.fromkeys((paper.form, paper.step_id, item) for paper in papers for item in blanks(paper))
    return [
        Blank(form=form, label=FORMS[form].label, step_id=step_id, item=item)
        for form, step_id, item in found
        if step_id is not None
    ]
