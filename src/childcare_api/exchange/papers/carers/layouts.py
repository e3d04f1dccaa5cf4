"""Mẫu 08, the application; Mẫu 11, what was found of the conditions; Mẫu 09, the list of a quarter (Điều 39 to 42)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from childcare_api.alternative_care.models import Carer, CarerList, CarerMember, CarerVerification
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.catalogue import CARER_FORMS
from childcare_api.exchange.papers.forms.parts import VOID, by_chair_to_come, by_officer, head
from childcare_api.exchange.papers.paper import (
    Block,
    Choice,
    Column,
    Field,
    Head,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from childcare_api.exchange.papers.queries import Signer
from childcare_api.exchange.papers.wording import Words

_KINDS = (("individual", "Cá nhân"), ("family", "Người đại diện gia đình"))
_SEXES = ("male", "female")
"""Whoever applies knows it."""
_QUARTERS = ("I", "II", "III", "IV")
_PROMISE = (
    "Tôi cam kết bản thân và các thành viên trong gia đình bảo đảm đủ điều kiện nhận chăm sóc thay thế quy định tại"
    " khoản 2 Điều 63 Luật Trẻ em, tự nguyện nhận chăm sóc trẻ em và chịu trách nhiệm về những nội dung nêu trên."
)


@dataclass(frozen=True, slots=True)
class Register:
    """What a paper of the register is made from: in which commune's, in today's words, and who wrote it down."""

    unit: str | None
    words: Words
    recorder: Signer | None


def mau_08(register: Register, carer: Carer, members: Sequence[CarerMember]) -> Paper:
    """Lay out the application as the carer signs it."""
    office = f"Ủy ban nhân dân {wording.inside(register.unit)}"
    blocks: list[Block] = [
        Paragraph(f"Kính gửi: {office}", style="centre"),
        Heading("1. Người đăng ký"),
        *_about(register, carer),
        *_as_foreigner(carer),
        Heading("2. Các thành viên trong gia đình"),
        _household(members),
        Heading("3. Nguyện vọng"),
        Field("Số trẻ em có thể nhận chăm sóc", str(carer.child_count)),
        Field("Độ tuổi của trẻ em", _ages(carer)),
        Field("Giới tính của trẻ em", register.words.of("sexes", carer.child_sex)),
        Field("Yêu cầu khác đối với trẻ em", carer.wishes, 2),
        Heading("4. Cam kết"),
        Choice("Cam kết đủ điều kiện theo khoản 2 Điều 63 Luật Trẻ em", (("Có", carer.commitment),)),
        Paragraph(_PROMISE),
        Heading("5. Giấy tờ kèm theo"),
        Field("Giấy khám sức khỏe", _paper(carer.health_certificate_on, carer.health_certificate_issuer)),
        *(
            [Field("Lý lịch tư pháp", _paper(carer.judicial_record_on, carer.judicial_record_number))]
            if carer.is_foreigner
            else []
        ),
    ]
    on = f"{wording.place(register.unit)}, {wording.unbroken(wording.long_day(carer.applied_on))}"
    return _made(
        "mau-08",
        head=Head((), None, on),
        title="Đơn đăng ký",
        subtitle="Nhận chăm sóc thay thế",
        blocks=blocks,
        signatures=(Signature(("Người đăng ký",), carer.full_name),),
    )


def mau_11(register: Register, carer: Carer, found: CarerVerification) -> Paper:
    """Lay out what was found: each condition of the law, for which child they fit, and what it adds up to."""
    blocks: list[Block] = [
        Heading("1. Cá nhân, gia đình được xác minh"),
        *_about(register, carer),
        Field("Thời gian xác minh", wording.long_day(found.verified_on)),
        Heading("2. Điều kiện theo khoản 2 Điều 63 Luật Trẻ em"),
        _conditions(register, found),
        Field("Đã được tư vấn", _paper(carer.counselled_on, carer.counselled_by)),
        Heading("3. Mức độ phù hợp với trẻ em"),
        Field("Mức độ phù hợp", found.suitability, 2),
        Field("Tuổi (người thân thích: thành niên; người khác: hơn trẻ em từ 20 tuổi)", None),
        Field("Ý kiến của trẻ em từ đủ 07 tuổi trở lên", None, 2),
        Heading("4. Kết luận"),
        Choice(
            "",
            (
                ("Đủ điều kiện nhận chăm sóc thay thế", found.result == "meets"),
                ("Không đủ điều kiện", found.result != "meets"),
            ),
        ),
    ]
    reason = None if found.entered_in_error_at is None else f"Đã đánh dấu ghi nhầm: {found.entered_in_error_reason}"
    return _made(
        "mau-11",
        head=head(register.unit, wording.number("BC-UBND"), found.verified_on),
        title="Báo cáo",
        subtitle="Xác minh điều kiện của cá nhân, gia đình nhận chăm sóc thay thế",
        blocks=blocks,
        signatures=(by_officer(register.recorder), by_chair_to_come()),
        mark=None if reason is None else VOID,
        mark_reason=reason,
    )


def mau_09(register: Register, sent: CarerList) -> Paper:
    """Lay out the list of a quarter as it was sent."""
    rows = tuple(_entry(number, entry) for number, entry in enumerate(sent.entries, start=1))
    columns = (
        Column("TT", 0.9, "centre"),
        Column("Họ và tên (người đại diện)", 3.6),
        Column("Cá nhân / gia đình", 2),
        Column("Nơi cư trú", 4.4),
        Column("Điện thoại", 2.6),
        Column("Người nước ngoài", 1.6, "centre"),
        Column("Số trẻ em", 1.2, "centre"),
        Column("Yêu cầu đối với trẻ em", 4),
    )
    return _made(
        "mau-09",
        head=head(register.unit, None, sent.sent_on),
        title="Danh sách",
        subtitle=(
            f"Cá nhân, gia đình đăng ký nhận chăm sóc thay thế\nQuý {_QUARTERS[sent.quarter - 1]} năm {sent.year}"
        ),
        blocks=[
            Paragraph(f"Kính gửi: {sent.sent_to}", style="centre"),
            Table(columns, rows or ((None,) * len(columns),)),
            Paragraph(f"Danh sách có {len(rows):02d} cá nhân, gia đình./."),
        ],
        signatures=(by_officer(register.recorder, "Người lập danh sách"), by_chair_to_come()),
        landscape=True,
    )


def _made(
    code: str,
    *,
    head: Head,
    title: str,
    subtitle: str,
    blocks: list[Block],
    signatures: tuple[Signature, ...],
    mark: str | None = None,
    mark_reason: str | None = None,
    landscape: bool = False,
) -> Paper:
    return Paper(
        form=code,
        title=title,
        subtitle=subtitle,
        head=head,
        blocks=tuple(blocks),
        signatures=signatures,
        note=CARER_FORMS[code].note,
        mark=mark,
        mark_reason=mark_reason,
        landscape=landscape,
        key=code,
    )


def _about(register: Register, carer: Carer) -> list[Block]:
    words = register.words
    return [
        Choice("Đăng ký với tư cách", tuple((label, carer.kind == kind) for kind, label in _KINDS)),
        Field("Họ và tên", carer.full_name),
        Field("Ngày, tháng, năm sinh", wording.birth(carer.born_on, carer.born_on_precision, None)),
        Choice("Giới tính", tuple((words.of("sexes", sex) or sex, carer.sex == sex) for sex in _SEXES)),
        Field("Quốc tịch", carer.nationality if carer.is_foreigner else carer.nationality or "Việt Nam"),
        Field("Số định danh cá nhân (hộ chiếu)", carer.identity_number),
        Field("Nghề nghiệp", carer.occupation),
        Field("Nơi cư trú", None if carer.address is None else wording.address(carer.address, register.unit)),
        Field("Số điện thoại", carer.phone),
    ]


def _as_foreigner(carer: Carer) -> list[Block]:
    """Return what is asked of foreigners: here for 6 months at least, and for 12 more (Điều 39.3)."""
    if not carer.is_foreigner:
        return []
    return [
        Field("Cư trú tại Việt Nam từ ngày", wording.short_day(carer.resident_from)),
        Field("Thời hạn cư trú đến ngày", wording.short_day(carer.resident_until)),
    ]


def _household(members: Sequence[CarerMember]) -> Table:
    columns = (
        Column("TT", 0.9, "centre"),
        Column("Họ và tên", 4.4),
        Column("Năm sinh", 1.8, "centre"),
        Column("Quan hệ với người đăng ký", 3.4),
        Column("Nghề nghiệp", 3.4),
    )
    rows = tuple(
        (
            str(number),
            one.full_name,
            None if one.born_year is None else str(one.born_year),
            one.relation,
            one.occupation,
        )
        for number, one in enumerate((one for one in members if one.left_on is None), start=1)
    )
    return Table(columns, rows or ((None,) * len(columns),))


def _conditions(register: Register, found: CarerVerification) -> Table:
    columns = (
        Column("TT", 0.9, "centre"),
        Column("Điều kiện", 7),
        Column("Kết quả", 2.6, "centre"),
        Column("Ghi chú", 4),
    )
    rows = tuple(
        (
            str(number),
            register.words.of("carer_conditions", one["condition"]),
            register.words.of("carer_findings", one["met"]),
            one.get("note"),
        )
        for number, one in enumerate(found.conditions, start=1)
    )
    return Table(columns, rows)


def _entry(number: int, entry: dict[str, Any]) -> tuple[str | None, ...]:
    kind = "Gia đình" if entry["kind"] == "family" else "Cá nhân"
    foreign = "x" if entry["is_foreigner"] else ""
    count = str(entry["child_count"])
    return (str(number), entry["full_name"], kind, entry["address"], entry["phone"], foreign, count, entry["wishes"])


def _ages(carer: Carer) -> str | None:
    bounds = (("từ", carer.child_age_from), ("đến", carer.child_age_to))
    told = [f"{word} {age} tuổi" for word, age in bounds if age is not None]
    return " ".join(told) or None


def _paper(on: date | None, whose: str | None) -> str | None:
    """Return a paper by its day and whose it is, as far as they are known."""
    told = [part for part in (wording.short_day(on), whose) if part]
    return ", ".join(told) or None
