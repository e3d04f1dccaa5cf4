"""What goes wrong with the half-yearly reports."""

from childcare_api.shared.problems import Problem


class CareReportSent(Problem):
    """The commune's report of this half year was sent before."""

    status = 409
    title_en, title_vi = "The report of this half year was sent", "Báo cáo 6 tháng này đã được gửi"
    detail_en = "Read it at `GET /care-reports`; what changed since goes into the next one."
    detail_vi = "Hãy xem tại `GET /care-reports`; thay đổi sau đó đưa vào báo cáo kỳ sau."
    constraints = ("care_reports_commune_id_year_half_key",)


class CareReportAcknowledged(Problem):
    """The province acknowledged the report before."""

    status = 409
    title_en, title_vi = "The report was acknowledged", "Báo cáo đã được xác nhận"
    detail_en = "Read what was written down of it at `GET /care-reports/{id}`."
    detail_vi = "Hãy xem nội dung đã ghi tại `GET /care-reports/{id}`."
