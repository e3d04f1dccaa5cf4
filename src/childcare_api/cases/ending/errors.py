"""What can go wrong with ending a case otherwise, or opening it again."""

from childcare_api.shared.problems import Problem


class RecordedBefore(Problem):
    """That the child died, or turned 16, happens once, and was recorded before."""

    status = 409
    title_en, title_vi = "It was recorded before", "Việc này đã được ghi nhận"


class StillAChild(Problem):
    """By the birthday that is known, the child is under 16 (Luật Trẻ em, Điều 1). Correct the birthday first."""

    status = 409
    title_en, title_vi = "The child is under 16", "Trẻ em chưa đủ 16 tuổi"


class NobodyToPlanFor(Problem):
    """The child died or turned 16: no plan can be built again. Where that was an error, mark that step instead."""

    status = 409
    title_en, title_vi = "There is no child to plan for", "Không còn là đối tượng lập kế hoạch"
