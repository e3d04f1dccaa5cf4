"""What to think of where a case is kept secret: who is named, whose cases tell the same, who else has the child."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import Confidentiality
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.guarding import queries
from childcare_api.cases.guarding.schemas import SecrecyNoticeOut
from childcare_api.cases.placing.keeping import followed_elsewhere

_NOBODY_NAMED: Final = SecrecyNoticeOut(
    code="no_recipients",
    pointer="/recipients",
    case_ids=[],
    commune_ids=[],
    message_vi="Chỉ lãnh đạo xã và người đã mở hồ sơ tại xã xem được hồ sơ niêm phong này.",
    message_en="Only the commune's leader and whoever opened the case there see this sealed case.",
)
_SIBLINGS_TELL_IT: Final = SecrecyNoticeOut(
    code="siblings_tell_it",
    pointer="/level",
    case_ids=[],
    commune_ids=[],
    message_vi="Hồ sơ của trẻ khác trong cùng tin báo có mức bảo mật thấp hơn và vẫn ghi nội dung tin báo.",
    message_en="Cases of other children of the same report are less secret, and tell what was reported.",
)
_FOLLOWED_ELSEWHERE: Final = SecrecyNoticeOut(
    code="followed_elsewhere",
    pointer="/level",
    case_ids=[],
    commune_ids=[],
    message_vi="Xã khác đang theo dõi trẻ em được người của xã đó chăm sóc, hoặc chưa trả lời đề nghị: ở đó chỉ lãnh"
    " đạo xã và những người lãnh đạo xã đó nêu tên (có `grant_id` trong `recipients`) xem được phần liên quan đến việc"
    " chăm sóc.",
    message_en="Another commune follows the child in the care of a carer there, or is to answer for one: there its"
    " leader alone sees what concerns that care, and whom that leader names (with a `grant_id` in `recipients`).",
)
_UNSEEN_ELSEWHERE: Final = SecrecyNoticeOut(
    code="unseen_elsewhere",
    pointer="/level",
    case_ids=[],
    commune_ids=[],
    message_vi="Ở xã đang theo dõi trẻ em hiện không ai xem được hồ sơ: xã đó chưa có người, hoặc những người lẽ ra xem"
    " được thì không được xem. Không ai đến thăm trẻ em; hãy trao đổi với xã đó, với tỉnh, hoặc chuyển hồ sơ niêm phong"
    " sang mức `sensitive`.",
    message_en="In the commune that follows the child nobody sees the case now: nobody is there who could, or all of"
    " them are kept from it. Nobody visits the child; speak with that commune or the province, or make a sealed case"
    " `sensitive`.",
)


async def notices_of(session: AsyncSession, file: CaseFile, told: Collection[UUID]) -> list[SecrecyNoticeOut]:
    """Return what to think of with the level that a case has; `told` are its own recipients who still work there."""
    case, found = file.case, []
    followers = await followed_elsewhere(session, file)
    if case.confidentiality == Confidentiality.SEALED:
        found += [] if told else [_NOBODY_NAMED]
        found += [_FOLLOWED_ELSEWHERE.model_copy(update={"commune_ids": followers})] if followers else []
    unseen = await queries.unseen_in(session, case, followers)
    found += [_UNSEEN_ELSEWHERE.model_copy(update={"commune_ids": unseen})] if unseen else []
    siblings = await queries.less_secret_siblings(session, case)
    return [*found, *([_SIBLINGS_TELL_IT.model_copy(update={"case_ids": siblings})] if siblings else [])]
