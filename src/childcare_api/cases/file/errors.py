"""What can go wrong with a case file."""

from childcare_api.shared.problems import FieldError, Problem, ValidationFailed


class CaseNotInState(Problem):
    """The procedure does not allow this step now; `case_status` says where the case stands."""

    status = 409
    title_en, title_vi = "Not a step for this state of the case", "Hồ sơ chưa ở bước này"
    detail_en = "The case is `{case_status}`; this step is not possible now."
    detail_vi = "Hồ sơ đang ở trạng thái `{case_status}`; chưa thể thực hiện bước này."


class HappenedInFuture(Problem):
    """Only what has happened can be recorded."""

    status = 409
    title_en, title_vi = "It lies in the future", "Thời điểm ở tương lai"


class HappenedTooEarly(Problem):
    """Nothing in a case happened before its report was received, and no step before the one it stands on."""

    status = 409
    title_en, title_vi = "It lies before what it follows from", "Thời điểm trước bước mà nó dựa vào"
    detail_en = "It cannot have happened before {earliest}."
    detail_vi = "Việc này không thể xảy ra trước {earliest}."


class AlreadyEnteredInError(Problem):
    """The step was marked entered in error before."""

    status = 409
    title_en, title_vi = "It was already entered in error", "Bước này đã được đánh dấu nhập sai"


class ClosureStandsOnIt(Problem):
    """The case was closed on this step. The leader marks the closure `closure_id` first, which opens it again."""

    status = 409
    title_en, title_vi = "The case was closed on it", "Hồ sơ đã kết thúc dựa trên bước này"
    detail_en = "The leader marks the closure {closure_id} as entered in error first; the case is then open again."
    detail_vi = "Lãnh đạo cần đánh dấu quyết định kết thúc {closure_id} là nhập sai trước; hồ sơ khi đó được mở lại."


class NotMarkable(Problem):
    """A draft is changed or left, and a grant is revoked; neither is marked entered in error."""

    status = 409
    title_en, title_vi = "This is taken back in another way", "Bước này được rút lại bằng cách khác"


class GrantToOwnCommune(Problem):
    """The commune that keeps the case needs no grant."""

    status = 409
    title_en, title_vi = "The commune keeps this case itself", "Xã này đang giữ hồ sơ"


class GrantEnded(Problem):
    """The grant was revoked before."""

    status = 409
    title_en, title_vi = "The grant has ended", "Quyền xem đã chấm dứt"


def day_has_passed(pointer: str) -> ValidationFailed:
    """Return the problem of a last day that lies before today."""
    error = FieldError(pointer, "day_has_passed", "This day has passed.", "Ngày này đã qua.")
    return ValidationFailed(errors=(error,))


def no_such_record(pointer: str) -> ValidationFailed:
    """Return the problem of an id in a body that is nobody's within the caller's scope, or of another."""
    error = FieldError(pointer, "no_such_record", "There is no such record.", "Không có bản ghi này.")
    return ValidationFailed(errors=(error,))
