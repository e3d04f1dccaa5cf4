"""What can go wrong with joining a report to a case."""

from childcare_api.shared.problems import Problem


class ReportJoined(Problem):
    """The report on that child is in the case already."""

    status = 409
    title_en, title_vi = "The report is in this case", "Thông tin này đã có trong hồ sơ"
    detail_en = "Nothing more is needed: the case has this report."
    detail_vi = "Không cần làm gì thêm: hồ sơ đã có thông tin này."


class CaseNotSettled(Problem):
    """Something of the case is under way, which nobody would see to any more; `step_ids` says what."""

    status = 409
    title_en, title_vi = "Something of this case is under way", "Hồ sơ này còn việc chưa xong"
    detail_en = (
        "Withdraw or end what `step_ids` names, or wait for its answer, before the case is joined, closed or marked."
    )
    detail_vi = (
        "Trước khi ghép, kết thúc hoặc đánh dấu hồ sơ, hãy rút, chấm dứt hoặc chờ trả lời việc nêu trong `step_ids`."
    )


class CasesOfTwoChildren(Problem):
    """The two cases are linked to two children of the register. Correct the wrong link first."""

    status = 409
    title_en, title_vi = "The cases are of two children", "Hai hồ sơ của hai trẻ em khác nhau"
    detail_en = "Correct the link that is wrong (`POST …/link-child`), then join them."
    detail_vi = "Hãy sửa liên kết sai (`POST …/link-child`) rồi mới ghép."
