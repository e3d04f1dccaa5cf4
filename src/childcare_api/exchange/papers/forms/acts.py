"""What a case file has beside its forms: a page of tables, so that nothing recorded is missing from the bound file."""

from dataclasses import replace
from datetime import date

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.following.models import CaseService
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.cases.placing.models import CaseCareNeeds
from childcare_api.cases.proceeding.models import CaseProceeding, CaseReleaseNotice
from childcare_api.cases.protecting.models import CaseEmergencyMeasure, CaseHandover
from childcare_api.cases.referring.models import CaseReferral, CaseReferralAnswer
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.separating.guards import NO_BY_THE_COURT
from childcare_api.cases.separating.models import CaseCourtAnswer, CaseCourtRequest, CaseSeparation
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms import in_facilities, sending
from childcare_api.exchange.papers.forms.parts import Asked, column_of_sums, made
from childcare_api.exchange.papers.paper import Block, Column, Heading, Paper, Table
from childcare_api.exchange.papers.queries import Material

_SEALED = "(niêm phong)"
_TIME = Column("Thời gian", 2.2, "centre")


def recorded_acts(material: Material, asked: Asked) -> list[Paper]:
    """Return the page of what is recorded but has no form of its own, and none where there is nothing."""
    blocks = [
        *_reports(material),
        *_parties(material),
        *_measures(material),
        *_handovers(material),
        *_stays(material),
        *_court(material),
        *_proceedings(material),
        *_releases(material),
        *_section(in_facilities.TITLE, in_facilities.COLUMNS, in_facilities.decisions_on_facilities(material)),
        *_papers(material),
        *_notices(material),
        *_section(sending.TITLE, (_TIME, *sending.COLUMNS), sending.sendings(material)),
        *_refusals(material),
        *_services(material),
        *_referrals(material),
        *_notes(material),
    ]
    if not blocks:
        return []
    return [made(material, asked, head=None, title="Các việc khác đã ghi nhận", blocks=blocks, key="acts")]


def _section(title: str, columns: tuple[Column, ...], rows: list[tuple[str | None, ...]]) -> list[Block]:
    # However wide the others are, a time has a fifth of the page, so that hour and day stand on one line.
    beside = sum(column.width for column in columns if column is not _TIME)
    fitted = tuple(replace(column, width=beside / 4) if column is _TIME else column for column in columns)
    return [Heading(title), Table(fitted, tuple(rows))] if rows else []


def _told(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _reports(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.REPORT_JOINED):
        report = material.details.get(step.id)
        if isinstance(report, CaseReport):
            channel = material.words.of("channels", report.channel)
            told = _told(report.narrative, report.condition)
            rows.append((wording.short_moment(report.received_at), channel, told))
    columns = (_TIME, Column("Kênh tiếp nhận", 3), Column("Nội dung", 6))
    return _section("Thông tin báo ghép vào hồ sơ (Điều 26.1)", columns, rows)


def _court(material: Material) -> list[Block]:
    answers = [step for kind in (StepKind.COURT_GRANTED, *NO_BY_THE_COURT) for step in material.steps(kind)]
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.COURT_REQUEST):
        asked = material.details.get(step.id)
        if isinstance(asked, CaseCourtRequest):
            wanted = material.words.several("court_measures", asked.measures)
            said = _told(*(_court_answer(material, one) for one in answers if one.about_id == step.id))
            on = wording.short_day(asked.requested_on)
            rows.append((on, _told(asked.court, asked.request_number), wanted, said or None))
    columns = (
        Column("Ngày", 2.2, "centre"),
        Column("Tòa án, số văn bản", 3),
        Column("Đề nghị", 3),
        Column("Trả lời", 4),
    )
    return _section("Đề nghị Tòa án (Luật Trẻ em, Điều 52.3)", columns, rows)


def _court_answer(material: Material, step: CaseStep) -> str | None:
    answer = material.details.get(step.id)
    if not isinstance(answer, CaseCourtAnswer):
        return None
    on = wording.short_day(answer.decided_on)
    if answer.decision_number is None:
        said = "Đã rút đề nghị" if step.kind == StepKind.COURT_WITHDRAWN else "Không chấp nhận"
        return f"{said} ngày {on}: {answer.reason}"
    until = None if answer.valid_to is None else f"đến hết ngày {wording.short_day(answer.valid_to)}"
    ordered = material.words.several("court_measures", answer.measures)
    if not answer.measures:
        ordered = f"Hủy bỏ quyết định trước: {answer.reason}"
    return _told(f"Quyết định số {answer.decision_number} ngày {on}", ordered, until)


def _papers(material: Material) -> list[Block]:
    """Return the papers of the child's dossier that were written down, with Mẫu 10 or after it."""
    rows: list[tuple[str | None, ...]] = []
    for step in (*material.steps(StepKind.CARE_NEEDS), *material.steps(StepKind.CARE_PAPERS)):
        found = material.details.get(step.id)
        for one in found.papers if isinstance(found, CaseCareNeeds | CaseCarePapers) else ():
            on = None if one["dated_on"] is None else wording.short_day(date.fromisoformat(one["dated_on"]))
            dated = None if on is None else f"Ngày {on}"
            where = _told(one["reference"], one["issued_by"], dated, one["kept_at"])
            called = material.words.of("care_dossier_papers", one["paper"])
            rows.append((wording.short_moment(step.happened_at), called, where if one["there_is_one"] else "Không có"))
    columns = (_TIME, Column("Giấy tờ", 4.5), Column("Số, nơi cấp, nơi lưu giữ", 4.5))
    return _section("Giấy tờ trong hồ sơ của trẻ em (Điều 38.3, 38.4)", columns, rows)


def _notices(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.FAMILY_NOTICE):
        found = material.details.get(step.id)
        if isinstance(found, CaseFamilyNotice):
            until = None if found.until_on is None else f"đến hết ngày {wording.short_day(found.until_on)}"
            when = _told(wording.short_day(found.posted_on), until) or wording.short_moment(step.happened_at)
            reason = found.not_posted_reason
            said = _told(found.number, found.words) if reason is None else f"Không thông báo. Lý do: {reason}"
            rows.append((when, "\n".join(found.places) or None, said or None))
    columns = (_TIME, Column("Nơi thông báo", 4.5), Column("Nội dung", 4.5))
    return _section("Thông báo tìm gia đình cho trẻ em (Thông tư 14/2020, Điều 10.1)", columns, rows)


def _done(material: Material, kind: StepKind, step: CaseStep) -> str | None:
    done = next((one for one in material.steps(kind) if one.about_id == step.id), None)
    return None if done is None else f"{wording.short_moment(done.happened_at)}\n{done.note}"


def _proceedings(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.PROCEEDING):
        asked = material.details.get(step.id)
        if isinstance(asked, CaseProceeding):
            words = material.words
            matter = _told(words.of("proceeding_matters", asked.matter), words.of("proceeding_roles", asked.child_role))
            until = None if asked.due_on is None else f"Ngày {wording.short_day(asked.due_on)}"
            wanted = _told(words.of("proceeding_requests", asked.asked), until, asked.note)
            done = _done(material, StepKind.PROCEEDING_ANSWERED, step)
            rows.append((_told(asked.authority, asked.document_number), matter, wanted, done))
    columns = (Column("Cơ quan yêu cầu", 3), Column("Vụ việc", 3), Column("Yêu cầu", 4), Column("Đã thực hiện", 4))
    return _section("Tố tụng, xử lý vi phạm hành chính (Luật Trẻ em, Điều 72)", columns, rows)


def _releases(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.RELEASE_NOTICE):
        notice = material.details.get(step.id)
        if isinstance(notice, CaseReleaseNotice):
            serving = material.words.of("served_measures", notice.measure)
            done = _done(material, StepKind.RELEASE_PREPARED, step)
            told = _told(notice.institution, notice.document_number, serving, notice.about_child)
            rows.append((wording.short_moment(step.happened_at), told, wording.short_day(notice.release_on), done))
    columns = (_TIME, Column("Nơi thông báo", 4), Column("Chấp hành xong", 2.2, "centre"), Column("Chuẩn bị", 4))
    return _section("Tiếp nhận trẻ em chấp hành xong (Luật Trẻ em, Điều 73.2)", columns, rows)


def _refusals(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.PLAN_REFUSED):
        refusal = material.details.get(step.id)
        if isinstance(refusal, CasePlanRefusal):
            what = "Toàn bộ kế hoạch" if refusal.whole else refusal.refused
            rows.append((wording.short_moment(step.happened_at), _told(what, refusal.said), refusal.explained))
    columns = (_TIME, Column("Nội dung, lý do từ chối", 4.5), Column("Đã giải thích", 4.5))
    return _section("Từ chối thực hiện kế hoạch (Điều 29.3)", columns, rows)


def _referrals(material: Material) -> list[Block]:
    answered = {
        found.referral_id: found
        for step in material.steps(StepKind.REFERRAL_ANSWERED)
        if isinstance(found := material.details.get(step.id), CaseReferralAnswer)
    }
    withdrawn = {step.about_id for step in material.steps(StepKind.REFERRAL_WITHDRAWN)}
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.REFERRAL):
        referral = material.details.get(step.id)
        if isinstance(referral, CaseReferral):
            answer = answered.get(step.id)
            said = None if answer is None else _told(material.words.of("referral_statuses", answer.answer), answer.note)
            became = material.words.of("referral_statuses", "withdrawn") if step.id in withdrawn else said
            rows.append((wording.short_moment(step.happened_at), referral.body_name, referral.request, became))
    columns = (_TIME, Column("Nơi được đề nghị", 3), Column("Nội dung", 4), Column("Trả lời", 3))
    return _section("Chuyển gửi dịch vụ (Điều 29)", columns, rows)


def _parties(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.PARTY):
        party = material.details.get(step.id)
        if isinstance(party, CaseParty):
            sealed = party.role == HARM_DOER and not material.unsealed
            name = _SEALED if sealed else party.full_name
            born = None if sealed or party.born_year is None else str(party.born_year)
            relation = material.words.related(party.relation, None if sealed else party.sex)
            rows.append((material.words.of("party_roles", party.role), name, relation, born))
    columns = (Column("Vai trò", 3), Column("Họ và tên", 4), Column("Quan hệ", 3), Column("Năm sinh", 1.6, "centre"))
    return _section("Người liên quan", columns, rows)


def _measures(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.EMERGENCY_MEASURE):
        measure = material.details.get(step.id)
        if isinstance(measure, CaseEmergencyMeasure):
            kind = material.words.of("emergency_measures", measure.measure)
            rows.append((wording.short_moment(step.happened_at), f"{kind}\n{measure.description}", measure.done_by))
    columns = (_TIME, Column("Biện pháp", 6), Column("Người thực hiện", 3))
    return _section("Biện pháp can thiệp khẩn cấp (Điều 31)", columns, rows)


def _handovers(material: Material) -> list[Block]:
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.HANDOVER):
        handed = material.details.get(step.id)
        if isinstance(handed, CaseHandover):
            lines = (handed.subject, *handed.evidence)
            number = handed.document_number
            rows.append((wording.short_moment(step.happened_at), handed.body_name, "\n".join(lines), number))
    columns = (
        _TIME,
        Column("Cơ quan nhận", 3),
        Column("Nội dung", 5),
        Column("Số văn bản", 2, "centre"),
    )
    return _section("Chuyển cơ quan có thẩm quyền (Điều 25.3, 31.3)", columns, rows)


def _stays(material: Material) -> list[Block]:
    """Return where a separated child is kept safe: the decision, which goes to the parents too, does not say it."""
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.SEPARATION):
        found = material.details.get(step.id)
        if isinstance(found, CaseSeparation):
            rows.append((found.decision_number, found.stay_name, found.stay_address, found.stay_phone))
    columns = (
        Column("Quyết định", 2.4, "centre"),
        Column("Người, cơ sở nhận", 4),
        Column("Địa chỉ", 4.6),
        Column("Điện thoại", 2.4),
    )
    return _section("Nơi tạm trú an toàn (Điều 32.2)", columns, rows)


def _services(material: Material) -> list[Block]:
    planned = {service.id: service.description for services in material.services.values() for service in services}
    rows: list[tuple[str | None, ...]] = []
    for step in material.steps(StepKind.SERVICE):
        service = material.details.get(step.id)
        if isinstance(service, CaseService):
            progress = material.words.of("service_progresses", service.progress)
            told = _told(planned.get(service.plan_service_id), progress, service.result)
            cost = wording.money(service.cost_vnd)
            rows.append((wording.short_moment(step.happened_at), told, service.provided_by, cost))
    columns = (
        _TIME,
        Column("Dịch vụ", 5),
        Column("Bên cung cấp", 3),
        column_of_sums("Kinh phí (đồng)", (row[-1] for row in rows), beside=10.2),
    )
    return _section("Thực hiện dịch vụ (Điều 29)", columns, rows)


def _notes(material: Material) -> list[Block]:
    notes = material.steps(StepKind.PROGRESS_NOTE)
    rows: list[tuple[str | None, ...]] = [(wording.short_moment(step.happened_at), step.note) for step in notes]
    columns = (_TIME, Column("Ghi nhận", 9))
    return _section("Theo dõi tiến triển", columns, rows)
