"""What goes wrong with activities."""

from childcare_api.shared.problems import Problem


class ActivityInFuture(Problem):
    """Only what was done is written down; what is planned stands in a plan."""

    status = 409
    title_en, title_vi = "The activity has not happened yet", "Hoạt động chưa diễn ra"


class ActivityEnteredInError(Problem):
    """The activity was marked entered in error and no longer counts."""

    status = 409
    title_en, title_vi = "The activity was entered in error", "Hoạt động đã được đánh dấu nhập nhầm"


class ActivityOfAnotherUnit(Problem):
    """An activity is corrected by the unit that did it, or that answers for it since."""

    status = 403
    title_en, title_vi = "The activity is another unit's", "Hoạt động thuộc đơn vị khác"
