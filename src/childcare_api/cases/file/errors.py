"""What can go wrong with a case file."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class CaseNotInState(Problem):
    """The procedure does not allow this step now; `case_status` says where the case stands."""

    status = 409
    title_en, title_vi = "Not a step for this state of the case", "Hồ sơ chưa ở bước này"
    detail_en = "The case is `{case_status}`; this step is not possible now. `GET …/standing` names what is."
    detail_vi = "Hồ sơ đang ở trạng thái “{case_status_vi}”; chưa thể thực hiện bước này. Xem `GET …/standing`."
    spoken: ClassVar = {"case_status": told_in("case_statuses")}


class ClosureStandsOnIt(Problem):
    """The case was closed on this step. The leader marks the closure `closure_id` first, which opens it again."""

    status = 409
    title_en, title_vi = "The case was closed on it", "Hồ sơ đã kết thúc dựa trên bước này"
    detail_en = "The leader marks the closure {closure_id} as entered in error first; the case is then open again."
    detail_vi = "Lãnh đạo cần đánh dấu quyết định kết thúc {closure_id} là ghi nhầm trước; hồ sơ khi đó được mở lại."


class NotMarkable(Problem):
    """A draft is changed or left, and a grant is revoked; neither is marked entered in error."""

    status = 409
    title_en, title_vi = "This is taken back in another way", "Bước này được rút lại bằng cách khác"
    detail_en = "Change or leave a draft, withdraw an offer, revoke a grant: each has its own command."
    detail_vi = "Bản nháp thì sửa hoặc bỏ, đề nghị thì rút lại, quyền xem thì thu hồi: mỗi việc có lệnh riêng."
