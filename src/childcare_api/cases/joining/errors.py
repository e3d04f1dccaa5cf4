"""What can go wrong with joining a report to a case."""

from childcare_api.shared.problems import Problem


class ReportJoined(Problem):
    """The report on that child is in the case already."""

    status = 409
    title_en, title_vi = "The report is in this case", "Thông tin này đã có trong hồ sơ"
    detail_en = "Nothing more is needed: the case has this report."
    detail_vi = "Không cần làm gì thêm: hồ sơ đã có thông tin này."


class CasesOfTwoChildren(Problem):
    """The two cases are linked to two children of the register. Correct the wrong link first."""

    status = 409
    title_en, title_vi = "The cases are of two children", "Hai hồ sơ của hai trẻ em khác nhau"
    detail_en = "Correct the link that is wrong (`POST …/link-child`), then join them."
    detail_vi = "Hãy sửa liên kết sai (`POST …/link-child`) rồi mới ghép."
