"""What can go wrong with a referral."""

from childcare_api.shared.problems import Problem


class ReferralNotInState(Problem):
    """The referral does not take such an answer now; `referral_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not an answer for this state of the referral", "Đề nghị chưa ở bước này"
    detail_en = "The referral is `{referral_status}`."
    detail_vi = "Đề nghị đang ở trạng thái `{referral_status}`."


class GrantNeedsLeader(Problem):
    """Parts of the file go along only with a service of the plan in force, which the leader decided on.

    Before that the leader may let the other commune see them, by a grant.
    """

    status = 409
    title_en, title_vi = "The leader has to grant this", "Cần lãnh đạo xã cho phép xem"


class AnswersForItself(Problem):
    """A commune that was asked answers itself, in its own name."""

    status = 409
    title_en, title_vi = "The commune answers for itself", "Xã được đề nghị tự trả lời"
