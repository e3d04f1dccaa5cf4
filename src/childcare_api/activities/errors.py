"""What goes wrong with activities."""

from childcare_api.shared.problems import Problem


class ActivityOfAnotherUnit(Problem):
    """An activity is corrected by the unit that did it, or that answers for it since."""

    status = 403
    title_en, title_vi = "The activity is another unit's", "Hoạt động thuộc đơn vị khác"
    detail_en = "Only the unit that did it, or that answers for it since, corrects it."
    detail_vi = "Chỉ đơn vị đã thực hiện hoặc đơn vị kế thừa được sửa hoạt động này."
