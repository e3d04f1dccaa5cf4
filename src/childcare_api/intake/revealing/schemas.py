"""What stands under the seal of a report."""

from childcare_api.intake.receiving.schemas import Relation, ReporterKind
from childcare_api.shared.schemas import Answer


class ReporterOut(Answer):
    """Who reported, with the seal broken."""

    kind: ReporterKind | None
    full_name: str | None
    phone: str | None
    address: str | None
    relation: str | None


class RevealedHarmDoer(Answer):
    """Who is said to have done the harm."""

    relation: Relation | None
    cares_for_child: bool | None
    full_name: str | None
    description: str | None


class HarmDoerList(Answer):
    """Everybody who is said to have done the harm."""

    items: list[RevealedHarmDoer]
