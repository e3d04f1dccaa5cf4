"""What can go wrong with a case file."""

from typing import ClassVar, Final

from childcare_api.shared.problems import IdTaken, NotFound, Problem, StaleVersion, VersionRequired
from childcare_api.units.labels import told_in

MOST_STEPS: Final = 2_000
"""How many steps a case holds. Its lists are whole and have no pages: this is what bounds them."""


class CaseNotInState(Problem):
    """The procedure does not allow this step now; `case_status` says where the case stands."""

    status = 409
    title_en, title_vi = "Not a step for this state of the case", "Hồ sơ chưa ở bước này"
    detail_en = (
        "The case's status is “{case_status_en}”; this step is not possible now. `GET …/standing` names what is."
    )
    detail_vi = "Hồ sơ đang ở trạng thái “{case_status_vi}”; chưa thể thực hiện bước này. Xem `GET …/standing`."
    spoken: ClassVar = {"case_status": told_in("case_statuses")}


class CaseMoved(Problem):
    """The commune gave the case away, to `to_commune_id`, which leads it now and does what is to be done.

    `…/transfers` shows it the offer and the answer, `…/timeline` which steps it reads for a year; no plan nor decision.
    """

    status = 409
    title_en, title_vi = "The case was taken over elsewhere", "Hồ sơ đã chuyển cho xã khác"
    detail_en = (
        "It is led where it was offered to. For a year you still read the offer with its answer, and from before it the"
        " report, people, emergency measures, separations, assessments, meetings, services, notes and reviews: no plan"
        " nor the decision approving it."
    )
    detail_vi = (
        "Xã tiếp nhận đang quản lý hồ sơ. Trong một năm, tại đây còn xem được đề nghị chuyển và câu trả lời, cùng thông"
        " tin báo, người liên quan, biện pháp khẩn cấp, cách ly, đánh giá, cuộc họp, dịch vụ, ghi chép và rà soát có"
        " trước khi chuyển; không còn xem được kế hoạch và quyết định phê duyệt."
    )


class CaseFull(Problem):
    """A case holds 2,000 steps at most; the last 100 are left for what protects the child at once, answers or ends."""

    status = 409
    title_en, title_vi = "The case holds no more steps", "Hồ sơ đã đủ số bước"
    detail_en = "Record what protects the child at once, what answers and what ends; then close it and open a new case."
    detail_vi = "Chỉ còn ghi được việc bảo vệ khẩn cấp, trả lời và kết thúc; sau đó hãy kết thúc và mở hồ sơ mới."
    constraints = ("case_steps_position_check",)


class ClosureStandsOnIt(Problem):
    """The case was closed on this step. The leader marks the closure `closure_id` first, which opens it again."""

    status = 409
    title_en, title_vi = "The case was closed on it", "Hồ sơ đã kết thúc dựa trên bước này"
    detail_en = "The leader marks the closure {closure_id} as entered in error first; the case is then open again."
    detail_vi = "Lãnh đạo cần đánh dấu quyết định kết thúc {closure_id} là ghi nhầm trước; hồ sơ khi đó được mở lại."


class HarmIsRecorded(Problem):
    """What `harm_step_ids` say, that whoever had the child harmed it, would count no more. They are marked first."""

    status = 409
    title_en, title_vi = "A harm is recorded on it", "Đã ghi nhận trẻ em bị xâm hại"
    detail_en = (
        "A visit, or the end of the care, says that the child was harmed there. If that is an error, mark it as entered"
        " in error first; otherwise end the care instead."
    )
    detail_vi = (
        "Lần thăm hoặc quyết định chấm dứt đã ghi nhận trẻ em bị xâm hại tại đó. Nếu ghi nhầm, hãy đánh dấu ghi nhầm"
        " bước đó trước; nếu không thì hãy chấm dứt việc chăm sóc."
    )


class NotMarkable(Problem):
    """A draft is changed or left, and a grant is revoked; care that a death ended goes on once the death is marked."""

    status = 409
    title_en, title_vi = "This is taken back in another way", "Bước này được rút lại bằng cách khác"
    detail_en = (
        "Change or leave a draft, withdraw an offer, revoke a grant: each has its own command. Where a death ended the"
        " care, mark the death."
    )
    detail_vi = (
        "Bản nháp thì sửa hoặc bỏ, đề nghị thì rút lại, quyền xem thì thu hồi: mỗi việc có lệnh riêng. Việc chăm sóc"
        " chấm dứt do trẻ em tử vong thì đánh dấu ghi nhầm chính việc ghi nhận tử vong."
    )


RECORDING = (NotFound, CaseMoved, VersionRequired, StaleVersion, CaseNotInState, CaseFull, IdTaken)
"""What every command that records a step of a case may answer."""
