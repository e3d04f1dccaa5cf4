"""What can go wrong with a referral."""

from childcare_api.shared.problems import FieldError, Problem, ValidationFailed


class ReferralNotInState(Problem):
    """The referral does not take such an answer now; `referral_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not an answer for this state of the referral", "Đề nghị chưa ở bước này"
    detail_en = "The referral is `{referral_status}`."
    detail_vi = "Đề nghị đang ở trạng thái `{referral_status}`."


class ReferralToOwnCommune(Problem):
    """What one's own commune can do needs no referral: it is a service of the plan."""

    status = 409
    title_en, title_vi = "Your own commune is not asked", "Không gửi đề nghị cho chính xã mình"


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


def has_passed(pointer: str) -> ValidationFailed:
    """Return the problem of a moment to come that lies in the past."""
    error = FieldError(pointer, "has_passed", "This moment has passed.", "Thời điểm này đã qua.")
    return ValidationFailed(errors=(error,))
