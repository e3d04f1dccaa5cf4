"""To whom decisions go: as it was recorded, and below a decision that takes a child from a facility.

NĐ 56/2017, Điều 28.5, 45.4; Thông tư 14/2020/TT-BLĐTBXH, Điều 11.4.
"""

from datetime import datetime
from uuid import UUID

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.planning.models import CaseDecision
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.rules import AUTHORITY, FACILITY
from childcare_api.cases.transferring.models import CaseTransfer
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.paper import Column
from childcare_api.exchange.papers.queries import Material

TITLE = "Gửi quyết định, kế hoạch (Điều 28.5, 45.4)"
COLUMNS = (Column("Quyết định", 2.6), Column("Nơi nhận", 3.9), Column("Hình thức", 3.5))
A_FACILITY = "cơ sở trợ giúp xã hội"
"""A facility that this reader is not told the name of."""
_LEFT = "Cơ sở trợ giúp xã hội nơi trẻ em chuyển đi"
_AUTHORITY = "Cơ quan có thẩm quyền chấm dứt việc chăm sóc tại cơ sở"


def sendings(material: Material) -> list[tuple[str | None, ...]]:
    """Return each sending in order: when, of which decision, to whom, and how.

    An authority reads the decision in its facility's list, as soon as it is made.
    """
    rows: list[tuple[datetime, tuple[str | None, ...]]] = []
    for step in material.steps(StepKind.DECISION_SENT):
        sent = material.details.get(step.id)
        if isinstance(sent, CaseSending):
            received = None if sent.received_by is None else f"Người nhận: {sent.received_by}"
            parts = (material.words.of("sending_ways", sent.way), received, sent.not_sent_reason)
            how = "\n".join(part for part in parts if part)
            rows.append((step.happened_at, (_number(material, sent.decision_id), sent.recipient, how)))
    for step in material.steps(StepKind.PLACEMENT):
        listed = material.facilities.lists.get(step.id)
        if listed is not None and listed.told_at is not None:
            said = (_number(material, step.id), "Cơ quan quản lý cơ sở trợ giúp xã hội", "Qua danh sách của cơ sở")
            rows.append((listed.told_at, said))
    return [(wording.short_moment(at), *said) for at, said in sorted(rows, key=lambda row: row[0])]


def _number(material: Material, decision_id: UUID) -> str | None:
    decision = material.details.get(decision_id)
    return decision.decision_number if isinstance(decision, CaseDecision | CasePlacement) else None


def facility_of(material: Material, step: CaseStep, found: CasePlacement) -> str | None:
    """Return which facility has the child as the decision is made: by its list, or by care there that had not ended."""
    listed = material.facilities.lists.get(step.id)
    if listed is not None and listed.place is not None:
        return str(listed.place)
    ended = {one.about_id for one in material.steps(StepKind.PLACEMENT_ENDED) if one.position < step.position}
    stays = _stays(material, step)
    for one, _ in stays:
        if one.id not in ended:
            return str(material.facilities.places.get(one.id, A_FACILITY))
    # Agreed on by a facility that the case does not know: that of a list which another commune was sent.
    return None if found.facility_agreed_on is None or stays else A_FACILITY


def where_it_lives(material: Material, step: CaseStep, issuer_id: int | None) -> list[str]:
    """Return the commune of the child, which led the case as a decision was made, where another one decided.

    Who left the case is not shown where it went: but until when it led, and no other commune gives a child into care
    unless it was asked.
    """
    based_on = [material.file.step(base) for base in step.stands_on]
    if step.kind == StepKind.PLACEMENT and not any(
        one is not None and one.kind == StepKind.PLACEMENT_REQUESTED for one in based_on
    ):
        return []
    return [] if _led_at(material, step) == issuer_id else ["UBND cấp xã nơi trẻ em cư trú;"]


def _led_at(material: Material, step: CaseStep) -> int | None:
    if material.led is not None and step.position <= material.led.position:
        return material.led.commune_id
    later = (one for one in material.steps(StepKind.TRANSFER_ACCEPTED) if one.position > step.position)
    moves = (None if one.about_id is None else material.details.get(one.about_id) for one in later)
    left = (one.from_commune_id for one in moves if isinstance(one, CaseTransfer))
    return next(left, material.file.case.commune_id)


def told_of_leaving(material: Material, step: CaseStep, found: CasePlacement) -> list[str]:
    """Return who is named below a decision by which a child leaves a facility: that one, and who ends its care.

    That authority is named as it was sent to, else as in the file: who gave the child to the facility ends it (Luật Trẻ
    em, Điều 69.4).
    """
    sent = {
        one.recipient_kind: one.recipient
        for at in material.steps(StepKind.DECISION_SENT)
        if isinstance(one := material.details.get(at.id), CaseSending) and one.decision_id == step.id
    }
    if not sent and not _leaves(material, step, found):
        return []
    listed = material.facilities.lists.get(step.id)
    place, authority = None if listed is None else listed.place, sent.get(AUTHORITY)
    stays = _stays(material, step)
    if stays:
        left, given = stays[0]
        place = place or material.facilities.places.get(left.id)
        authority = authority or (given.issuer if given.decided_by == "facility_authority" else None)
    name = sent.get(FACILITY) if place is None else place.name
    return [
        f"{_LEFT};" if name is None else f"{name} (nơi trẻ em chuyển đi);",
        f"{_AUTHORITY};" if authority is None else f"{authority} (để chấm dứt việc chăm sóc tại cơ sở);",
    ]


def _leaves(material: Material, step: CaseStep, found: CasePlacement) -> bool:
    if found.facility_agreed_on is not None or facility_of(material, step, found) is not None:
        return True
    # Care given at once, that this decision goes on from, took the child from there.
    base = material.file.step(step.about_id)
    before = None if base is None else material.details.get(base.id)
    return base is not None and isinstance(before, CasePlacement) and _leaves(material, base, before)


def _stays(material: Material, step: CaseStep) -> list[tuple[CaseStep, CasePlacement]]:
    """Return the decisions that gave the child to a facility before one, the newest first."""
    placed = [(one, material.details.get(one.id)) for one in material.steps(StepKind.PLACEMENT)]
    return [
        (one, placement)
        for one, placement in reversed(placed)
        if isinstance(placement, CasePlacement) and placement.provider_id is not None and one.position < step.position
    ]
