"""What goes wrong with measurements and with activities that should count for a target."""

from typing import ClassVar

from childcare_api.shared.problems import Problem
from childcare_api.units.labels import told_in


class MeasurementDoesNotFit(Problem):
    """A percentage lies between 0 and 100, a count or money is a whole number of at least 0, a goal has words."""

    status = 409
    title_en, title_vi = "The measurement does not fit the target", "Kết quả không phù hợp với chỉ tiêu"
    detail_en = "This target takes a {value_type_en}."
    detail_vi = "Chỉ tiêu này cần {value_type_vi}."
    spoken: ClassVar = {"value_type": told_in("target_values")}


class TargetCountsNoActivities(Problem):
    """Only a target that says what it counts, classes or people, takes activities."""

    status = 409
    title_en, title_vi = "The target counts no activities", "Chỉ tiêu không đếm hoạt động"
    detail_en = "Set `counts` of the target to classes or participants, or leave the target out."
    detail_vi = "Hãy đặt `counts` của chỉ tiêu là số lớp hoặc số người, hoặc không gắn chỉ tiêu."


class ActivityOutsidePeriod(Problem):
    """The activity does not lie in the period of the plan that it should count for."""

    status = 409
    title_en, title_vi = "The activity lies outside the plan's period", "Hoạt động không thuộc kỳ kế hoạch"
    detail_en = "Choose a plan in whose period it lies, or leave out the target."
    detail_vi = "Hãy chọn kế hoạch có kỳ bao gồm ngày hoạt động, hoặc không gắn với chỉ tiêu."
