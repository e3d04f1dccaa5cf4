"""What goes wrong with reports."""

from childcare_api.shared.problems import Problem


class NotASender(Problem):
    """The plan does not bind your unit to this report."""

    status = 409
    title_en, title_vi = "Your unit owes no such report", "Đơn vị không phải gửi báo cáo này"


class NobodyBelow(Problem):
    """Only the centre and the provinces have units below them that can be bound to report."""

    status = 409
    title_en, title_vi = "There is no unit below yours", "Không có đơn vị cấp dưới"


class ReportYearOutsidePlan(Problem):
    """The year is none of the plan's."""

    status = 409
    title_en, title_vi = "The year is outside the plan", "Năm báo cáo không thuộc kỳ kế hoạch"


class ReportExists(Problem):
    """Your unit has written this report for this year already; change that one."""

    status = 409
    title_en, title_vi = "This report exists already", "Báo cáo này đã có"
    constraints = ("reports_obligation_key",)


class ReportOfAnotherUnit(Problem):
    """A report is written and submitted by its sender, returned and accepted by its recipient."""

    status = 403
    title_en, title_vi = "The report is another unit's", "Báo cáo thuộc đơn vị khác"


class ReportStatusForbids(Problem):
    """What is submitted waits for its recipient; what is accepted never changes; a draft is nobody's to judge."""

    status = 409
    title_en, title_vi = "The report's status forbids this", "Trạng thái báo cáo không cho phép"
    detail_en = "The report is {report_status}."
    detail_vi = "Trạng thái báo cáo: {report_status}."
