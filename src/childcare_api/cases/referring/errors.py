"""What can go wrong with a referral."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class ReferralNotInState(Problem):
    """The referral does not take such an answer now; `referral_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not an answer for this state of the referral", "Đề nghị chưa ở bước này"
    detail_en = "The referral's status is “{referral_status_en}”; it takes no such answer now."
    detail_vi = "Đề nghị đang ở trạng thái “{referral_status_vi}”; chưa thể ghi trả lời này."
    spoken: ClassVar = {"referral_status": told_in("referral_statuses")}


class GrantNeedsLeader(Problem):
    """Parts of the file go along only with a service of the plan in force, which the leader decided on.

    Before that the leader may let the other commune see them, by a grant.
    """

    status = 409
    title_en, title_vi = "The leader has to grant this", "Cần lãnh đạo xã cho phép xem"
    detail_en = (
        "Name a service of the plan in force, or let the leader give a grant (`POST …/grants`); else leave out `shows`."
    )
    detail_vi = (
        "Hãy nêu dịch vụ trong kế hoạch đang có hiệu lực, hoặc đề nghị lãnh đạo cho phép xem (`POST …/grants`); "
        "nếu không thì bỏ `shows`."
    )


class AnswersForItself(Problem):
    """A commune that was asked answers itself, in its own name."""

    status = 409
    title_en, title_vi = "The commune answers for itself", "Xã được đề nghị tự trả lời"
    detail_en = "Wait for the commune's own answer, or withdraw the referral."
    detail_vi = "Hãy chờ xã được đề nghị tự trả lời, hoặc rút lại đề nghị."
