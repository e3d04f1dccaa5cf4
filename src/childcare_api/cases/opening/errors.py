"""What can go wrong with opening a case."""

from childcare_api.shared.problems import Problem


class IntakeNotAssessed(Problem):
    """A case is opened after the initial assessment of the report (NĐ 56/2017, Điều 26.2, 27.1)."""

    status = 409
    title_en, title_vi = "The report was not assessed yet", "Thông tin chưa được đánh giá ban đầu"
    detail_en = "The report is `{intake_status}`; make the initial assessment first."
    detail_vi = "Thông tin đang ở trạng thái `{intake_status}`; cần đánh giá nguy cơ ban đầu trước."


class ChildHasCase(Problem):
    """A case was opened for this child of the report before."""

    status = 409
    title_en, title_vi = "The child has a case", "Trẻ em đã có hồ sơ"
    constraints = ("cases_intake_child_id_key",)


class ResidenceUnknown(Problem):
    """A case needs the commune where the child lives; the place that was sent names none, or a divided one."""

    status = 409
    title_en, title_vi = "The commune of residence is not known", "Chưa rõ xã nơi trẻ em cư trú"
