"""Bodies of what ends a registration."""

from typing import Self

from pydantic import Field, model_validator

from childcare_api.alternative_care.schemas import EndGround, Why
from childcare_api.shared.schemas import Command, unfit


class StrikeCarerOff(Command):
    """End a registration, with the ground and what makes it one here."""

    ground: EndGround
    reason: Why | None = Field(default=None, description="Asked for with `other`.")

    @model_validator(mode="after")
    def _says_what_else(self) -> Self:
        if self.ground == "other" and self.reason is None:
            raise unfit(
                "reason_missing", "State the ground in words.", "Nêu rõ lý do khi chọn lý do khác.", at="reason"
            )
        return self


class WithdrawCarer(Command):
    """Write down that a carer no longer wishes to take children in."""

    reason: Why | None = None


class RefuseCarer(Command):
    """Refuse an application, with the reason that is told to the carer."""

    reason: Why
