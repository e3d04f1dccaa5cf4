"""What can be wrong with a report or with a step on it."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class IntakeStatusForbids(Problem):
    """The report stands where this step does not follow; `intake_status` says where."""

    status = 409
    title_en, title_vi = "The report's status forbids this", "Trạng thái thông tin không cho phép"
    detail_en = "The report is `{intake_status}`; this step does not follow from there."
    detail_vi = "Thông tin đang ở trạng thái “{intake_status_vi}”; không thể thực hiện bước này."
    spoken: ClassVar = {"intake_status": told_in("intake_statuses")}


class NoCaseOpen(Problem):
    """Every case on the report is closed, or the report was an error: nobody would work on what is new."""

    status = 409
    title_en, title_vi = "No case on this report is open", "Không còn hồ sơ nào đang mở cho thông tin này"
    detail_en = "Have a case reopened first, or take what is new in as a report of its own."
    detail_vi = "Hãy mở lại hồ sơ trước, hoặc tiếp nhận nội dung mới thành một thông tin riêng."


class PlaceUnknown(Problem):
    """A report can only be handed over to a place that is known to lie in some province."""

    status = 409
    title_en, title_vi = "The place is not known", "Chưa xác định được địa bàn"
    detail_en, detail_vi = "Name a commune or a province.", "Hãy nêu xã, phường hoặc tỉnh, thành phố."


class AlreadyThere(Problem):
    """The report stands with that office already."""

    status = 409
    title_en, title_vi = "It is there already", "Thông tin đã ở đơn vị đó"
    detail_en = "The office you name has the report already; name another place."
    detail_vi = "Đơn vị được nêu đang giữ thông tin này; hãy nêu nơi khác."


class ReasonRequired(Problem):
    """Breaking the seal needs `X-Action-Reason`, which is stored for the inspectors."""

    status = 400
    title_en, title_vi = "X-Action-Reason is required", "Cần có X-Action-Reason"
    detail_en = "Say in `X-Action-Reason` why you need to know."
    detail_vi = "Hãy nêu lý do trong `X-Action-Reason`."
