"""What can go wrong with opening a case."""

from childcare_api.shared.problems import Problem


class ChildHasCase(Problem):
    """A case was opened for this child of the report before."""

    status = 409
    title_en, title_vi = "The child has a case", "Trẻ em đã có hồ sơ"
    constraints = ("cases_intake_child_id_key",)


class ResidenceUnknown(Problem):
    """A case needs the commune where the child lives; the place that was sent names none, or a divided one."""

    status = 409
    title_en, title_vi = "The commune of residence is not known", "Chưa rõ xã nơi trẻ em cư trú"
