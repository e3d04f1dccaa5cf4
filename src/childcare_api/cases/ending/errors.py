"""What can go wrong with ending a case otherwise, or opening it again."""

from childcare_api.shared.problems import Problem


class RecordedBefore(Problem):
    """That the child died, or turned 16, happens once, and was recorded before."""

    status = 409
    title_en, title_vi = "It was recorded before", "Việc này đã được ghi nhận"
    detail_en = "`GET …/life-events` shows it; mark that step if it is wrong."
    detail_vi = "Xem `GET …/life-events`; nếu sai, hãy đánh dấu bước đó là ghi nhầm."


class StillAChild(Problem):
    """By the birthday that is known, or else the age guessed, the child is under 16 (Luật Trẻ em, Điều 1)."""

    status = 409
    title_en, title_vi = "The child is under 16", "Trẻ em chưa đủ 16 tuổi"
    detail_en = "Write the right birthday into the register first, if the one there, or the age guessed, is wrong."
    detail_vi = "Nếu ngày sinh hoặc tuổi ước đoán sai, hãy ghi đúng ngày sinh trong hồ sơ trẻ em trước."


class NobodyToPlanFor(Problem):
    """The child died or turned 16: no plan can be built again. Where that was an error, mark that step instead."""

    status = 409
    title_en, title_vi = "There is no child to plan for", "Không còn là đối tượng lập kế hoạch"
    detail_en = "Close the case; where the death or the 16th birthday is an error, mark that step."
    detail_vi = "Hãy kết thúc hồ sơ; nếu ghi sai việc tử vong hoặc đủ 16 tuổi, hãy đánh dấu bước đó là ghi nhầm."
