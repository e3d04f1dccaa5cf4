"""What can go wrong with what authorities ask and announce."""

from childcare_api.shared.problems import Problem


class ProceedingAnswered(Problem):
    """It was answered before, or the release was prepared for, or a newer notice took the place of this one."""

    status = 409
    title_en, title_vi = "It was answered before", "Đã trả lời hoặc đã chuẩn bị"
    detail_en = (
        "It was answered or prepared for, or a newer notice of release took its place: read it anew. An answer that was"
        " wrong is marked as entered in error, and then given anew."
    )
    detail_vi = (
        "Việc này đã được trả lời, đã chuẩn bị tiếp nhận, hoặc đã có thông báo trở về mới hơn: hãy đọc lại. Nội dung"
        " đã trả lời mà sai thì đánh dấu ghi nhầm rồi trả lời lại."
    )
