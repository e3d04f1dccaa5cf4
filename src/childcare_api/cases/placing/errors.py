"""What can go wrong with alternative care in a case."""

from childcare_api.shared.problems import Problem


class PlacementNotReady(Problem):
    """The law asks for more before the child is given into care; `missing` names each thing with its article."""

    status = 409
    title_en, title_vi = "The placement is not ready for a decision", "Chưa đủ căn cứ giao trẻ em"
    detail_en, detail_vi = "See `missing` for what is lacking.", "Xem `missing` để biết còn thiếu gì."


class ChildIsPlaced(Problem):
    """Another placement is in force; end it first. A child moves on from a facility by decision alone."""

    status = 409
    title_en, title_vi = "The child is in care already", "Trẻ em đang được chăm sóc thay thế"
    detail_en = "End the placement in force first; from a facility to a carer a decision alone leads."
    detail_vi = "Hãy chấm dứt việc chăm sóc đang thực hiện trước; từ cơ sở sang người nhận chăm sóc chỉ cần quyết định."


class PlacementElsewhere(Problem):
    """The commune where the carer lives decides on this placement, visits and ends it (NĐ 56/2017, Điều 42.7, 43.2)."""

    status = 409
    title_en, title_vi = "Another commune keeps this placement", "Xã khác theo dõi việc chăm sóc thay thế này"
    detail_en = "Leave it to the commune where the carer lives, or ask it."
    detail_vi = "Việc này do xã nơi người nhận chăm sóc cư trú thực hiện; hãy đề nghị xã đó."


class PlacementNotInState(Problem):
    """The placement has ended, was not begun, or was handed over before; it takes no such step now."""

    status = 409
    title_en, title_vi = "Not a step for this placement now", "Việc chăm sóc thay thế chưa ở bước này"
    detail_en = "`GET …/placements` shows where it stands: begun, handed over or ended."
    detail_vi = "Xem `GET …/placements` để biết việc chăm sóc đã bắt đầu, đã giao nhận hay đã chấm dứt."


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
