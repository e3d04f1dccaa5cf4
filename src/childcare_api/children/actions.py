"""What happens to the record of a child: registered, changed, and its own fields."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.children import errors, queries, rules
from childcare_api.children.history.actions import record_change, registered_by, state_of
from childcare_api.children.models import Child
from childcare_api.children.parts.actions import add_all
from childcare_api.children.schemas import ChangeChild, RegisterChild
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import in_future, no_such_record, too_early
from childcare_api.shared.schemas import members
from childcare_api.shared.text import fold

_PLAIN_FIELDS = (
    *("sex", "ethnicity", "nationality", "religion", "address", "birth_registration", "birth_certificate_number"),
    *("birth_certificate_book", "birth_registered_on", "birth_registered_at_place", "health_card"),
    *("health_card_number", "health_card_until", "schooling", "school", "grade", "note"),
)


async def register_child(session: AsyncSession, actor: Actor, body: RegisterChild) -> Child:
    """Write a child into the book of the caller's commune (Sổ theo dõi trẻ em trong hộ gia đình)."""
    today = clock.today()
    born_on, precision = _birth_of(body, today)
    if not rules.is_child_on(born_on, today):
        raise errors.not_a_child()
    _check_days(members(body), rules.earliest_birthday(born_on, precision))
    await queries.require_code(session, "ethnicities", body.ethnicity, pointer="/ethnicity", day=today)
    household = await _household(session, actor, body.household_id)
    village_id = body.village_id if body.village_id is not None else actor.village_id
    if village_id is None and household is not None:
        village_id = household.village_id
    await queries.require_village(session, actor, village_id, today)
    child = Child(
        id=body.id or new_id(),
        household_id=body.household_id,
        born_on=born_on,
        born_on_precision=precision,
        row_version=1,
        **_named(body.full_name),
        **{name: getattr(body, name) for name in _PLAIN_FIELDS},
        **(actor.holder | {"village_id": village_id}),
        **registered_by(actor),
    )
    session.add(child)
    # The parts refer to the child, and what reads them by SQL must find it.
    await session.flush()
    record_change(session, actor, child, "registered", old={}, new=state_of(child))
    await add_all(session, actor, child, body)
    await audit.record(session, "child.registered", subject_kind="child", subject_id=child.id, holder=child)
    await outbox.publish(session, "child.registered", child_id=child.id)
    return child


async def change_child(session: AsyncSession, actor: Actor, child: Child, body: ChangeChild) -> Child:
    """Change a child's own fields; whatever the patch does not name stays."""
    today, sent = clock.today(), members(body)
    before = state_of(child)
    if "full_name" in sent:
        if body.full_name is None:
            raise errors.required("/full_name")
        _assign(child, _named(body.full_name))
    if {"born_on", "born_on_precision"} & sent.keys():
        _settle_birth(child, sent)
    _check_days(sent, rules.earliest_birthday(child.born_on, _precision(child)))
    if body.ethnicity is not None:
        await queries.require_code(session, "ethnicities", body.ethnicity, pointer="/ethnicity", day=today)
    if "household_id" in sent:
        await _household(session, actor, body.household_id)
    moves = "village_id" in sent and body.village_id != child.village_id
    if moves:
        await queries.require_village(session, actor, body.village_id, today)
    _assign(
        child, {name: sent[name] for name in (*_PLAIN_FIELDS, "household_id", "village_id", "died_on") if name in sent}
    )
    after = state_of(child)
    if after == before:
        return child
    if moves:
        await queries.move_parts(session, child)
    record_change(session, actor, child, "changed", old=before, new=after)
    fields = sorted(rules.changed_fields(before, after))
    await audit.record(
        session, "child.changed", subject_kind="child", subject_id=child.id, detail={"fields": fields}, holder=child
    )
    await outbox.publish(session, "child.changed", child_id=child.id)
    return child


async def warnings_about(session: AsyncSession, actor: Actor, child: Child) -> list[rules.Notice]:
    """Return what looks wrong about a child: its personal ids, a namesake of the same age. None of it is refused."""
    found: list[rules.Notice] = []
    for value in await queries.personal_ids_of(session, child):
        found += rules.personal_id_warnings(
            value,
            sex=child.sex,
            born_on=child.born_on,
            precision=_precision(child),
            old_provinces=await queries.old_provinces(session, child.province_id or 0),
        )
        found += [
            rules.held_by_another(other) for other in await queries.other_holders_in_scope(session, actor, child, value)
        ]
    born, told = (child.born_on, _precision(child)), {notice.child_id for notice in found}
    namesakes = await queries.namesakes_in_scope(session, actor, child)
    return found + [
        rules.maybe_registered_before(other.id)
        for other in namesakes
        if other.id not in told and rules.may_be_one_birthday(born, (other.born_on, _precision(other)))
    ]


def _birth_of(body: RegisterChild, today: date) -> tuple[date, rules.Precision]:
    if (body.born_on is None) == (body.estimated_age is None):
        raise errors.required("/born_on")
    if body.estimated_age is not None:
        return rules.birthday_of_age(body.estimated_age, today), "estimated"
    born_on = body.born_on or today
    if rules.first_day(born_on, body.born_on_precision) > today:
        raise in_future("/born_on")
    return rules.latest_birthday(born_on, body.born_on_precision), body.born_on_precision


def _settle_birth(child: Child, sent: dict[str, Any]) -> None:
    born_on = sent.get("born_on", child.born_on)
    precision = sent.get("born_on_precision", child.born_on_precision)
    if born_on is None or precision is None:
        raise errors.required("/born_on" if born_on is None else "/born_on_precision")
    if missing := rules.missing_of_birthday(sent, _precision(child), precision):
        raise errors.half_a_birthday(f"/{missing}")
    if rules.first_day(born_on, precision) > clock.today():
        raise in_future("/born_on")
    born_on = rules.latest_birthday(born_on, precision)
    # Who has turned 16 since stays in the book; who was 16 already when it was written never was a child.
    if not rules.is_child_on(born_on, clock.day_of(child.recorded_at)):
        raise errors.not_a_child()
    child.born_on, child.born_on_precision = born_on, precision


def _precision(child: Child) -> rules.Precision:
    precision: rules.Precision = child.born_on_precision  # type: ignore[assignment]
    return precision


def _check_days(sent: dict[str, Any], earliest: date) -> None:
    for name in ("birth_registered_on", "died_on"):
        day = sent.get(name)
        if day is not None and day < earliest:
            raise too_early(f"/{name}", earliest)
    until = sent.get("health_card_until")
    if until is not None and until < earliest:
        raise too_early("/health_card_until", earliest)


def _named(full_name: str) -> dict[str, Any]:
    search_name = fold(full_name)
    return {"full_name": full_name, "search_name": search_name, "name_words": search_name.split()}


def _assign(child: Child, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(child, name, value)


async def _household(session: AsyncSession, actor: Actor, household_id: Any) -> Any:  # noqa: ANN401
    if household_id is None:
        return None
    household = await queries.find_household(session, actor, household_id)
    if household is None:
        raise no_such_record("/household_id")
    return household
