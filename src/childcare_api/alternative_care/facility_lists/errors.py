"""What goes wrong with the lists of facilities."""

from typing import ClassVar, Final

from childcare_api.shared.problems import Problem, Spoken
from childcare_api.units.labels import told_in

_APPRAISED: Final = Spoken(
    "The province appraises it (`POST /facility-children/{id}/appraise`).",
    "Cấp tỉnh thẩm định (`POST /facility-children/{id}/appraise`).",
)
_NEXT: Final = {
    "sent": Spoken(
        "The commune it was sent to decides (`POST /cases/{id}/placements` with `facility_child_id`) or declines"
        " (`POST /facility-children/{id}/decline`).",
        "Xã được chuyển hồ sơ quyết định giao (`POST /cases/{id}/placements`, nêu `facility_child_id`) hoặc trả lời"
        " không giao được (`POST /facility-children/{id}/decline`).",
    ),
    "placed": Spoken(
        "The province ends its care at the facility (`POST /facility-children/{id}/end-care`).",
        "Cấp tỉnh quyết định chấm dứt chăm sóc tại cơ sở (`POST /facility-children/{id}/end-care`).",
    ),
    "left": Spoken(
        "If that end is wrong, the province marks it (`…/end-care/entered-in-error`).",
        "Nếu việc chấm dứt ghi nhầm, cấp tỉnh đánh dấu ghi nhầm (`…/end-care/entered-in-error`).",
    ),
    "entered_in_error": Spoken(
        "A child that waits is written down with a list (`POST /service-providers/{id}/facility-lists`).",
        "Trẻ em đang chờ thì ghi theo danh sách (`POST /service-providers/{id}/facility-lists`).",
    ),
}
"""What can be done where a child of a list stands."""


class FacilityChildNotInState(Problem):
    """The child on the facility's list takes no such step now; `child_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not a step for this child of the list now", "Trẻ em trong danh sách chưa ở bước này"
    detail_en = "Its status is “{child_status_en}”; this step is not possible now. {next_en}"
    detail_vi = "Trẻ em đang ở trạng thái “{child_status_vi}”; chưa thể thực hiện bước này. {next_vi}"
    spoken: ClassVar = {"child_status": told_in("facility_child_statuses")}

    def _words(self) -> dict[str, str]:
        follows = _NEXT.get(str(self.members["child_status"]), _APPRAISED)
        return {**super()._words(), "next_en": follows.en, "next_vi": follows.vi}


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
