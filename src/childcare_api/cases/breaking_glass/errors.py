"""What can go wrong with breaking the glass."""

from childcare_api.shared.problems import Problem


class ChildNotIdentified(Problem):
    """What was said fits no child, or more than one."""

    status = 404
    title_en, title_vi = "No child identified", "Không xác định được trẻ"
    detail_en = "State an exact identifier, or the full name, the exact birthday and the province."
    detail_vi = "Hãy nêu đúng giấy tờ của trẻ, hoặc họ tên đầy đủ, ngày sinh chính xác và tỉnh, thành phố."


class ChildIsYours(Problem):
    """The child is in the caller's own register: no glass need be broken."""

    status = 409
    title_en, title_vi = "The child is in your own register", "Trẻ do xã, phường của bạn quản lý"
    detail_en = "Find the child in your own register: `GET /children`."
    detail_vi = "Hãy tìm trẻ trong sổ của đơn vị mình: `GET /children`."


class AlreadyReviewed(Problem):
    """It was looked into before."""

    status = 409
    title_en, title_vi = "It was looked into before", "Việc này đã được xem xét"
    detail_en = "Read what came of it; it is looked into once."
    detail_vi = "Hãy đọc kết quả đã ghi; mỗi lượt chỉ xem xét một lần."
