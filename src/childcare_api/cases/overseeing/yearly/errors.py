"""What goes wrong with the yearly reports of provinces."""

from childcare_api.shared.problems import Problem


class ProvinceCareReportSent(Problem):
    """The province's report of this year was sent before."""

    status = 409
    title_en, title_vi = "The report of this year was sent", "Báo cáo năm này đã được gửi"
    detail_en = (
        "Read it at `GET /province-care-reports`; mark it there if it was wrong. A report beside it says who asked for"
        " it (`asked_by`)."
    )
    detail_vi = (
        "Xem tại `GET /province-care-reports`; nếu sai, hãy đánh dấu ghi nhầm. Báo cáo đột xuất phải nêu nơi yêu cầu"
        " (`asked_by`)."
    )
    constraints = ("province_care_reports_yearly_idx",)
