"""A child in a facility, or in the care that a court decided on: who decided has a paper of their own, not here."""

from datetime import date

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.decisions import CHAIR
from childcare_api.exchange.papers.paper import Column
from childcare_api.exchange.papers.queries import Material

TITLE = "Chăm sóc thay thế tại cơ sở, theo quyết định của Tòa án (Luật Trẻ em, Điều 66, 67; Điều 45, 48)"
COLUMNS = (
    Column("Quyết định", 3.2),
    Column("Cơ quan quyết định", 3.4),
    Column("Nội dung", 5.4),
)
_UNNAMED = "cơ sở trợ giúp xã hội"
_CARER = "người nhận chăm sóc thay thế"
_GIVEN, _ENDED, _ENDED_WITH = "Giao trẻ em cho", "Chấm dứt việc chăm sóc tại", "Chấm dứt việc chăm sóc thay thế của"


def decisions_on_facilities(material: Material) -> list[tuple[str | None, ...]]:
    """Return each decision on a facility or of a court, and each end of such care: number and day, who, and what."""
    rows: list[tuple[str | None, ...]] = []
    ends = {one.about_id: one for one in material.steps(StepKind.PLACEMENT_ENDED)}
    for step in material.steps(StepKind.PLACEMENT):
        found = material.details.get(step.id)
        if not isinstance(found, CasePlacement):
            continue
        listed = material.facilities.lists.get(step.id)
        if listed is not None and listed.ended_on is not None:
            what = f"{_ENDED} {listed.place or _UNNAMED} (trẻ em trong danh sách của cơ sở)"
            rows.append((_decision(listed.end_decision_number, listed.ended_on), "Cơ quan quản lý cơ sở", what))
        if found.provider_id is None and found.decided_by != "court":
            continue
        place = _place(material, step, found)
        ground = _amid(material.words.of("facility_grounds", found.facility_ground))
        begins = f"từ {wording.long_day(found.starts_on)}" + (f". Lý do: {ground}" if ground else "")
        rows.append(
            (
                _decision(found.decision_number, found.decided_on),
                _authority(material, step, found),
                f"{_GIVEN} {place}, {begins}",
            )
        )
        ended = ends.get(step.id)
        end = None if ended is None else material.details.get(ended.id)
        if isinstance(end, CasePlacementEnd):
            why = _amid(material.words.of("placement_end_grounds", end.ground))
            goes_to = _amid(material.words.of("placement_destinations", end.goes_to))
            rows.append(
                (
                    _decision(end.decision_number, end.ended_on),
                    # Who decided on it decides on its end (Luật Trẻ em, Điều 69.4); of a death nobody does.
                    "–" if end.decision_number is None else _authority(material, step, found),
                    f"{_ENDED if found.provider_id else _ENDED_WITH} {place}. Lý do: {why}. Nơi trẻ em đến: {goes_to}",
                )
            )
    return rows


def _place(material: Material, step: CaseStep, found: CasePlacement) -> str:
    if found.provider_id is not None:
        return str(material.facilities.places.get(step.id, _UNNAMED))
    carer = None if found.carer_id is None else material.carers.get(found.carer_id)
    return _CARER if carer is None else carer.full_name


def _decision(number: str | None, day: date) -> str:
    return "\n".join(part for part in (number, f"Ngày {wording.short_day(day)}") if part)


def _authority(material: Material, step: CaseStep, found: CasePlacement) -> str:
    unit = material.unit(step.origin_commune_id)
    return found.issuer or f"{CHAIR} {wording.inside(unit)}"


def _amid(words: str | None) -> str:
    return "" if words is None else wording.amid(words)
