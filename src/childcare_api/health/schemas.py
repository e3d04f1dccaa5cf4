"""Answers of the service about itself."""

from typing import Literal

from childcare_api.shared.schemas import Answer


class Health(Answer):
    """That it runs, or that it is ready."""

    status: Literal["ok"]
