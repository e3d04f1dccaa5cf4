"""Whose wishes an assessment asks for (NĐ 56/2017, Điều 27.1 g and h), and what the grid of harm adds up to."""

from collections import Counter
from collections.abc import Collection, Iterable

LEVELS = ("high", "medium", "low")
"""The levels of harm on Mẫu 02 and Mẫu 06: cao, trung bình, thấp."""


def asked_harm_doers(asked: Iterable[str], harm_doers: Collection[str]) -> list[str]:
    """Return which of those asked for their wishes are the harm-doers, whom Điều 27.1 h leaves out."""
    return sorted({relation for relation in asked if relation in harm_doers})


def totals(levels: Iterable[str | None]) -> dict[str, int]:
    """Return how often each level was found. A judgement aid: the officer concludes, not the sum."""
    found = Counter(level for level in levels if level is not None)
    return {level: found[level] for level in LEVELS}
