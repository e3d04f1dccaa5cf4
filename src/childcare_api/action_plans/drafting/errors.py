"""What goes wrong with plans."""

from childcare_api.shared.problems import Problem


class PlanOfAnotherUnit(Problem):
    """A plan is changed, measured and renewed by the unit that holds it today."""

    status = 403
    title_en, title_vi = "The plan is another unit's", "Kế hoạch thuộc đơn vị khác"
    detail_en = "Only the unit that holds the plan today may do this."
    detail_vi = "Chỉ đơn vị đang quản lý kế hoạch mới được thực hiện."


class PlanFromSource(Problem):
    """The plan was loaded as it was published and never changes. Renew it for a new year instead."""

    status = 409
    title_en, title_vi = "A published source plan never changes", "Kế hoạch gốc đã ban hành không thay đổi"
    detail_en = "Renew it: that makes a draft which names it as its parent."
    detail_vi = "Hãy tạo kế hoạch kế tiếp từ kế hoạch này."


class PlanAlreadyIssued(Problem):
    """An issued plan does not change; draft another one that names it as its parent."""

    status = 409
    title_en, title_vi = "The plan was issued already", "Kế hoạch đã được ban hành"
    detail_en = "Draft another plan that names this one as its parent."
    detail_vi = "Hãy soạn kế hoạch khác và nêu kế hoạch này là kế hoạch gốc."


class PlanWithoutTargets(Problem):
    """A plan without a single target cannot be issued."""

    status = 409
    title_en, title_vi = "The plan has no target", "Kế hoạch chưa có chỉ tiêu"
    detail_en = "Add a target first."
    detail_vi = "Hãy thêm ít nhất một chỉ tiêu."


class TargetIncoherent(Problem):
    """An operator needs a value and a value an operator; an audience needs `counts` to be `participants`."""

    status = 409
    title_en, title_vi = "The target contradicts itself", "Chỉ tiêu không nhất quán"
    detail_en = "Send operator and value together; an audience only with `counts` as `participants`."
    detail_vi = "Hãy gửi cả toán tử và giá trị; chỉ nêu đối tượng khi `counts` là `participants`."
    constraints = ("plan_targets_value_check", "plan_targets_audience_check")
