"""The two languages of everything a person reads here, chosen by Accept-Language."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def choose(accept_language: str | None) -> str:
    """Return "vi" or "en", whichever the header weighs higher; Vietnamese when it names neither."""
    weights: dict[str, float] = {}
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        language = tag.split("-")[0].strip()
        if language in {"vi", "en"}:
            weights[language] = max(weights.get(language, 0.0), _weight(parameter))
    return "en" if weights.get("en", 0.0) > weights.get("vi", 0.0) else "vi"


def _weight(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(number), 0.0), 1.0)
    except ValueError:
        return 0.0
