"""What can go wrong with following a plan up and closing a case."""

from childcare_api.shared.problems import Problem


class NoPlanInForce(Problem):
    """Services, reviews and the reception of a child that is released stand on an approved plan; none is in force."""

    status = 409
    title_en, title_vi = "No plan is in force", "Không có kế hoạch đang thực hiện"
    detail_en = (
        "Draft a plan, submit it and let the leader approve it first: services, reviews and the reception of a child"
        " that is released stand on the plan in force."
    )
    detail_vi = (
        "Trước hết hãy lập, trình kế hoạch để lãnh đạo phê duyệt: dịch vụ, rà soát và việc chuẩn bị đón trẻ em trở về"
        " đều dựa trên kế hoạch đang thực hiện."
    )


class RiskRemains(Problem):
    """A case is closed after a review without risk and with a stable child (NĐ 56/2017, Điều 30.1).

    Or because the child died, or turned 16 with no plan to carry out.
    """

    status = 409
    title_en, title_vi = "No review says that the case may end", "Chưa có kết quả rà soát cho phép kết thúc"
    detail_en = (
        "The latest review found risk or a child that is not stable, or there is none. Record a review of the plan in"
        " force (`POST …/reviews`); where the last one found risk, plan again first. `GET …/standing` names what is"
        " possible now."
    )
    detail_vi = (
        "Lần rà soát gần nhất cho thấy còn nguy cơ hoặc trẻ em chưa ổn định, hoặc chưa rà soát. Hãy ghi một lần rà soát"
        " kế hoạch đang thực hiện (`POST …/reviews`); nếu lần trước còn nguy cơ thì trước hết phải lập lại kế hoạch."
        " Xem `GET …/standing` để biết việc có thể làm."
    )


class EmergencyUnanswered(Problem):
    """In an emergency the intervention itself is owed, whatever a review found since (NĐ 56/2017, Điều 26.3, 31.2).

    `step_ids` says by what it came in. A case closes over it only where the child died.
    """

    status = 409
    title_en, title_vi = "An emergency was not answered", "Tình huống khẩn cấp chưa được xử lý"
    detail_en = (
        "Record what protected the child since (`POST …/emergency-measures` or `POST …/separations`); where somebody"
        " looked at once and nothing was needed, record the measure `found_safe`."
    )
    detail_vi = (
        "Hãy ghi biện pháp đã bảo vệ trẻ em từ khi nhận tin (`POST …/emergency-measures` hoặc `POST …/separations`);"
        " nếu đã kiểm tra ngay và không cần biện pháp nào thì ghi biện pháp `found_safe`."
    )


class HarmedInCare(Problem):
    """A carer who harmed the child, or whose family did, keeps it no longer (Luật Trẻ em, Điều 69.1 b, 69.2).

    `placement_ids` says in which care it still is. A case closes over it only where the child died.
    """

    status = 409
    title_en, title_vi = "The child is in the care of who harmed it", "Trẻ em còn do người đã xâm hại mình chăm sóc"
    detail_en = "End that care by decision (`POST …/placements/…/end`); the carer's commune does it."
    detail_vi = (
        "Phải có quyết định chấm dứt việc chăm sóc thay thế đó (`POST …/placements/…/end`), do xã nơi"
        " người nhận chăm sóc cư trú ban hành."
    )


class DecisionNotSent(Problem):
    """The decision goes to whom it names, and to a parent or carer (Điều 28.5), before the case is closed.

    `still_to_be_told` says to whom.
    """

    status = 409
    title_en, title_vi = "The decision was not sent to everybody", "Quyết định chưa gửi đủ nơi nhận"
    detail_en = "Send it to everybody in `still_to_be_told`, or record why that is not possible."
    detail_vi = "Hãy gửi đến các nơi nêu trong `still_to_be_told`, hoặc ghi lý do không thể gửi."


class CaseAlreadyClosed(Problem):
    """The case was closed before."""

    status = 409
    title_en, title_vi = "The case is closed", "Hồ sơ đã kết thúc"
    detail_en = "Nothing more is to be done; the leader may reopen it if risk shows again."
    detail_vi = "Không cần làm gì thêm; lãnh đạo có thể mở lại nếu lại phát sinh nguy cơ."
