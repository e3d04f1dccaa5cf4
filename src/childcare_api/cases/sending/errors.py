"""What can go wrong with telling somebody of a decision."""

from childcare_api.shared.problems import Problem


class DecisionNotInForce(Problem):
    """Only the decision in force is sent; this one was entered in error, or another took its place."""

    status = 409
    title_en, title_vi = "This decision is not in force", "Quyết định này không còn hiệu lực"
    detail_en = "Send the decision that took its place; `GET …/intervention-plans` and `GET …/placements` show which."
    detail_vi = "Hãy gửi quyết định thay thế; xem `GET …/intervention-plans`, `GET …/placements`."
