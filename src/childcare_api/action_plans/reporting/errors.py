"""What goes wrong with reports."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class NotASender(Problem):
    """The plan does not bind your unit to this report."""

    status = 409
    title_en, title_vi = "Your unit owes no such report", "Đơn vị không phải gửi báo cáo này"
    detail_en = "`GET /report-obligations` lists what your unit owes."
    detail_vi = "Xem `GET /report-obligations` để biết đơn vị phải gửi báo cáo nào."


class NobodyBelow(Problem):
    """Only the centre and the provinces have units below them that can be bound to report."""

    status = 409
    title_en, title_vi = "There is no unit below yours", "Không có đơn vị cấp dưới"
    detail_en = "Bind nobody here: units below exist only under the centre and the provinces."
    detail_vi = "Không đặt nghĩa vụ ở đây: chỉ trung ương và cấp tỉnh có đơn vị cấp dưới."


class ReportYearOutsidePlan(Problem):
    """The year is none of the plan's."""

    status = 409
    title_en, title_vi = "The year is outside the plan", "Năm báo cáo không thuộc kỳ kế hoạch"
    detail_en = "Name a year of the plan's period."
    detail_vi = "Hãy nêu năm thuộc kỳ kế hoạch."


class ReportExists(Problem):
    """Your unit has written this report for this year already; change that one."""

    status = 409
    title_en, title_vi = "This report exists already", "Báo cáo này đã có"
    detail_en = "Change the report that your unit has for this year: `GET /reports`."
    detail_vi = "Hãy sửa báo cáo năm này của đơn vị: `GET /reports`."
    constraints = ("reports_obligation_key",)


class ReportOfAnotherUnit(Problem):
    """A report is written and submitted by its sender, returned and accepted by its recipient."""

    status = 403
    title_en, title_vi = "The report is another unit's", "Báo cáo thuộc đơn vị khác"
    detail_en = "Its sender writes and submits it, its recipient returns or accepts it."
    detail_vi = "Đơn vị gửi lập và nộp báo cáo; đơn vị nhận trả lại hoặc tiếp nhận."


class ReportStatusForbids(Problem):
    """What is submitted waits for its recipient; what is accepted never changes; a draft is nobody's to judge."""

    status = 409
    title_en, title_vi = "The report's status forbids this", "Trạng thái báo cáo không cho phép"
    detail_en = "The report's status is “{report_status_en}”; this step does not follow from there."
    detail_vi = "Báo cáo đang ở trạng thái “{report_status_vi}”; không thể thực hiện bước này."
    spoken: ClassVar = {"report_status": told_in("report_statuses")}
