"""What can go wrong with a separation."""

from childcare_api.shared.problems import Problem


class SeparationRuns(Problem):
    """A child is separated once at a time; extend the one that runs, or cancel it; then a case is closed."""

    status = 409
    title_en, title_vi = "A separation is in force", "Đang có quyết định tạm thời cách ly"


class NoSeparationRuns(Problem):
    """The separation was cancelled before, another took its place, or it was entered in error."""

    status = 409
    title_en, title_vi = "This separation is not in force", "Quyết định cách ly này không còn hiệu lực"


class SeparationTooLong(Problem):
    """A separation lasts 15 days at most in all, unless a competent authority requires more (NĐ 56/2017, Điều 32.3)."""

    status = 409
    title_en, title_vi = "The separation would last too long", "Vượt quá thời hạn cách ly tối đa"
    detail_en = "{days} days in all; {longest} at most without the paper of an authority that requires it."
    detail_vi = "Tổng cộng {days} ngày; tối đa {longest} ngày nếu không có văn bản của cơ quan có thẩm quyền."


class NotFoundSafe(Problem):
    """A separation is cancelled on an assessment since (Mẫu 03) that finds the carers safe (NĐ 56/2017, Điều 32.3)."""

    status = 409
    title_en, title_vi = "No assessment finds the child safe", "Chưa có đánh giá bảo đảm an toàn"


class CourtAnswered(Problem):
    """The court answered this request before, or the request was entered in error."""

    status = 409
    title_en, title_vi = "The request was answered", "Tòa án đã trả lời đề nghị này"
