"""What can be wrong with what a hotline sends."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class ReferralExists(Problem):
    """Another referral was sent under this number before; `location` is its address. Corrections are `updates`."""

    status = 409
    title_en, title_vi = "This number was used for another referral", "Số này đã dùng cho thông tin khác"
    detail_en = "It stands at {location}. Send corrections to its `updates`."
    detail_vi = "Thông tin đó ở {location}. Hãy gửi bổ sung vào `updates`."

    def __init__(self, *, location: str) -> None:
        super().__init__(headers={"Location": location}, location=location)


class ReferralTakenUp(Problem):
    """An office answers for the report already, so the source can no longer take it back; `intake_status` says how."""

    status = 409
    title_en, title_vi = "The referral has been taken up", "Thông tin đã được tiếp nhận xử lý"
    detail_en = "The report's status is “{intake_status_en}”. Send what you know now to `updates`; the office decides."
    detail_vi = "Thông tin đang ở trạng thái “{intake_status_vi}”. Hãy gửi bổ sung vào `updates`; đơn vị sẽ quyết định."
    spoken: ClassVar = {"intake_status": told_in("intake_statuses")}


class ReferralWithdrawn(Problem):
    """The referral was taken back by its source; a new call is a new referral."""

    status = 409
    title_en, title_vi = "The referral was withdrawn", "Thông tin đã được rút lại"
    detail_en = "Send what is new as a new referral under a number of its own."
    detail_vi = "Hãy gửi thông tin mới thành một lần chuyển mới với số riêng."
