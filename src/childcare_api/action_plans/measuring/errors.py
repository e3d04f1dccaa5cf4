"""What goes wrong with measurements and with activities that should count for a target."""

from childcare_api.shared.problems import Problem


class MeasurementDoesNotFit(Problem):
    """A percentage lies between 0 and 100, a count or money is a whole number of at least 0, a goal has words."""

    status = 409
    title_en, title_vi = "The measurement does not fit the target", "Kết quả không phù hợp với chỉ tiêu"
    detail_en = "This target takes a {value_type}."
    detail_vi = "Chỉ tiêu này cần giá trị loại {value_type}."


class TargetCountsNoActivities(Problem):
    """Only a target that says what it counts, classes or people, takes activities."""

    status = 409
    title_en, title_vi = "The target counts no activities", "Chỉ tiêu không đếm hoạt động"


class ActivityOutsidePeriod(Problem):
    """The activity does not lie in the period of the plan that it should count for."""

    status = 409
    title_en, title_vi = "The activity lies outside the plan's period", "Hoạt động không thuộc kỳ kế hoạch"
