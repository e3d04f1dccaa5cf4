"""Mẫu 07, the decision that separates a child for a time from parents or carers, and those that change it (Điều 32).

The decree has it name whom the child is separated from. That is mostly the alleged harm-doer, who is sealed: without
a stated reason the name is a dotted line, to be filled in by hand. They get the decision, too (Điều 28.5, 32): so it
says with whom the child is safe, and not at which address.
"""

from collections.abc import Iterable

from childcare_api.cases.file.models import StepKind
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.cases.separating.models import CaseSeparation, CaseSeparationChange
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.decisions import PARENTS, by_chair_of, carried_out, decision, ended
from childcare_api.exchange.papers.forms.parts import BLANK, Asked, by_leader, child_described, day_of
from childcare_api.exchange.papers.paper import Paper
from childcare_api.exchange.papers.queries import Material
from childcare_api.shared.text import fold

_ASSESSED = "Căn cứ kết quả đánh giá nhu cầu và môi trường an toàn của trẻ em"
_WHO = "cha, mẹ, người chăm sóc trẻ em, nơi tạm trú an toàn"


def mau_07(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision: whom from, on which ground, where the child stays, for how long, and when it is lifted."""
    found = detail_of(material, asked, CaseSeparation)
    unit = material.unit(found.origin_commune_id)
    return [
        decision(
            material,
            asked,
            unit=unit,
            number=found.decision_number,
            day=found.decided_on,
            about=(
                "Về việc tạm thời cách ly trẻ em khỏi cha, mẹ, người chăm sóc trẻ em\n"
                "và áp dụng biện pháp chăm sóc thay thế"
            ),
            grounds=(f"{_ASSESSED}: {ended(found.needs_and_safety)}",),
            articles=_articles(material, asked, found),
            signature=by_leader(material.signers.get(asked.step.id)),
            recipients=(f"{found.stay_name};", PARENTS),
        )
    ]


def _articles(material: Material, asked: Asked, found: CaseSeparation) -> list[str]:
    words = material.words
    who = child_described(material, asked.step.recorded_at)
    told = (words.of("separation_grounds", ground) for ground in words.ordered("separation_grounds", found.grounds))
    grounds = "; ".join((ground or "").lower() for ground in told)
    ends_at = asked.step.ends_at
    until = "" if ends_at is None else f", đến hết {wording.until(ends_at)}"
    return [
        (
            f"Tạm thời cách ly trẻ em {who}, khỏi: {whom(material, found.separated_from)}. Lý do (khoản 1 Điều 32 Nghị"
            f" định số 56/2017/NĐ-CP): {grounds}."
        ),
        (
            f"Thời hạn tạm thời cách ly là {found.days} ngày, kể từ {wording.moment(asked.step.happened_at)}{until}."
            " Thời hạn có thể được gia hạn nhưng tối đa không quá 15 ngày, trừ trường hợp phải tiếp tục cách ly theo"
            " yêu cầu của cơ quan có thẩm quyền."
        ),
        (
            f"Nơi tạm trú an toàn và chăm sóc thay thế: {_stay(material, found)}. Khi cha, mẹ, người chăm sóc trẻ em"
            " được đánh giá bảo đảm điều kiện an toàn cho trẻ em theo Mẫu số 03 thì quyết định tạm thời cách ly được"
            " hủy bỏ."
        ),
        carried_out(_WHO),
    ]


def extension(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision that lets a separation hold for some days more (Điều 32.3); the decree has no form."""
    found = detail_of(material, asked, CaseSeparationChange)
    if found.days is None:
        return []
    first = _first(material, found)
    ends_at = asked.step.ends_at
    until = "" if ends_at is None else f", đến hết {wording.until(ends_at)}"
    required = (
        f"Căn cứ văn bản số {found.authority_number} {wording.long_day(found.authority_issued_on)} của"
        f" {found.authority_issuer} yêu cầu tiếp tục cách ly trẻ em;"
    )
    articles = [
        (
            f"Gia hạn thời hạn tạm thời cách ly trẻ em {child_described(material, asked.step.recorded_at)}"
            f"{_from(material, first)} thêm {found.days} ngày{until} (khoản 3 Điều 32 Nghị định số 56/2017/NĐ-CP)."
        ),
        f"Nơi tạm trú an toàn, việc chăm sóc thay thế và các nội dung khác thực hiện theo {_called(first)}.",
        carried_out(_WHO),
    ]
    grounds = (f"{_ASSESSED}: {ended(found.reason)}", *([required] if found.authority_number is not None else []))
    about = "Về việc gia hạn thời hạn tạm thời cách ly trẻ em\nkhỏi cha, mẹ, người chăm sóc trẻ em"
    return [_change(material, asked, found, about=about, grounds=grounds, articles=articles)]


def cancellation(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision that cancels a separation (Điều 32.3); the decree has no form."""
    found = detail_of(material, asked, CaseSeparationChange)
    if found.days is not None:
        return []
    first = _first(material, found)
    basis = None if found.assessment_id is None else material.file.step(found.assessment_id)
    when = wording.long_day(None if basis is None else day_of(basis))
    back = (material.words.of("relations", found.returned_to) or BLANK).lower()
    articles = [
        (
            f"Hủy bỏ {_called(first)} về việc tạm thời cách ly trẻ em"
            f" {child_described(material, asked.step.recorded_at)}{_from(material, first).rstrip(',')}. Lý do:"
            f" {found.reason.rstrip(' .;')}."
        ),
        f"Trẻ em trở về với: {back}. Người làm công tác bảo vệ trẻ em cấp xã tiếp tục theo dõi tình trạng của trẻ em.",
        carried_out(_WHO),
    ]
    grounds = (
        (
            f"Căn cứ kết quả đánh giá theo Mẫu số 03 {when}: cha, mẹ, người chăm sóc trẻ em bảo đảm điều kiện an toàn"
            " cho trẻ em;"
        ),
    )
    about = "Về việc hủy bỏ quyết định tạm thời cách ly trẻ em\nkhỏi cha, mẹ, người chăm sóc trẻ em"
    return [_change(material, asked, found, about=about, grounds=grounds, articles=articles)]


def _change(
    material: Material,
    asked: Asked,
    found: CaseSeparationChange,
    *,
    about: str,
    grounds: tuple[str, ...],
    articles: list[str],
) -> Paper:
    first = _first(material, found)
    stay = () if first is None else (f"{first.stay_name};",)
    issuer = by_chair_of(None if first is None else material.unit(first.origin_commune_id))
    return decision(
        material,
        asked,
        unit=material.unit(found.origin_commune_id),
        number=found.decision_number,
        day=found.decided_on,
        about=about,
        grounds=(f"Căn cứ {_called(first)} {issuer} về việc tạm thời cách ly trẻ em;", *grounds),
        articles=articles,
        signature=by_leader(material.signers.get(asked.step.id)),
        recipients=(*stay, PARENTS),
    )


def _first(material: Material, found: CaseSeparationChange) -> CaseSeparation | None:
    """Return the decision that is changed, where the reader sees it."""
    first = material.details.get(found.separation_id)
    return first if isinstance(first, CaseSeparation) else None


def _called(first: CaseSeparation | None) -> str:
    """Return a decision as another names it: number and day."""
    if first is None:
        return f"Quyết định số {BLANK}"
    return f"Quyết định số {first.decision_number} {wording.long_day(first.decided_on)}"


def _from(material: Material, first: CaseSeparation | None) -> str:
    return "" if first is None else f", khỏi: {whom(material, first.separated_from)},"


def _stay(material: Material, found: CaseSeparation) -> str:
    """Return with whom the child stays, as a sentence has it, and in what kind of place."""
    words = material.words
    kind = words.of("stay_kinds", found.stay_kind) or found.stay_kind
    known = [one for one in _people(material, found.stay_relation) if one.role != HARM_DOER]
    same = {one.sex for one in known if fold(one.full_name or "") == fold(found.stay_name)}
    relation = words.related(found.stay_relation, next(iter(same), None) if len(same) == 1 else None)
    related = "" if relation is None else f"; quan hệ với trẻ em: {relation.lower()}"
    return f"{found.stay_name} ({kind.lower()}{related})"


def _people(material: Material, relation: str | None) -> list[CaseParty]:
    """Return who is in the case by a relation. Of some people a grant opens that somebody was added, and no more."""
    found = [material.details.get(step.id) for step in material.steps(StepKind.PARTY)]
    return [one for one in found if isinstance(one, CaseParty) and one.relation == relation]


def whom(material: Material, relations: Iterable[str]) -> str:
    """Return who is so related to the child, with names but for one that tells who is said to have done the harm."""
    return "; ".join(_person(material, relation) for relation in material.words.ordered("relations", relations))


def _person(material: Material, relation: str) -> str:
    """Return who is meant: the relation, and the name, unless it would tell who is said to have done the harm."""
    called = (material.words.of("relations", relation) or relation).lower()
    parties = _people(material, relation)
    if not material.unsealed and any(party.role == HARM_DOER for party in parties):
        return f"{called} {BLANK}"
    names: dict[str, dict[str, None]] = {}
    for party in parties:
        if party.full_name is not None:
            word = (material.words.related(relation, party.sex) or relation).lower()
            names.setdefault(word, {})[party.full_name] = None
    return ", ".join(f"{word} {', '.join(named)}" for word, named in names.items()) or f"{called} {BLANK}"
