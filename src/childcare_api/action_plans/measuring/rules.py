"""When a target is met, and what a measurement of it must look like. Pure."""

from typing import Literal

ValueType = Literal["percent", "count", "money", "words"]
PERCENT_MOST = 100


def value_type(*, value: float | None, measure_unit: str | None) -> ValueType:
    """Return what a target is measured in: its unit says so, and a goal without a number is described in words."""
    if measure_unit == "%":
        return "percent"
    if measure_unit == "VND":
        return "money"
    return "words" if value is None else "count"


def fits(kind: ValueType, value: float | None, finding: str | None) -> bool:
    """Say whether a measurement is of the target's type. Words may stand beside any number."""
    if kind == "words":
        return finding is not None
    if value is None or value < 0:
        return False
    return value <= PERCENT_MOST if kind == "percent" else value == int(value)


def is_met(operator: str | None, goal: float | None, value: float | None) -> bool | None:
    """Say whether a value meets a target; None where there is nothing to compare.

    A plan that says "tổ chức 09 lớp" or "100 %" sets what must be reached, so `=` is met by more as well.
    """
    if operator is None or goal is None or value is None:
        return None
    return {
        "=": value >= goal,
        ">=": value >= goal,
        ">": value > goal,
        "<=": value <= goal,
        "<": value < goal,
    }[operator]
