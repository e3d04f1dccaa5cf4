"""What goes wrong with the lists of facilities."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class FacilityChildNotInState(Problem):
    """The child on the facility's list takes no such step now; `child_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not a step for this child of the list now", "Trẻ em trong danh sách chưa ở bước này"
    detail_en = "Its status is “{child_status_en}”; this step is not possible now."
    detail_vi = "Trẻ em đang ở trạng thái “{child_status_vi}”; chưa thể thực hiện bước này."
    spoken: ClassVar = {"child_status": told_in("facility_child_statuses")}


class FacilityChildHandedOver(Problem):
    """The child was handed over to its carer by the end of the care at the facility, which therefore stands."""

    status = 409
    title_en, title_vi = "The child was handed over already", "Trẻ em đã được bàn giao"
    detail_en = (
        "The child was handed over to its carer by this end. If it is wrong, the commune of the carer first marks the"
        " handover as entered in error."
    )
    detail_vi = (
        "Trẻ em đã được bàn giao theo quyết định chấm dứt này. Nếu ghi nhầm, xã nơi người nhận chăm sóc cần đánh dấu"
        " ghi nhầm việc bàn giao trước."
    )
