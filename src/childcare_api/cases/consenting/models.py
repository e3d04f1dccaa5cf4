"""The columns in which a consent is kept, or the ground without one."""

from datetime import date

from sqlalchemy import ARRAY, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

_STATED = (
    "(consent_ground IS NULL) = (cardinality(consent_by) > 0) AND (consent_ground IS NULL) = (consent_reason IS NULL)"
    " AND (consent_ground IS NULL) = (consent_on IS NOT NULL)"
)
_UNSTATED = "cardinality(consent_by) = 0 AND num_nonnulls(consent_on, consent_ground, consent_reason) = 0"


class Consented:
    """What the child or who answers for it agreed to, or the lawful ground on which it went ahead without them."""

    consent_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    consent_on: Mapped[date | None]
    consent_ground: Mapped[str | None]
    consent_reason: Mapped[str | None]


def consent_check() -> CheckConstraint:
    """Return the check that there is either a consent with its day or a ground with its reason."""
    return CheckConstraint(_STATED, name="consent")


def consent_check_or_none() -> CheckConstraint:
    """Return the same check where there may be neither, because the law asks nobody."""
    return CheckConstraint(f"{_STATED} OR {_UNSTATED}", name="consent")
