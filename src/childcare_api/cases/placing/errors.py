"""What can go wrong with alternative care in a case."""

from typing import ClassVar, Final

from childcare_api.shared.problems import Problem, Spoken

_WHY: Final = {
    "not_in_force": Spoken(
        "This care has ended, a newer decision took its place, or it was entered in error; use the placement in force"
        " (`GET …/placements`), if there is one.",
        "Việc chăm sóc này đã chấm dứt, đã có quyết định mới thay thế, hoặc ghi nhầm; hãy dùng việc chăm sóc đang thực"
        " hiện (`GET …/placements`), nếu có.",
    ),
    "in_a_facility": Spoken(
        "A facility has the child by the decision alone: no handover is due there. Go on with the visits.",
        "Cơ sở nhận trẻ em theo quyết định: không cần ghi bàn giao. Hãy tiếp tục việc thăm, theo dõi.",
    ),
    "handed_over": Spoken(
        "The child was handed over before; go on with the visits. A wrong handover is entered in error first.",
        "Trẻ em đã được bàn giao; hãy tiếp tục việc thăm, theo dõi. Nếu bàn giao ghi sai, hãy đánh dấu ghi nhầm trước.",
    ),
    "not_handed_over": Spoken(
        "The carer has not received the child yet; record the handover first (`POST …/handover`).",
        "Người nhận chăm sóc chưa nhận trẻ em; trước hết hãy ghi việc bàn giao (`POST …/handover`).",
    ),
    "not_asked": Spoken(
        "Nobody asked your commune to take this child in; whoever leads the case asks first.",
        "Xã của bạn chưa được đề nghị nhận trẻ em này; xã quản lý hồ sơ cần gửi đề nghị trước.",
    ),
    "request_in_error": Spoken(
        "The question was entered in error; there is nothing to answer.",
        "Đề nghị này đã được đánh dấu ghi nhầm; không cần trả lời.",
    ),
    "child_died": Spoken(
        "The child died. Where care was decided on before and not yet recorded, mark the death as entered in error,"
        " record the care, and record the death again: it ends it.",
        "Trẻ em đã tử vong. Nếu việc chăm sóc được quyết định trước đó mà chưa ghi, hãy đánh dấu ghi nhầm việc tử vong,"
        " ghi việc chăm sóc rồi ghi lại việc tử vong: việc chăm sóc sẽ chấm dứt theo.",
    ),
    "own_case": Spoken(
        "This is a case of your own: mark the step at its own address (`POST /cases/{id}/…/entered-in-error`).",
        "Đây là hồ sơ của xã mình: hãy đánh dấu tại địa chỉ của chính bước đó (`POST /cases/{id}/…/entered-in-error`).",
    ),
}
"""Why a placement takes no such step, and what to do."""


class PlacementNotReady(Problem):
    """The law asks for more before the child is given into care; `missing` names each thing with its article.

    `supplied_by` of each says which operation gives it, and in which field.
    """

    status = 409
    title_en, title_vi = "The placement is not ready for a decision", "Chưa đủ căn cứ giao trẻ em"
    detail_en = "See `missing` for what is lacking, and `supplied_by` of each for where it is given."
    detail_vi = "Xem `missing` để biết còn thiếu gì, và `supplied_by` của từng mục để biết ghi ở đâu."


class ChildIsPlaced(Problem):
    """Another placement is in force; end it, or mark it as entered in error, first.

    A child moves on from a facility by decision alone. No end of care is marked as an error over a later placement.
    """

    status = 409
    title_en, title_vi = "The child is in care already", "Trẻ em đang được chăm sóc thay thế"
    detail_en = (
        "First the commune that keeps the placement in force ends it, or marks it as entered in error if it is one;"
        " from a facility to a carer a decision alone leads."
    )
    detail_vi = (
        "Trước hết xã theo dõi việc chăm sóc đang thực hiện cần chấm dứt, hoặc đánh dấu ghi nhầm nếu ghi nhầm; từ cơ sở"
        " sang người nhận chăm sóc chỉ cần quyết định."
    )
    constraints = ("case_placements_given_once",)


class PlacementElsewhere(Problem):
    """The commune where the carer lives decides on this placement, visits and ends it (NĐ 56/2017, Điều 42.7, 43.2)."""

    status = 409
    title_en, title_vi = "Another commune keeps this placement", "Xã khác theo dõi việc chăm sóc thay thế này"
    detail_en = "Leave it to the commune where the carer lives, or ask it."
    detail_vi = "Việc này do xã nơi người nhận chăm sóc cư trú thực hiện; hãy đề nghị xã đó."


class PlacementNotInState(Problem):
    """The placement takes no such step now; `why` says which of these it is, and `detail` what to do.

    `not_in_force`, `in_a_facility` (no handover is due), `handed_over` before, `not_handed_over` yet, `not_asked`,
    `request_in_error`, `child_died`, `own_case`.
    """

    status = 409
    title_en, title_vi = "Not a step for this placement now", "Việc chăm sóc thay thế chưa ở bước này"
    detail_en, detail_vi = "This step is not possible. {why_en}", "Không thể thực hiện bước này. {why_vi}"
    spoken: ClassVar = {"why": _WHY.__getitem__}


class PlacementAnswered(Problem):
    """The commune of the carer has answered before, or the question was withdrawn."""

    status = 409
    title_en, title_vi = "It was answered or withdrawn before", "Đã có trả lời hoặc đã rút đề nghị"
    detail_en = "Read what became of it at `GET …/placement-requests`; ask anew if it has to be answered again."
    detail_vi = "Hãy xem kết quả tại `GET …/placement-requests`; nếu cần, hãy gửi đề nghị mới."


class FacilityFull(Problem):
    """Every place of the facility is taken from that day on; state why it takes the child all the same, if it does."""

    status = 409
    title_en, title_vi = "The facility has no place left", "Cơ sở không còn chỗ tiếp nhận"
    detail_en = "State why it takes the child all the same, or choose another facility."
    detail_vi = "Hãy nêu lý do vẫn tiếp nhận, hoặc chọn cơ sở khác."
    constraints = ("case_placements_place_free",)
