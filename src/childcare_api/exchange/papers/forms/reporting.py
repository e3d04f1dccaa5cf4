"""Mẫu 01, the report as it was received (Điều 25.1), and Mẫu 02, the initial assessment of risk (Điều 26.2).

Both are printed from the report itself where the reader may read it, else from the copy that stands in the case file.
Who reported stays sealed (Điều 24): nobody has recorded a consent to be named, so these lines stay open.
"""

from datetime import date, datetime
from typing import Any

from childcare_api.cases.opening.models import CaseReport
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.parts import (
    BLANK,
    Asked,
    about_child,
    by_officer,
    child_birth,
    child_name,
    grid,
    head,
    made,
    reported_child,
)
from childcare_api.exchange.papers.paper import Block, Choice, Column, Field, Heading, Paper, Paragraph, Table
from childcare_api.exchange.papers.queries import Material
from childcare_api.intake.models import IntakeUpdate
from childcare_api.shared import clock

_BY_PHONE, _IN_PERSON = frozenset({"phone", "hotline_111"}), frozenset({"in_person"})


def report_of(material: Material, asked: Asked) -> CaseReport:
    """Return the copy of the report in the file."""
    detail = material.details[asked.step.id]
    if not isinstance(detail, CaseReport):
        raise TypeError(detail)
    return detail


def mau_01(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the report (layout known): only what is known is written."""
    report = report_of(material, asked)
    intake = None if material.intake is None else material.intake.intake
    unit = material.unit(report.origin_commune_id if intake is None else intake.commune_id or intake.unit_id)
    signer = material.signers.get(report.intake_id)
    blocks: list[Block] = [
        Choice(
            "Nhóm trẻ em",
            material.words.options("report_categories", None if intake is None else intake.category),
        ),
        Heading("A. THÔNG TIN TIẾP NHẬN"),
        Heading("1. Nguồn thông tin", 2),
        Choice(
            "Hình thức",
            (
                ("Điện thoại", report.channel in _BY_PHONE),
                ("Gặp trực tiếp", report.channel in _IN_PERSON),
                ("Người khác báo", report.channel not in _BY_PHONE | _IN_PERSON),
            ),
        ),
        Field("Kênh tiếp nhận", _channel(material, report)),
        Field("Thời gian nhận thông tin", wording.moment(report.received_at)),
        *_sent_on(material),
        Heading("2. Thông tin về trẻ em", 2),
        *_child(material),
        *_incident(material, report),
        Heading("3. Người cung cấp thông tin (nếu đồng ý cung cấp)", 2),
        Field("Họ và tên", None),
        Field("Số điện thoại", None),
        Field("Địa chỉ", None),
        Field("Ghi chú thêm", _notes(material, report), 2),
    ]
    return [
        made(
            material,
            asked,
            head=head(unit, wording.number("BC-UBND"), day_of_report(material, report)),
            blocks=blocks,
            signatures=(by_officer(signer, "Cán bộ tiếp nhận"),),
        )
    ]


def day_of_report(material: Material, report: CaseReport) -> date:
    """Return the day of the report: when it reached the commune, which may be after another office was told."""
    arrived = _arrived_at(material)
    return clock.day_of(report.received_at if arrived is None else arrived)


def _arrived_at(material: Material) -> datetime | None:
    """Return when the report came from another office: from a hotline, or handed on from where it was told first."""
    file = material.intake
    if file is None or (file.intake.source_id is None and not file.transfers):
        return None
    return file.intake.arrived_at


def _sent_on(material: Material) -> list[Block]:
    arrived = _arrived_at(material)
    return [] if arrived is None else [Field("Chuyển đến Ủy ban nhân dân cấp xã", wording.moment(arrived))]


def _channel(material: Material, report: CaseReport) -> str | None:
    """Return through whom the report came, with the number it has there."""
    channel = material.words.of("channels", report.channel)
    reference = None if material.intake is None else material.intake.intake.external_ref
    return channel if reference is None else f"{channel or BLANK} (số {reference})"


def _notes(material: Material, report: CaseReport) -> str | None:
    """Return the notes of a report with what was added to it later, each with its time: the form has no other place."""
    found = material.intake
    if found is None or found.intake.id != report.intake_id:
        return None
    added = (
        f"Bổ sung {wording.short_moment(one.happened_at)}{_how_told(material, one)}: {one.text}"
        for one in found.updates
        if one.entered_in_error_at is None
    )
    return "\n".join(part for part in (found.intake.note, *added) if part) or None


def _how_told(material: Material, update: IntakeUpdate) -> str:
    """Return what kind of person told it, and that it was an emergency: whoever told it stays sealed."""
    teller = material.words.of("reporter_kinds", update.told_by)
    by = [] if teller is None else [f"người cung cấp: {teller.lower()}"]
    said = [*by, *(["khẩn cấp"] if update.emergency else [])]
    return f" ({'; '.join(said)})" if said else ""


def _child(material: Material) -> list[Block]:
    case = material.file.case
    return [
        Field("Họ và tên trẻ em", child_name(material)),
        Field("Ngày, tháng, năm sinh hoặc ước lượng tuổi", child_birth(material)),
        Choice("Giới tính", material.words.options("sexes", case.child_sex)),
    ]


def _incident(material: Material, report: CaseReport) -> list[Block]:
    intake = None if material.intake is None else material.intake.intake
    child = reported_child(material)
    state = report.condition if child is None else child.condition or report.condition
    told = None if intake is None else intake.narrative
    return [
        Field("Địa điểm xảy ra vụ việc", _place(material, report)),
        Field("Nội dung vụ việc", told or report.narrative, 2),
        Field("Tình trạng hiện tại của trẻ em", state, 2),
        Field(
            "Phỏng đoán hậu quả có thể xảy ra với trẻ em nếu không có hỗ trợ, can thiệp",
            None if intake is None else intake.presumed_consequences,
            2,
        ),
        Field("Họ và tên cha, tuổi, nghề nghiệp", _parent(None if intake is None else intake.father)),
        Field("Họ và tên mẹ, tuổi, nghề nghiệp", _parent(None if intake is None else intake.mother)),
        Field("Hoàn cảnh gia đình", None if intake is None else intake.family_circumstances, 2),
        Field("Hiện ai là người chăm sóc trẻ em (nếu biết)", None if intake is None else intake.current_carer),
        Field(
            "Những hành động hỗ trợ, can thiệp đã thực hiện đối với trẻ em trước khi nhận được thông tin",
            None if intake is None else intake.help_given,
            2,
        ),
    ]


def _place(material: Material, report: CaseReport) -> str | None:
    intake = None if material.intake is None else material.intake.intake
    return wording.address(None if intake is None else intake.place_text, material.unit(report.place_unit_id))


def _parent(parent: dict[str, Any] | None) -> str | None:
    if parent is None:
        return None
    age = parent.get("age")
    work = parent.get("occupation")
    parts = (
        parent.get("full_name"),
        None if age is None else f"{age} tuổi",
        None if work is None else wording.amid(work),
    )
    return ", ".join(part for part in parts if part) or None


def assessed_at(report: CaseReport) -> datetime | None:
    """Return when the initial assessment was made, where there was one."""
    found = report.initial_assessment
    return datetime.fromisoformat(found["happened_at"]) if found else None


def mau_02(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the initial assessment: its grid, its conclusion, and the temporary safety measures that were taken."""
    report = report_of(material, asked)
    found = report.initial_assessment
    unit = material.unit(report.origin_commune_id)
    at = assessed_at(report)
    signer = None
    if found and material.signers:
        signer = next((who for key, who in material.signers.items() if str(key) == found["assessment_id"]), None)
    blocks: list[Block] = [
        *about_child(material, asked.step.recorded_at),
        Field("Người thực hiện đánh giá", None if signer is None else signer.name),
        Field("Thời gian đánh giá", wording.moment(at)),
        Heading("1. Đánh giá nguy cơ ban đầu"),
        Heading("a) Mức độ tổn hại và nguy cơ", 2),
        grid(
            material,
            (
                ("1. Mức độ tổn hại của trẻ em", found.get("harm_level")),
                ("2. Khả năng tiếp cận trẻ em của đối tượng xâm hại", found.get("harm_doer_access")),
                ("3. Những trở ngại trong môi trường chăm sóc trẻ em", found.get("care_obstacles")),
            ),
        ),
        Heading("b) Khả năng tự bảo vệ của trẻ em", 2),
        grid(material, (("Khả năng tự bảo vệ của trẻ em", found.get("self_protection")),)),
        Heading("2. Kết luận"),
        Choice(
            "Áp dụng biện pháp can thiệp khẩn cấp",
            (("Có", found.get("emergency") is True), ("Không", found.get("emergency") is False)),
        ),
        Field("Cơ sở của kết luận", found.get("conclusion"), 3),
        Heading("3. Các biện pháp bảo đảm an toàn tạm thời đã thực hiện"),
        *_measures(material, found.get("safety_measures") or []),
    ]
    return [
        made(
            material,
            asked,
            head=head(unit, None, None if at is None else clock.day_of(at)),
            blocks=blocks,
            subtitle="và việc thực hiện các biện pháp bảo đảm an toàn tạm thời cho trẻ em",
            signatures=(by_officer(signer),),
        )
    ]


def _measures(material: Material, measures: list[dict[str, Any]]) -> list[Block]:
    if not measures:
        return [Paragraph("Chưa ghi nhận biện pháp nào.")]
    rows = tuple(
        (
            str(number),
            "\n".join(part for part in (material.words.of("safety_measures", one["kind"]), one["description"]) if part),
            one["responsible"],
            wording.short_moment(datetime.fromisoformat(one["happened_at"])),
        )
        for number, one in enumerate(measures, start=1)
    )
    columns = (
        Column("TT", 0.9, "centre"),
        Column("Biện pháp", 5),
        Column("Người thực hiện", 2.8),
        Column("Thời gian", 2.2, "centre"),
    )
    return [Table(columns, rows)]
