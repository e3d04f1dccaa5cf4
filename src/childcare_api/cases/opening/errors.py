"""What can go wrong with opening a case."""

from childcare_api.shared.problems import Problem


class ChildHasCase(Problem):
    """A case was opened for this child of the report before, or the report was joined to the case the child has."""

    status = 409
    title_en, title_vi = "The child has a case", "Trẻ em đã có hồ sơ"
    detail_en = "Leave this child out, or join the report to the case."
    detail_vi = "Hãy bỏ trẻ này ra, hoặc ghép thông tin vào hồ sơ đã có."
    constraints = ("cases_intake_child_id_key",)
