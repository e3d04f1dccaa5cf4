"""What can go wrong with a plan."""

from typing import ClassVar, Final

from childcare_api.shared.problems import Problem, Spoken
from childcare_api.units.labels import told_in

_NEXT: Final = {
    "draft": Spoken(
        "Change it or submit it (`POST …/submit`); the leader decides on what was submitted.",
        "Hãy sửa hoặc trình kế hoạch (`POST …/submit`); lãnh đạo quyết định trên bản đã trình.",
    ),
    "submitted": Spoken(
        "It waits for the leader, who approves it (`POST …/approve`) or returns it (`POST …/return`).",
        "Kế hoạch đang chờ lãnh đạo phê duyệt (`POST …/approve`) hoặc trả lại (`POST …/return`).",
    ),
    "returned": Spoken(
        "Draft the next version from it (`POST …/revise`), then submit that.",
        "Hãy soạn phiên bản tiếp theo từ bản này (`POST …/revise`) rồi trình phiên bản đó.",
    ),
    "approved": Spoken(
        "It is in force: while it is carried out it is adjusted (`POST …/adjust`), and reviewed (`POST …/reviews`).",
        "Đang có hiệu lực: trong khi thực hiện thì điều chỉnh (`POST …/adjust`) và rà soát (`POST …/reviews`).",
    ),
    "superseded": Spoken(
        "Go on with the version that took its place (`GET …/intervention-plans`).",
        "Hãy làm việc với phiên bản đã thay thế bản này (`GET …/intervention-plans`).",
    ),
    "lapsed": Spoken(
        "If the child still needs a plan, draft a new one (`POST …/intervention-plans`).",
        "Nếu trẻ em vẫn cần kế hoạch, hãy soạn kế hoạch mới (`POST …/intervention-plans`).",
    ),
    "void": Spoken(
        "If the child still needs a plan, draft a new one (`POST …/intervention-plans`).",
        "Nếu trẻ em vẫn cần kế hoạch, hãy soạn kế hoạch mới (`POST …/intervention-plans`).",
    ),
}
"""What can be done with a version that stands so, where the step that was tried cannot."""


class DossierIncomplete(Problem):
    """The dossier lacks what the decree asks for; `missing` names each thing with its article.

    `supplied_by` of each says which operation gives it, and in which field.
    """

    status = 409
    title_en, title_vi = "The dossier is incomplete", "Hồ sơ chưa đầy đủ"
    detail_en = "See `missing` for what it lacks, and `supplied_by` of each for where it is given."
    detail_vi = "Xem `missing` để biết còn thiếu gì, và `supplied_by` của từng mục để biết ghi ở đâu."


class PlanVersionOpen(Problem):
    """Another version is being drafted or waits for a decision; work on that one."""

    status = 409
    title_en, title_vi = "Another version is open", "Đang có một phiên bản kế hoạch khác"
    detail_en = "Work on the version that is being drafted or waits for a decision."
    detail_vi = "Hãy tiếp tục phiên bản đang soạn hoặc đang chờ quyết định."


class PlanNotInState(Problem):
    """The version takes no such step now; `plan_status` says where it stands, `detail` what can be done."""

    status = 409
    title_en, title_vi = "Not a step for this state of the plan", "Kế hoạch chưa ở bước này"
    detail_en = "This version's status is “{plan_status_en}”; it takes no such step now. {next_en}"
    detail_vi = "Phiên bản này đang ở trạng thái “{plan_status_vi}”; không thể thực hiện bước này. {next_vi}"
    spoken: ClassVar = {"plan_status": told_in("intervention_plan_statuses")}

    def _words(self) -> dict[str, str]:
        follows = _NEXT[str(self.members["plan_status"])]
        return {**super()._words(), "next_en": follows.en, "next_vi": follows.vi}


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
