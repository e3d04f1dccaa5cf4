"""A unit or code that a report names and no list has: it is kept in words, and whoever named it is told."""

from childcare_api.intake.receiving.schemas import PlaceNoticeOut
from childcare_api.units.queries import ResolvedPlace
from childcare_api.units.schemas import PlaceIn


def words_of(said: PlaceIn | None, place: ResolvedPlace | None) -> str | None:
    """Return the place in words, with what was named in vain."""
    if said is None or place is None:
        return None
    if place.found:
        return place.text
    named = said.province or said
    kept = f"mã đơn vị {named.unit_id}"
    if named.unit_id is None:
        kept = f"mã hành chính {named.code}" + ("" if named.as_of is None else f" (ngày {named.as_of:%d/%m/%Y})")
    return "; ".join(one for one in (place.text, f"{kept}: không có trong danh mục") if one is not None)


def notices_of(said: PlaceIn | None, place: ResolvedPlace | None) -> list[PlaceNoticeOut]:
    """Return what to tell whoever named the place: a report is never refused for it."""
    if said is None or place is None or place.found:
        return []
    named = said.province or said
    return [
        PlaceNoticeOut(
            code="place_unknown",
            pointer=("/place" if said.province is None else "/place/province")
            + ("/code" if named.unit_id is None else "/unit_id"),
            message_vi="Không có đơn vị nào mang mã này; mã đã nêu được giữ lại bằng lời. Hãy nêu địa bàn đúng.",
            message_en="No unit has this id or code; what was named is kept in words. Tell the right place.",
        )
    ]
