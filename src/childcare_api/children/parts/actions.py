"""What happens to the parts of a child's record: circumstances, guardians and identifiers."""

import re
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.children import errors, queries, rules
from childcare_api.children.history.actions import PARTS, Part, record_change, recorded_by, state_of
from childcare_api.children.models import Child, Circumstance, Guardian, Identifier
from childcare_api.children.schemas import (
    AddCircumstance,
    AddGuardian,
    AddIdentifier,
    CircumstanceEvidence,
    EndPartOfChild,
    RegisterChild,
)
from childcare_api.jobs import outbox
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError, EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import in_future, too_early

_CIRCUMSTANCE_LISTS = ("special_circumstances", "risk_groups")
_PERSONAL_ID = re.compile(r"[0-9]{12}")


async def add_all(session: AsyncSession, actor: Actor, child: Child, body: RegisterChild) -> None:
    """Add the parts that came with a new child, each as a change of its own."""
    for position, circumstance in enumerate(body.circumstances):
        await add_circumstance(session, actor, child, circumstance, at=f"/circumstances/{position}")
    for position, guardian in enumerate(body.guardians):
        await add_guardian(session, actor, child, guardian, at=f"/guardians/{position}")
    for position, identifier in enumerate(body.identifiers):
        await add_identifier(session, actor, child, identifier, at=f"/identifiers/{position}")


async def add_circumstance(
    session: AsyncSession, actor: Actor, child: Child, body: AddCircumstance, *, at: str = ""
) -> Circumstance:
    """Put a child into one of the 14 groups (NĐ 56/2017 Điều 3 to 16), at risk, or in other difficulty."""
    from_on = rules.first_day(body.from_on, body.from_on_precision)
    if from_on > clock.today():
        raise in_future(f"{at}/from_on")
    if rules.last_day(body.from_on, body.from_on_precision) < _earliest(child):
        raise too_early(f"{at}/from_on", _earliest(child))
    kind = await _kind_of(session, body, at)
    if actor.level is Level.VILLAGE and await queries.is_sensitive(session, body.group, body.subgroup):
        raise errors.GroupKeptByCommune
    for entry in await queries.circumstances_of(session, child, body.group):
        same = entry.subgroup_code == body.subgroup
        if same and rules.periods_overlap(entry.from_on, entry.ended_on, from_on, None):
            raise errors.CircumstanceInForce(circumstance_id=entry.id)
    evidence = body.evidence
    circumstance = Circumstance(
        id=body.id or new_id(),
        child_id=child.id,
        kind=kind,
        group_code=body.group,
        subgroup_code=body.subgroup,
        from_on=from_on,
        from_on_precision=body.from_on_precision,
        **_evidence_columns(evidence),
        **holder_of(child),
        **recorded_by(actor),
    )
    await _add(session, actor, child, circumstance)
    return circumstance


async def add_guardian(
    session: AsyncSession, actor: Actor, child: Child, body: AddGuardian, *, at: str = ""
) -> Guardian:
    """Name a parent, guardian or carer of a child."""
    today = clock.today()
    if body.from_on is not None and body.from_on < _earliest(child):
        raise too_early(f"{at}/from_on", _earliest(child))
    if body.born_year is not None and body.born_year > today.year:
        raise in_future(f"{at}/born_year")
    await queries.require_code(session, "ethnicities", body.ethnicity, pointer=f"{at}/ethnicity", day=today)
    guardian = Guardian(
        **(body.model_dump() | {"id": body.id or new_id()}),
        child_id=child.id,
        **holder_of(child),
        **recorded_by(actor),
    )
    await _add(session, actor, child, guardian)
    return guardian


async def add_identifier(
    session: AsyncSession, actor: Actor, child: Child, body: AddIdentifier, *, at: str = ""
) -> Identifier:
    """Add a number from one of the child's papers; who else carries a personal id is never told across a border."""
    if body.issued_on is not None and body.issued_on < _earliest(child):
        raise too_early(f"{at}/issued_on", _earliest(child))
    if body.kind == "personal_id" and not _PERSONAL_ID.fullmatch(body.value):
        raise errors.not_a_personal_id(f"{at}/value")
    identifier = Identifier(
        **(body.model_dump() | {"id": body.id or new_id()}),
        child_id=child.id,
        **holder_of(child),
        **recorded_by(actor),
    )
    await _add(session, actor, child, identifier)
    if body.kind == "personal_id":
        await queries.note_personal_id(session, child, body.value, clock.now())
    return identifier


async def end_circumstance(
    session: AsyncSession, actor: Actor, child: Child, circumstance: Circumstance, body: EndPartOfChild
) -> Circumstance:
    """Say from which day a circumstance no longer holds."""
    await _end(session, actor, child, circumstance, body)
    return circumstance


async def end_guardian(
    session: AsyncSession, actor: Actor, child: Child, guardian: Guardian, body: EndPartOfChild
) -> Guardian:
    """Say from which day somebody no longer is the child's parent by law, guardian or carer."""
    await _end(session, actor, child, guardian, body)
    return guardian


async def retract(session: AsyncSession, actor: Actor, child: Child, part: Part, body: EnterInError) -> None:
    """Mark a part as entered in error: it stays readable and no longer counts."""
    before = state_of(part)
    corrections.retract(part, body, by=actor.id)
    await _changed(session, actor, child, part, what="entered_in_error", before=before)


async def _add(session: AsyncSession, actor: Actor, child: Child, part: Circumstance | Guardian | Identifier) -> None:
    session.add(part)
    # The next part of the same body is checked against this one, by SQL.
    await session.flush()
    await _changed(session, actor, child, part, what="added", before={})


async def _end(
    session: AsyncSession, actor: Actor, child: Child, part: Circumstance | Guardian, body: EndPartOfChild
) -> None:
    if part.entered_in_error_at is not None:
        raise AlreadyEnteredInError
    if part.ended_on is not None:
        raise AlreadyEnded
    if body.ended_on < (earliest := part.from_on or _earliest(child)):
        raise too_early("/ended_on", earliest)
    before = state_of(part)
    part.ended_on, part.end_reason = body.ended_on, body.reason
    part.ended_at, part.ended_by = clock.now(), actor.id
    await _changed(session, actor, child, part, what="ended", before=before)


async def _changed(
    session: AsyncSession,
    actor: Actor,
    child: Child,
    part: Part,
    *,
    what: str,
    before: dict[str, Any],
) -> None:
    name = PARTS[type(part)]
    record_change(session, actor, child, f"{name}_{what}", old=before, new=state_of(part), part=part)
    await audit.record(
        session,
        f"child.{name}_{what}",
        subject_kind="child",
        subject_id=child.id,
        detail={f"{name}_id": str(part.id)},
        holder=child,
    )
    await outbox.publish(session, "child.changed", child_id=child.id)


def _earliest(child: Child) -> date:
    precision: rules.Precision = child.born_on_precision  # type: ignore[assignment]
    return rules.earliest_birthday(child.born_on, precision)


async def _kind_of(session: AsyncSession, body: AddCircumstance, at: str) -> str:
    """Return whether a group is one of the 14, a risk, or another difficulty; refuse codes that no list has."""
    day = clock.today()
    try:
        name, above = await queries.parent_of_code(session, _CIRCUMSTANCE_LISTS, body.group, day)
    except LookupError:
        raise errors.unknown_code(f"{at}/group") from None
    if above is not None:
        raise errors.unknown_code(f"{at}/group")
    if body.subgroup is not None:
        try:
            _, above = await queries.parent_of_code(session, (name,), body.subgroup, day)
        except LookupError:
            raise errors.unknown_code(f"{at}/subgroup") from None
        if above != body.group:
            raise errors.unknown_code(f"{at}/subgroup")
    if name == "special_circumstances":
        return "special"
    return "other_difficult" if body.group == "other_difficult" else "at_risk"


def _evidence_columns(evidence: CircumstanceEvidence | None) -> dict[str, Any]:
    if evidence is None:
        return {}
    return {
        "evidence_kind": evidence.kind,
        "evidence_number": evidence.number,
        "evidence_on": evidence.issued_on,
        "evidence_issuer": evidence.issuer,
        "evidence_note": evidence.note,
    }
