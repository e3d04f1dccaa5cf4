"""What in a review speaks against its own conclusion. People conclude, the grid does not: it is told, never refused."""

from typing import Final, NamedTuple, Protocol


class Notice(NamedTuple):
    """Something that looks wrong and may still be right: it is told, and nothing is refused for it."""

    code: str
    pointer: str
    message_vi: str
    message_en: str


class Reviewed(Protocol):
    """What of a review is compared."""

    harm_remaining: str
    harm_doer_access: str
    care_obstacles: str
    risk_remains: bool


_SAID_HIGH: Final = {
    "harm_remaining": ("Mức độ tổn hại của trẻ em", "The harm that remains"),
    "harm_doer_access": (
        "Khả năng tiếp cận trẻ em của đối tượng xâm hại",
        "How easily the harm-doer can reach the child",
    ),
    "care_obstacles": ("Trở ngại trong môi trường chăm sóc trẻ em", "Obstacles in the environment of care"),
}
"""The items of Mẫu 06 that speak of risk where they are high, as the form calls them."""


def doubts(review: Reviewed) -> list[Notice]:
    """Return what the grid says against the conclusion that no risk remains."""
    if review.risk_remains:
        return []
    return [
        Notice(
            "high_without_risk",
            f"/{item}",
            f"{vi} được đánh giá là cao, nhưng kết luận là không còn nguy cơ. Hãy xem lại trước khi kết thúc.",
            f"{en} was judged high, yet the conclusion is that no risk remains. Look at it again before closing.",
        )
        for item, (vi, en) in _SAID_HIGH.items()
        if getattr(review, item) == "high"
    ]
