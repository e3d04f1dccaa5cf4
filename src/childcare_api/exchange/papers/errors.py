"""What can keep a paper from being printed."""

from childcare_api.shared.problems import Problem


class FormWithoutStep(Problem):
    """The case has no step that the form stands on, or not this one; `stands_on` names the kinds of step it needs."""

    status = 409
    title_en, title_vi = "Nothing to print this form from", "Chưa có dữ liệu để in mẫu này"
    detail_en = "The case has no such step of the kinds {stands_on} that you may read."
    detail_vi = "Hồ sơ không có bước này thuộc loại {stands_on} mà bạn được xem."


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
