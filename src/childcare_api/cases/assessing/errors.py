"""What can go wrong with an assessment."""

from childcare_api.shared.problems import Problem


class HarmDoerIsNotAsked(Problem):
    """The wishes of parents and carers are asked for, but not of those who did the harm (NĐ 56/2017, Điều 27.1 h)."""

    status = 409
    title_en, title_vi = "A harm-doer is not asked for wishes", "Không lấy ý kiến người gây tổn hại"
    detail_en = "Leave the wishes of those who did the harm out of `carers_wishes`; `relations` names them."
    detail_vi = (
        "Hãy bỏ ý kiến của người gây tổn hại (xem `relations`) khỏi `carers_wishes`; chỉ ghi ý kiến của cha, mẹ, người"
        " chăm sóc khác."
    )
