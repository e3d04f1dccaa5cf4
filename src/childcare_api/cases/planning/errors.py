"""What can go wrong with a plan."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class DossierIncomplete(Problem):
    """The dossier lacks what the decree asks for; `missing` names each thing with its article."""

    status = 409
    title_en, title_vi = "The dossier is incomplete", "Hồ sơ chưa đầy đủ"
    detail_en, detail_vi = "See `missing` for what it lacks.", "Xem `missing` để biết còn thiếu gì."


class PlanVersionOpen(Problem):
    """Another version is being drafted or waits for a decision; work on that one."""

    status = 409
    title_en, title_vi = "Another version is open", "Đang có một phiên bản kế hoạch khác"
    detail_en = "Work on the version that is being drafted or waits for a decision."
    detail_vi = "Hãy tiếp tục phiên bản đang soạn hoặc đang chờ quyết định."


class PlanNotInState(Problem):
    """The version of the plan does not take such a step now; `plan_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not a step for this state of the plan", "Kế hoạch chưa ở bước này"
    detail_en = "This version is `{plan_status}`; it takes no such step now."
    detail_vi = "Phiên bản này đang ở trạng thái “{plan_status_vi}”; chưa thể thực hiện bước này."
    spoken: ClassVar = {"plan_status": told_in("intervention_plan_statuses")}


class PlanUnchanged(Problem):
    """What is submitted is word for word what the leader returned; say why, or revise it."""

    status = 409
    title_en, title_vi = "Nothing was changed since it came back", "Kế hoạch trình lại không có gì thay đổi"
    detail_en = "Revise it, or say in `unchanged_reason` why it is submitted again as it was."
    detail_vi = "Hãy soạn phiên bản tiếp theo, hoặc nêu lý do trình lại nguyên văn tại `unchanged_reason`."


class PlanUnchangeable(Problem):
    """A version that was once submitted never changes, returned or decided on. Revise it: that is the next version."""

    status = 409
    title_en, title_vi = "A submitted version never changes", "Kế hoạch đã trình không được sửa"
    detail_en = "Revise what was returned (`POST …/revise`), adjust the plan in force, or draft a new version."
    detail_vi = (
        "Hãy soạn phiên bản tiếp theo từ bản bị trả lại (`POST …/revise`), hoặc điều chỉnh kế hoạch đang thực hiện."
    )
