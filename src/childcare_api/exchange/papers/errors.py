"""What can keep a paper from being printed."""

from typing import ClassVar

from childcare_api.shared.problems import Problem, Spoken
from childcare_api.units.labels import label


def _kinds(kinds: list[str]) -> Spoken:
    called = [label(kind, "case_step_kinds") for kind in kinds]
    return Spoken("; ".join(one.en for one in called), "; ".join(one.vi for one in called))


class FormWithoutStep(Problem):
    """The case has no step that the form stands on, or not this one; `stands_on` names the kinds of step it needs."""

    status = 409
    title_en, title_vi = "Nothing to print this form from", "Chưa có dữ liệu để in mẫu này"
    detail_en = "The case has no step of this kind that you may read: {stands_on_en}."
    detail_vi = "Hồ sơ không có bước nào thuộc loại sau mà bạn được xem: {stands_on_vi}."
    spoken: ClassVar = {"stands_on": _kinds}


class CarerPaperMissing(Problem):
    """A relative gives notice and makes no application; Mẫu 11 needs a verification that counts."""

    status = 409
    title_en, title_vi = "No such paper of this carer", "Người nhận chăm sóc này chưa có văn bản này"
    detail_en = "Mẫu 08 is for those who apply, not for relatives who give notice; Mẫu 11 needs a verification."
    detail_vi = "Mẫu 08 dành cho người đăng ký, người thân thích chỉ cần thông báo; Mẫu 11 cần có kết quả xác minh."


class FormatNotPossible(Problem):
    """Only the picture of the clocks is drawn as SVG."""

    status = 409
    title_en, title_vi = "Not in this format", "Không có ở định dạng này"
    detail_en = "Ask for `pdf` or `docx`; only the timeline is drawn as `svg`."
    detail_vi = "Hãy chọn `pdf` hoặc `docx`; chỉ biểu đồ thời hạn có dạng `svg`."


class PrinterBusy(Problem):
    """Too many papers are being printed at this moment; `Retry-After` says when to come back."""

    status = 503
    title_en, title_vi = "Too many papers are being printed", "Đang có quá nhiều lượt in"
    detail_en = "Ask again after the seconds that `Retry-After` names."
    detail_vi = "Hãy thử lại sau số giây nêu trong `Retry-After`."
