"""What can be wrong with a report or with a step on it."""

from typing import ClassVar, Final

from childcare_api.shared.problems import Problem, Spoken
from childcare_api.units.labels import told_in

_NEXT: Final = {
    "received": Spoken(
        "Acknowledge it (`POST /intakes/{id}/acknowledge`), then assess it.",
        "Hãy xác nhận thông tin (`POST /intakes/{id}/acknowledge`), sau đó đánh giá ban đầu.",
    ),
    "acknowledged": Spoken(
        "Assess it first: `POST /intakes/{id}/assess`.",
        "Trước hết hãy đánh giá ban đầu: `POST /intakes/{id}/assess`.",
    ),
    "assessed": Spoken(
        "Open a case (`POST /intakes/{id}/open-case`), let it join one (`POST /intakes/{id}/join-case`), or put it"
        " aside with a reason (`POST /intakes/{id}/dismiss`).",
        "Hãy mở hồ sơ (`POST /intakes/{id}/open-case`), ghép vào hồ sơ đang có (`POST /intakes/{id}/join-case`), hoặc"
        " kết thúc thông tin với lý do (`POST /intakes/{id}/dismiss`).",
    ),
    "case_opened": Spoken(
        "Go on in its case; what was learned later is added to the report (`POST /intakes/{id}/updates`).",
        "Hãy tiếp tục trong hồ sơ; nội dung mới thì bổ sung vào thông tin (`POST /intakes/{id}/updates`).",
    ),
    "dismissed": Spoken(
        "If something new was learned, take it up again first: `POST /intakes/{id}/re-examine`.",
        "Nếu có nội dung mới, trước hết hãy xem xét lại thông tin: `POST /intakes/{id}/re-examine`.",
    ),
    "withdrawn": Spoken(
        "Who told it took it back; what is to be acted on is taken in as a report of its own (`POST /intakes`).",
        "Nơi cung cấp đã rút lại; nội dung cần xử lý thì tiếp nhận thành một thông tin riêng (`POST /intakes`).",
    ),
    "entered_in_error": Spoken(
        "What is to be acted on is taken in as a report of its own (`POST /intakes`).",
        "Nội dung cần xử lý thì tiếp nhận thành một thông tin riêng (`POST /intakes`).",
    ),
}
"""What can be done with a report that stands so, where the step that was tried cannot."""


class IntakeStatusForbids(Problem):
    """The report stands where this step does not follow; `intake_status` says where, `detail` what can be done."""

    status = 409
    title_en, title_vi = "The report's status forbids this", "Trạng thái thông tin không cho phép"
    detail_en = "The report's status is “{intake_status_en}”; this step does not follow from there. {next_en}"
    detail_vi = "Thông tin đang ở trạng thái “{intake_status_vi}”; không thể thực hiện bước này. {next_vi}"
    spoken: ClassVar = {"intake_status": told_in("intake_statuses")}

    def _words(self) -> dict[str, str]:
        follows = _NEXT[str(self.members["intake_status"])]
        return {**super()._words(), "next_en": follows.en, "next_vi": follows.vi}


_NOT_REFUTED: Final = {
    "not_assessed": Spoken(
        "Danger to a child was told, and no initial assessment judged it: acknowledge the report and assess it first"
        " (`POST /intakes/{id}/assess`), also of a test or a slip: it says that there is none. What tells of the same"
        " as another report then joins its case (`POST /intakes/{id}/join-case`); one that was written down twice is"
        " marked as an error by naming the other (`POST /intakes/{id}/entered-in-error`, `same_as_id`).",
        "Thông tin cho biết trẻ em gặp nguy hiểm mà chưa được đánh giá ban đầu: trước hết hãy xác nhận và đánh giá ban"
        " đầu (`POST /intakes/{id}/assess`), kể cả khi nhập thử hoặc ghi nhầm: đánh giá ghi rõ không có nguy hiểm. Nếu"
        " người khác báo cùng sự việc thì sau đó ghép vào hồ sơ đang có (`POST /intakes/{id}/join-case`); nếu một thông"
        " tin được nhập hai lần thì đánh dấu ghi nhầm và nêu thông tin còn lại (`POST /intakes/{id}/entered-in-error`,"
        " `same_as_id`).",
    ),
    "danger_found": Spoken(
        "The last initial assessment found the child in danger: open a case (`POST /intakes/{id}/open-case`) or let the"
        " report join one (`POST /intakes/{id}/join-case`). If it proved otherwise, assess it anew"
        " (`POST /intakes/{id}/assess`).",
        "Đánh giá ban đầu gần nhất kết luận cần can thiệp khẩn cấp: hãy mở hồ sơ (`POST /intakes/{id}/open-case`) hoặc"
        " ghép vào hồ sơ đang có (`POST /intakes/{id}/join-case`). Nếu xác minh thấy khác, hãy đánh giá lại"
        " (`POST /intakes/{id}/assess`).",
    ),
}


class EmergencyNotRefuted(Problem):
    """No initial assessment found the emergency of the report unfounded (NĐ 56/2017, Điều 26.2, 26.3).

    `why` says whether it was `not_assessed`, also where danger was told since, or the last one was `danger_found`.
    """

    status = 409
    title_en, title_vi = "The emergency was not found unfounded", "Chưa có đánh giá xác định không có nguy hiểm"
    detail_en = "It can be neither put aside nor marked as an error. {why_en}"
    detail_vi = "Chưa thể kết thúc hoặc đánh dấu ghi nhầm thông tin. {why_vi}"
    spoken: ClassVar = {"why": _NOT_REFUTED.__getitem__}


class NoCaseOpen(Problem):
    """Every case on the report is closed, or the report was an error: nobody would work on what is new."""

    status = 409
    title_en, title_vi = "No case on this report is open", "Không còn hồ sơ nào đang mở cho thông tin này"
    detail_en = "Have a case reopened first, or take what is new in as a report of its own."
    detail_vi = "Hãy mở lại hồ sơ trước, hoặc tiếp nhận nội dung mới thành một thông tin riêng."


class ToldFromElsewhere(Problem):
    """A hotline or another office told it: they take it back themselves (`takes_back`), and nobody does it for them."""

    status = 409
    title_en, title_vi = "Others told this", "Nội dung do nơi khác cung cấp"
    detail_en = (
        "It is marked as an error once who told it takes it back. If you found otherwise, add that to the report"
        " (`POST /intakes/{id}/updates`); an initial assessment or a measure answers the danger."
    )
    detail_vi = (
        "Chỉ đánh dấu ghi nhầm sau khi nơi cung cấp tự rút lại. Nếu xác minh thấy khác, hãy bổ sung vào thông tin"
        " (`POST /intakes/{id}/updates`); đánh giá ban đầu hoặc biện pháp đã thực hiện là trả lời cho nguy hiểm đó."
    )


class PlaceUnknown(Problem):
    """A report can only be handed over to a place that is known to lie in some province."""

    status = 409
    title_en, title_vi = "The place is not known", "Chưa xác định được địa bàn"
    detail_en, detail_vi = "Name a commune or a province.", "Hãy nêu xã, phường hoặc tỉnh, thành phố."


class AlreadyThere(Problem):
    """The report stands with that office already."""

    status = 409
    title_en, title_vi = "It is there already", "Thông tin đã ở đơn vị đó"
    detail_en = "The office you name has the report already; name another place."
    detail_vi = "Đơn vị được nêu đang giữ thông tin này; hãy nêu nơi khác."


class ReasonRequired(Problem):
    """Breaking the seal needs `X-Action-Reason`, which is stored for the inspectors."""

    status = 400
    title_en, title_vi = "X-Action-Reason is required", "Cần có X-Action-Reason"
    detail_en = "Say in `X-Action-Reason` why you need to know."
    detail_vi = "Hãy nêu lý do trong `X-Action-Reason`."
