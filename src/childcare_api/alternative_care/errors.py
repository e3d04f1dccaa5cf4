"""What goes wrong with carers and their lists."""

from typing import ClassVar, Final

from childcare_api.shared.problems import Problem, Spoken, ValidationFailed
from childcare_api.shared.refusals import refused
from childcare_api.units.labels import told_in

_ANEW: Final = Spoken(
    "Who wishes to take children in again registers anew (`POST /carers`).",
    "Ai muốn nhận trẻ em trở lại thì đăng ký mới (`POST /carers`).",
)
_NEXT: Final = {
    "applied": Spoken(
        "Verify them first (`POST /carers/{id}/verifications`).",
        "Trước hết hãy xác minh điều kiện (`POST /carers/{id}/verifications`).",
    ),
    "verified": Spoken(
        "The leader approves or refuses it (`POST /carers/{id}/approve`, `…/refuse`).",
        "Lãnh đạo xã phê duyệt hoặc từ chối (`POST /carers/{id}/approve`, `…/refuse`).",
    ),
    "listed": Spoken(
        "Who is on the list is struck off (`POST /carers/{id}/strike-off`) or withdraws (`…/withdraw`).",
        "Người có trong danh sách thì được đưa ra (`POST /carers/{id}/strike-off`) hoặc rút đăng ký (`…/withdraw`).",
    ),
}
"""What can be done where a registration stands; one that has ended is followed by a new one."""


class CarerNotInState(Problem):
    """The carer's registration does not take such a step now; `carer_status` says where it stands."""

    status = 409
    title_en, title_vi = "Not a step for this registration now", "Đăng ký chưa ở bước này"
    detail_en = "The registration's status is “{carer_status_en}”; this step is not possible now. {next_en}"
    detail_vi = "Đăng ký đang ở trạng thái “{carer_status_vi}”; chưa thể thực hiện bước này. {next_vi}"
    spoken: ClassVar = {"carer_status": told_in("carer_statuses")}

    def _words(self) -> dict[str, str]:
        follows = _NEXT.get(str(self.members["carer_status"]), _ANEW)
        return {**super()._words(), "next_en": follows.en, "next_vi": follows.vi}


class CarerNotReady(Problem):
    """The carer cannot be listed yet: `missing` names each thing the law asks for, with its article.

    `supplied_by` of each says which operation gives it, and in which field.
    """

    status = 409
    title_en, title_vi = "The carer does not meet the conditions yet", "Chưa đủ điều kiện nhận chăm sóc thay thế"
    detail_en = "See `missing` for what is lacking, and `supplied_by` of each for where it is given."
    detail_vi = "Xem `missing` để biết còn thiếu gì, và `supplied_by` của từng mục để biết ghi ở đâu."


class CarerHasChildren(Problem):
    """Children are in the care of this carer: it is ended by decision first, but for who harmed a child."""

    status = 409
    title_en, title_vi = "Children are in their care", "Đang có trẻ em được người này chăm sóc thay thế"
    detail_en = (
        "{children} still there: end their care first (`end_placement`). Who"
        " harmed a child is struck off at once (`harmed_a_child`)."
    )
    detail_vi = (
        "Còn {children} trẻ em: hãy quyết định chấm dứt việc chăm sóc thay thế trước. Riêng người xâm hại trẻ em thì"
        " xóa đăng ký ngay (`harmed_a_child`)."
    )


class CarerListSent(Problem):
    """The commune's list of this quarter was sent before."""

    status = 409
    title_en, title_vi = "The list of this quarter was sent", "Danh sách quý này đã được gửi"
    detail_en = "Read it at `GET /carer-lists`; what changed since goes into the next quarter's."
    detail_vi = "Hãy xem tại `GET /carer-lists`; thay đổi sau đó đưa vào danh sách quý sau."
    constraints = ("carer_lists_commune_id_year_quarter_key",)


def not_an_adult() -> ValidationFailed:
    """Return the problem of a carer who is not yet 18: no relative may be (Luật Trẻ em, Điều 63.2 d), nor anybody."""
    return refused(
        "/born_on",
        "not_an_adult",
        "A carer must be an adult, a relative too (Luật Trẻ em, Điều 63.2 a and d). The age itself is not checked"
        " against a text of the law: see `carer.adult` of `GET /limits`.",
        "Người nhận chăm sóc thay thế phải là người thành niên, kể cả người thân thích (Luật Trẻ em, điểm a và d"
        " khoản 2 Điều 63). Tuổi thành niên chưa được đối chiếu với văn bản luật: xem `carer.adult` tại `GET /limits`.",
    )


def on_no_list() -> ValidationFailed:
    """Return the problem of a carer who is named where only one of a list in force is: the same for whoever is none."""
    return refused(
        "/carer_id",
        "no_such_record",
        "There is no such carer on a list in force of the commune that is meant (Mẫu 09): not approved, not sent with a"
        " list yet, withdrawn, or struck off. See the candidates that are offered.",
        "Không có người này trong danh sách đang có hiệu lực (Mẫu 09) của xã được nêu: chưa được phê duyệt, chưa được"
        " gửi theo danh sách, đã rút hoặc đã bị xóa đăng ký. Hãy xem những người được giới thiệu để lựa chọn.",
    )


def carer_of_another() -> ValidationFailed:
    """Return the problem of a carer who is no one of the deciding commune: theirs decides (NĐ 56/2017, Điều 42.5)."""
    return refused(
        "/carer_id",
        "no_such_record",
        "There is no such carer in this commune. The commune of a carer who lives elsewhere decides: ask it"
        " (`POST …/placement-requests`).",
        "Xã này không có người nhận chăm sóc như vậy. Người cư trú ở xã khác thì xã đó quyết định: hãy gửi đề nghị"
        " (`POST …/placement-requests`).",
    )
