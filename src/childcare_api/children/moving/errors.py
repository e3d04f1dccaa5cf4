"""What can go wrong with moving a child's record."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class MovesWithCase(Problem):
    """The child has an open case, and the record goes where the case goes: the leader offers the case."""

    status = 409
    title_en, title_vi = "The record moves with the case", "Hồ sơ trẻ em chuyển cùng hồ sơ trường hợp"
    detail_en = "The leader offers the open case; the record goes along with it."
    detail_vi = "Lãnh đạo đề nghị chuyển hồ sơ trường hợp đang mở; hồ sơ trẻ em đi cùng."


class MoveOffered(Problem):
    """The record is offered to a commune that has not answered. Withdraw that offer first."""

    status = 409
    title_en, title_vi = "The record is offered already", "Hồ sơ đang chờ xã khác tiếp nhận"
    detail_en = "Wait for that commune's answer, or withdraw the offer first."
    detail_vi = "Hãy chờ xã đó trả lời, hoặc rút lại đề nghị trước."
    constraints = ("child_moves_offered_key",)


class MoveAnswered(Problem):
    """The offer was accepted, declined or withdrawn; `move_status` says which."""

    status = 409
    title_en, title_vi = "The offer was answered", "Đề nghị chuyển hồ sơ đã được trả lời"
    detail_en = "The offer's status is “{move_status_en}”; read it again."
    detail_vi = "Đề nghị đang ở trạng thái “{move_status_vi}”; hãy đọc lại."
    spoken: ClassVar = {"move_status": told_in("offer_statuses")}


class MoveWaits(Problem):
    """The commune that keeps the record has something to settle first, and was told of it."""

    status = 409
    title_en, title_vi = "The record cannot be taken over yet", "Chưa thể tiếp nhận hồ sơ"
    detail_en = "The commune that keeps it has something to settle first. Try again later, or decline."
    detail_vi = "Nơi đang quản lý hồ sơ cần giải quyết một số việc trước. Hãy thử lại sau hoặc từ chối."
