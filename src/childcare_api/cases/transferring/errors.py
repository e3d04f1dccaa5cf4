"""What can go wrong with handing a case over."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class TransferPending(Problem):
    """The case is offered to a commune that has not answered. Withdraw that offer first."""

    status = 409
    title_en, title_vi = "The case is offered already", "Hồ sơ đang chờ nơi khác tiếp nhận"
    detail_en = "Wait for that commune's answer, or withdraw the offer first."
    detail_vi = "Hãy chờ xã đó trả lời, hoặc rút lại đề nghị trước."
    constraints = ("case_transfers_offered_key",)


class TransferAnswered(Problem):
    """The offer was accepted, declined or withdrawn; `transfer_status` says which."""

    status = 409
    title_en, title_vi = "The offer was answered", "Đề nghị chuyển hồ sơ đã được trả lời"
    detail_en = "The offer's status is “{transfer_status_en}”; read it again."
    detail_vi = "Đề nghị đang ở trạng thái “{transfer_status_vi}”; hãy đọc lại."
    spoken: ClassVar = {"transfer_status": told_in("offer_statuses")}
