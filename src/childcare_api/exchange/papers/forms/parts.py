"""What the forms share: letterhead, who signs and as what, who the child is, grids, and what makes a paper void."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from childcare_api.cases.assessing.rules import LEVELS, totals
from childcare_api.cases.file.models import CaseStep
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.catalogue import Form
from childcare_api.exchange.papers.homes import Home
from childcare_api.exchange.papers.paper import Block, Column, Field, Head, Paper, Signature, Table
from childcare_api.exchange.papers.queries import Material, Signer
from childcare_api.intake.models import IntakeChild
from childcare_api.shared import clock

OFFICER = ("Người làm công tác", "bảo vệ trẻ em cấp xã")
VOID, DRAFT = "VÔ HIỆU", "DỰ THẢO"
BLANK = "……………………"
_IN_ONE_LINE = 22
"""How many letters of a commune's name have room on the left of a letterhead."""
LAW = "Căn cứ Luật Trẻ em ngày 05 tháng 4 năm 2016;"
DECREE = (
    "Căn cứ Nghị định số 56/2017/NĐ-CP ngày 09 tháng 5 năm 2017 của Chính phủ quy định chi tiết một số điều của"
    " Luật Trẻ em;"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form, and the step it is printed from."""

    form: Form
    step: CaseStep


def office(unit_name: str | None) -> tuple[str, ...]:
    """Return the office of a commune as a letterhead names it, in two lines; a double name breaks at its dash."""
    halves = (unit_name or BLANK).split(" - ")
    is_long = len(halves) > 1 and max(map(len, halves)) <= _IN_ONE_LINE < len(unit_name or "")
    return ("Ủy ban nhân dân", " - ".join(map(wording.unbroken, halves)) if is_long else " - ".join(halves))


def head(unit_name: str | None, number: str | None, day: date | None) -> Head:
    """Return the head of a commune's paper."""
    on = wording.unbroken(wording.long_day(day))
    return Head(office(unit_name), number, f"{wording.place(unit_name)}, {on}")


def day_of(step: CaseStep) -> date:
    """Return the day a step happened on."""
    return clock.day_of(step.happened_at)


def point(label: str, value: str | None, lines: int = 1) -> Field:
    """Return a point of a part of a form."""
    return Field(label, value, lines, look="point")


def under_heading(label: str, value: str | None, lines: int = 1) -> Field:
    """Return what the heading above asks for; the label is what it is called where it is missing."""
    return Field(label, value, lines, look="under_heading")


def own_day_of(material: Material, step: CaseStep) -> date:
    """Return the day that the paper of a step bears where it has one of its own, else the day it happened on."""
    detail = material.details.get(step.id)
    own: date | None = getattr(detail, "decided_on", None) or getattr(detail, "requested_on", None)
    return own or day_of(step)


def by_officer(signer: Signer | None, *titles: str) -> Signature:
    """Return the signature of whoever did the work."""
    return Signature(titles or OFFICER, None if signer is None else signer.name)


_TITLES = {
    "chair": ("Chủ tịch",),
    "acting_chair": ("Q. Chủ tịch",),
    "deputy_chair": ("KT. Chủ tịch", "Phó Chủ tịch"),
}


def by_leader(signer: Signer | None) -> Signature:
    """Return the signature of the commune's leader, in the position held when it was signed.

    A deputy signs in the chair's place, also one who acts for the chair (NĐ 30/2020, Điều 13.1). A position that nobody
    has said is left open: a wrong one under a decision is worse than none. Below one that is said stands no hint: what
    goes out under a seal has none.
    """
    titles = None if signer is None or signer.position is None else _TITLES[signer.position]
    name = None if signer is None else signer.name
    if titles is None:
        return Signature((BLANK,), name, "(Chức vụ, chữ ký của người có thẩm quyền, dấu)")
    return Signature(titles, name, hint="")


def by_chair_to_come() -> Signature:
    """Return the place where a draft is to be signed: the decree wants the chair's own decision (Điều 28.4)."""
    return by_leader(Signer(name=None, position="chair"))


def child_name(material: Material) -> str | None:
    """Return the child's name: that of the register, once the case is linked to it."""
    return material.file.case.child_name if material.child is None else material.child.full_name


def child_birth(material: Material) -> str | None:
    """Return the child's birthday as far as it is known."""
    case, child = material.file.case, material.child
    if child is not None:
        return wording.birth(child.born_on, child.born_on_precision, None)
    return wording.birth(case.child_born_on, case.child_born_on_precision, case.child_estimated_age)


def child_home(material: Material, moment: datetime | None) -> str | None:
    """Return where the child lived as known at a moment, or lives as known by now.

    Through a grant only the commune that leads is known, and to the commune that led before not even that: but that the
    child lived there while it led.
    """
    home = material.homes.at(moment)
    if home is None:
        if material.led is not None and moment is not None and moment <= material.led.until:
            return material.unit(material.led.commune_id)
        return None if material.left else material.unit(material.file.case.commune_id)
    return wording.address(home.address, material.unit(home.commune_id))


def child_homes(material: Material, moment: datetime | None) -> list[Block]:
    """Return the lines that say where the child lived when a paper was made, and where it moved since."""
    home, now = material.homes.at(moment), material.homes.at(None)
    blocks: list[Block] = [Field("Nơi cư trú", _dated(child_home(material, moment), home))]
    if home is not None and now is not None and home.until is not None:
        moved = f"Chuyển đến từ {wording.long_day(now.since)}"
        blocks.append(Field(moved, _dated(child_home(material, None), replace(now, since=None))))
    return blocks


def _dated(address: str | None, home: Home | None) -> str | None:
    if address is None or home is None:
        return address
    days = [f"từ {wording.long_day(home.since)}"] if home.since is not None else []
    if home.known_on is not None:
        days.append(f"theo sổ {wording.long_day(clock.day_of(home.known_on))}")
    if home.until is not None:
        days.append(f"đến {wording.long_day(home.until)}")
    return f"{address} ({', '.join(days)})" if days else address


def child_described(material: Material, moment: datetime | None, facility: str | None = None) -> str:
    """Return who the child is as a decision of that moment says it in a sentence; a draft says it as known by now.

    Of a child whom a facility has, it says where it lives indeed.
    """
    born = wording.born(child_birth(material))
    home = wording.inside(child_home(material, moment))
    lives = f"cư trú tại {home}" if facility is None else f"đang được chăm sóc tại {facility}"
    return f"{child_name(material) or BLANK}, {born}, {lives}"


def reported_child(material: Material) -> IntakeChild | None:
    """Return the child as the report describes it, where the report may be read."""
    if material.intake is None:
        return None
    wanted = material.file.case.intake_child_id
    return next((child for child in material.intake.children if child.id == wanted), None)


def about_child(material: Material, moment: datetime | None) -> list[Block]:
    """Return the lines that say which child a paper is about; `moment` is when it was made, empty for now."""
    return [*_who(material), *child_homes(material, moment)]


def about_child_then(material: Material, moment: datetime | None) -> list[Block]:
    """Return these lines for what hangs on a decision: as known at its moment, and nothing of what came after."""
    return [*_who(material), Field("Nơi cư trú", child_home(material, moment))]


def _who(material: Material) -> list[Block]:
    case, words = material.file.case, material.words
    sex = case.child_sex if material.child is None else material.child.sex
    return [
        Field("Họ và tên trẻ em", child_name(material)),
        Field("Ngày, tháng, năm sinh (hoặc ước lượng tuổi)", child_birth(material)),
        Field("Giới tính", words.of("sexes", sex)),
    ]


def grid(material: Material, rows: Iterable[tuple[str, str | None]]) -> Table:
    """Return the grid of Mẫu 02 and Mẫu 06: each row ticked at its level, and how often each was found."""
    found = list(rows)
    counted = totals(level for _, level in found)
    labels = [material.words.of("harm_levels", level) or level for level in LEVELS]
    ticked = tuple((text, *("x" if level == one else "" for one in LEVELS)) for text, level in found)
    levels = (Column(label, 2.5 if " " in label else 1.8, "centre") for label in labels)
    return Table(
        (Column("Nội dung đánh giá", 10.1), *levels),
        (*ticked, ("Tổng số", *(str(counted[level]) for level in LEVELS))),
    )


def column_of_sums(title: str, sums: Iterable[str | None], *, beside: float) -> Column:
    """Return a column wide enough for its longest sum, beside columns of so many shares of the page's 16.5 cm."""
    widths = [0.212 * len(one) - 0.106 * one.count(".") for one in sums if one is not None]
    needed = min(max(widths, default=0) + 0.4, 6.0)
    return Column(title, max(2.3, beside * needed / (16.5 - needed)), "right")


def made(
    material: Material,
    asked: Asked,
    *,
    blocks: list[Block],
    head: Head | None,
    title: str | None = None,
    subtitle: str | None = None,
    signatures: tuple[Signature, ...] = (),
    recipients: tuple[str, ...] = (),
    attached_to: str | None = None,
    draft: bool = False,
    set_aside: tuple[str, str] | None = None,
    landscape: bool = False,
    key: str | None = None,
) -> Paper:
    """Return the paper, marked where it is void, set aside (as what, and why) or a draft."""
    mark, reason = _mark(material, asked.step)
    if mark is None and set_aside is not None:
        mark, reason = set_aside
    return Paper(
        form=asked.form.code,
        title=asked.form.title if title is None else title,
        subtitle=subtitle,
        head=head,
        blocks=tuple(blocks),
        signatures=signatures,
        recipients=recipients,
        attached_to=attached_to,
        note=asked.form.note,
        mark=mark or (DRAFT if draft else None),
        mark_reason=reason,
        landscape=landscape,
        key=key or f"{asked.form.code}-{asked.step.position}",
        step_id=asked.step.id,
    )


def _mark(material: Material, step: CaseStep) -> tuple[str | None, str | None]:
    if material.holds(step):
        return None, None
    if step.in_error_at is None:
        return VOID, "Căn cứ của văn bản này đã được đánh dấu ghi nhầm."
    return VOID, f"Đã đánh dấu ghi nhầm lúc {wording.moment(step.in_error_at)}. Lý do: {step.in_error_reason}"


def newest_moment(material: Material) -> datetime:
    """Return when the newest thing in the file was written down: the date in a document's properties."""
    moments = [material.file.case.opened_at]
    for step in material.file.steps:
        moments += [one for one in (step.recorded_at, step.in_error_at) if one is not None]
    return max(moments)
