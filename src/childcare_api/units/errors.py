"""What can go wrong with a place that somebody names."""

from childcare_api.shared.problems import Problem


class ResidenceUnknown(Problem):
    """It has to be known in which commune the child lives; the place that was sent names none, or a divided one."""

    status = 409
    title_en, title_vi = "The commune of residence is not known", "Chưa rõ xã nơi trẻ em cư trú"
    detail_en = "Name a commune of today, or a place in one: what was sent names none, or a commune since divided."
    detail_vi = "Hãy nêu xã, phường hiện hành hoặc nơi ở trong đó: nơi đã gửi không rõ xã, hoặc xã đã được chia."
