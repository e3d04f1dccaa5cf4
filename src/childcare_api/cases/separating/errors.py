"""What can go wrong with a separation."""

from childcare_api.shared.problems import Problem, ValidationFailed
from childcare_api.shared.refusals import refused


class SeparationRuns(Problem):
    """A child is separated once at a time: before another separation, and before a case is closed, that one ends."""

    status = 409
    title_en, title_vi = "A separation is in force", "Đang có quyết định tạm thời cách ly"
    detail_en = "Extend the separation in force, or cancel it before you decide on another one or close the case."
    detail_vi = "Hãy gia hạn quyết định cách ly đang có hiệu lực, hoặc hủy bỏ trước khi cách ly lại hay kết thúc hồ sơ."


class NoSeparationRuns(Problem):
    """The separation was cancelled before, another took its place, or it was entered in error."""

    status = 409
    title_en, title_vi = "This separation is not in force", "Quyết định cách ly này không còn hiệu lực"
    detail_en = "`GET …/separations` shows which one is in force, if any; extend or cancel that one."
    detail_vi = "Xem `GET …/separations` để biết quyết định nào còn hiệu lực; hãy gia hạn hoặc hủy bỏ quyết định đó."


class SeparationTooLong(Problem):
    """A separation lasts 15 days at most in all, unless a competent authority requires more (NĐ 56/2017, Điều 32.3)."""

    status = 409
    title_en, title_vi = "The separation would last too long", "Vượt quá thời hạn cách ly tối đa"
    detail_en = (
        "{days} days in all; {longest} at most. Decide on fewer; beyond that extend it by the paper of an authority"
        " that requires it (`required_by`), or ask the court (`POST …/court-requests`)."
    )
    detail_vi = (
        "Tổng cộng {days} ngày; tối đa {longest} ngày. Hãy quyết định ít ngày hơn; muốn dài hơn thì gia hạn theo văn"
        " bản của cơ quan có thẩm quyền (`required_by`), hoặc đề nghị Tòa án (`POST …/court-requests`)."
    )


class NotFoundSafe(Problem):
    """A separation is cancelled on an assessment since (Mẫu 03) that finds the carers safe (NĐ 56/2017, Điều 32.3)."""

    status = 409
    title_en, title_vi = "No assessment finds the child safe", "Chưa có đánh giá bảo đảm an toàn"
    detail_en = (
        "Record an assessment (Mẫu 03) after the separation that finds the carers safe, and name it in `assessment_id`."
    )
    detail_vi = "Hãy ghi đánh giá (Mẫu 03) sau khi cách ly, kết luận nơi chăm sóc an toàn, và nêu ở `assessment_id`."


class CourtAnswered(Problem):
    """The court answered this request before, it was withdrawn, or it was entered in error."""

    status = 409
    title_en, title_vi = "The request waits for no answer", "Đề nghị này không còn chờ Tòa án trả lời"
    detail_en = (
        "Read the answer on record; a new request is recorded as one, and what changes or ends the court's order later"
        " as that (`POST …/order` with `changes_order`)."
    )
    detail_vi = (
        "Hãy xem kết quả đã ghi; đề nghị mới cần được ghi nhận riêng, còn quyết định của Tòa án thay đổi, hủy bỏ quyết"
        " định trước thì ghi tại `POST …/order` với `changes_order`."
    )


def home_over_an_order(pointer: str) -> ValidationFailed:
    """Return the problem of a child that would return to its family over a court's order that keeps it away."""
    return refused(
        pointer,
        "court_order_in_force",
        "A court's order separates the child from its family and gives it into care: it returns once the court has"
        " ended or changed that order (Luật Trẻ em, Điều 52.3, 66.4, 69.4). Whoever leads the case records that"
        " decision (`POST …/court-requests/…/order` with `changes_order`); until then give the child other care.",
        "Quyết định của Tòa án cách ly trẻ em khỏi gia đình, giao chăm sóc thay thế còn hiệu lực: trẻ em chỉ trở về khi"
        " Tòa án đã hủy bỏ hoặc thay đổi quyết định đó (Luật Trẻ em, khoản 3 Điều 52, khoản 4 Điều 66, khoản 4 Điều"
        " 69). Xã quản lý hồ sơ ghi quyết định của Tòa án (`POST …/court-requests/…/order` với `changes_order`); trước"
        " đó hãy giao trẻ em cho nơi chăm sóc khác.",
    )
