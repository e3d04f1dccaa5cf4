"""Whether a decision answers a facility's list: for the child that stands there, with the carer it was sent for."""

from typing import cast
from uuid import UUID

from childcare_api.alternative_care.facility_lists.models import FacilityChild
from childcare_api.cases.opening.rules import Described, called, differing, years_of
from childcare_api.cases.placing.queries import Placing
from childcare_api.children.rules import Precision
from childcare_api.shared import clock
from childcare_api.shared.refusals import refused


def guard_same_carer(listed: FacilityChild, carer_id: UUID | None) -> None:
    """Refuse to answer a list with somebody else than the carer whom the province found to fit (Điều 45.2, 45.4)."""
    if carer_id != listed.carer_id:
        raise refused(
            "/carer_id",
            "carer_differs",
            "The province appraised this child for another carer of yours: decide on that one (`GET"
            " /facility-children/{id}`), or decline, and the province appraises it anew.",
            "Cấp tỉnh đã thẩm định cho người nhận chăm sóc khác của xã: hãy quyết định về người đó (`GET"
            " /facility-children/{id}`), hoặc từ chối để cấp tỉnh thẩm định lại.",
        )


def guard_same_child(placing: Placing, listed: FacilityChild, same_child_reason: str | None) -> None:
    """Refuse to answer a list for another child, unless it is said why it is the same one.

    By the decision the province ends the care of whoever stands there: a notice afterwards would come too late.
    """
    case, child, today = placing.file.case, placing.child, clock.today()
    born = None if child is None else years_of(child.on, child.precision, None, today)
    written = years_of(listed.born_on, cast("Precision", listed.born_on_precision), None, today)
    differs = differing(
        Described(case.child_name, case.child_sex, born), Described(listed.full_name, listed.sex, written)
    )
    if not differs or same_child_reason is not None:
        return
    vietnamese, english = called(differs)
    raise refused(
        "/facility_child_id",
        "child_differs",
        f"The child of the list differs from the child of the case in: {english}. Choose the right one; if it is the"
        " same child, say why in `same_child_reason`.",
        f"Trẻ em trong danh sách khác với trẻ em của hồ sơ: {vietnamese}. Hãy chọn đúng trẻ em; nếu là cùng một trẻ em"
        " thì nêu lý do tại `same_child_reason`.",
    )
