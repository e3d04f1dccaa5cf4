"""What usually follows a state, in both languages, and what each command asks for beyond it, in Vietnamese."""

from dataclasses import dataclass
from typing import Final

from childcare_api.cases.file.models import CaseStatus


@dataclass(frozen=True, slots=True)
class State:
    """Where the law speaks of a state, and what usually follows it. People decide."""

    article: str
    follows_vi: str
    follows_en: str


STATES: Final[dict[CaseStatus, State]] = {
    CaseStatus.OPENED: State("Luật Trẻ em Điều 52.2", "đánh giá nguy cơ cụ thể", "the detailed assessment"),
    CaseStatus.ASSESSED: State(
        "NĐ 56/2017 Điều 27.1", "họp xác định nhu cầu, sau đó lập kế hoạch", "the meeting, then the plan"
    ),
    CaseStatus.PLANNING: State("NĐ 56/2017 Điều 28.1, 28.3", "trình kế hoạch kèm hồ sơ", "submission with the dossier"),
    CaseStatus.AWAITING_DECISION: State(
        "NĐ 56/2017 Điều 28.2, 28.4", "quyết định của lãnh đạo", "the leader's decision"
    ),
    CaseStatus.IMPLEMENTING: State(
        "NĐ 56/2017 Điều 29", "thực hiện dịch vụ, điều chỉnh, rà soát", "services, adjustments, the review"
    ),
    CaseStatus.REPLANNING: State(
        "NĐ 56/2017 Điều 30.1 c", "lập kế hoạch mới, tính từ lần rà soát", "a new plan, from the review on"
    ),
    CaseStatus.READY_TO_CLOSE: State(
        "NĐ 56/2017 Điều 30.1 b", "lãnh đạo kết thúc kế hoạch", "the leader ends the plan"
    ),
    CaseStatus.CLOSED: State(
        "NĐ 56/2017 Điều 30.3", "không có việc gì, trừ khi lại phát sinh nguy cơ", "nothing, unless risk shows again"
    ),
    CaseStatus.ENTERED_IN_ERROR: State("–", "không có việc gì", "nothing"),
}

IN_DANGER: Final = State(
    "NĐ 56/2017 Điều 26.3, 31.2",
    "bảo vệ trẻ em ngay: còn tình huống khẩn cấp chưa ai can thiệp; xử lý xong mới kết thúc",
    "the child's protection at once: an emergency came in and nobody intervened; only then the end",
)
"""Instead of a state's own, while an emergency keeps a case from ending."""


def protect_first(state: State) -> State:
    """Return what follows in an open case while an emergency waits for its intervention: that first, then its own."""
    return State(
        IN_DANGER.article,
        "can thiệp khẩn cấp hoặc tạm thời cách ly ngay, trong vòng 12 giờ từ khi nhận thông tin, và ghi lại"
        f" (`record_emergency_measure`, `decide_separation`); sau đó {state.follows_vi} ({state.article})",
        "the emergency measure or the separation at once, within 12 hours of the information, and its record"
        f" (`record_emergency_measure`, `decide_separation`); then {state.follows_en} ({state.article})",
    )


HARMED_IN_CARE: Final = State(
    "Luật Trẻ em Điều 69.1 b, 69.2; NĐ 56/2017 Điều 31.2",
    "chuyển ngay trẻ em ra khỏi cá nhân, gia đình nhận chăm sóc thay thế đã xâm hại trẻ em, bảo vệ trẻ em, quyết định"
    " chấm dứt việc chăm sóc đó; nếu hồ sơ đã kết thúc thì mở lại",
    "the child's move at once out of the care of who harmed it, its protection, and the decision that ends this care; a"
    " closed case is opened again",
)
"""Instead of any state's own, while a child is in the care of a carer who harmed it."""

DIED_IN_CARE: Final = State(
    "– (không quy định bước này)",
    "ghi nhận việc trẻ em tử vong: việc chăm sóc thay thế đã được chấm dứt vì trẻ em tử vong; nếu không đúng thì đánh"
    " dấu ghi nhầm lần chấm dứt đó",
    "the child's death to be recorded: its care was ended because it died; or that end is marked as entered in error",
)
"""Instead of any state's own, while the commune of a carer has ended care by a death that who leads did not record."""

_KEPT = "việc chăm sóc đang thực hiện do xã này theo dõi"

NEEDS_VI: Final[dict[str, str]] = {
    "decide_separation": "chưa có quyết định cách ly khác đang hiệu lực, nhiều nhất 15 ngày, có nơi ở an toàn;"
    " lãnh đạo xã nơi trẻ em cư trú hoặc nơi xảy ra vụ việc",
    "extend_separation": "quyết định cách ly đang hiệu lực; quá 15 ngày tổng cộng thì cần văn bản của cơ quan có thẩm"
    " quyền yêu cầu",
    "cancel_separation": "quyết định cách ly đang hiệu lực, đánh giá sau đó kết luận nơi chăm sóc an toàn, và không có"
    " quyết định của Tòa án còn cách ly trẻ em",
    "record_court_order": "đề nghị Tòa án chưa có trả lời, hoặc quyết định của Tòa án mà Tòa án thay đổi, hủy bỏ"
    " (`changes_order`)",
    "record_court_refusal": "đề nghị Tòa án chưa có trả lời; lý do",
    "withdraw_court_request": "đề nghị Tòa án chưa có trả lời; lý do",
    "answer_proceeding": "việc cơ quan có thẩm quyền yêu cầu mà chưa làm; đã làm gì, hoặc vì sao không",
    "record_release_prepared": "thông báo mới nhất chưa chuẩn bị tiếp nhận; kế hoạch đang có hiệu lực",
    "record_assessment": "nguyện vọng của trẻ em hoặc lý do chưa hỏi; không lấy ý kiến người gây tổn hại",
    "record_meeting": "biên bản và thành phần dự họp",
    "draft_plan": "không có phiên bản khác đang soạn",
    "adjust_plan": "kế hoạch đang có hiệu lực, và lý do",
    "change_plan": "bản đang soạn, chưa từng trình",
    "revise_plan": "phiên bản bị trả lại",
    "submit_plan": "bản đang soạn có hồ sơ đầy đủ",
    "return_plan": "phiên bản đã trình",
    "approve_plan": "phiên bản đã trình, số và ngày quyết định; trẻ em ở cơ sở thì người đứng đầu cơ sở đã thống nhất",
    "send_decision": "quyết định phê duyệt kế hoạch đang có hiệu lực, khi đang thực hiện hoặc đủ điều kiện kết thúc;"
    " hoặc quyết định của xã này giao trẻ em của cơ sở cho người nhận chăm sóc, gửi đến cơ sở đó và người có thẩm quyền"
    " chấm dứt việc chăm sóc tại cơ sở",
    "record_plan_refusal": "quyết định đang có hiệu lực; ai từ chối, và đã giải thích những gì",
    "end_plan_refusal": "việc từ chối chưa chấm dứt; căn cứ",
    "record_service": "kế hoạch đang có hiệu lực; lý do, nếu dịch vụ bị dừng",
    "record_review": "kế hoạch đang có hiệu lực",
    "close_case": "kết quả rà soát không còn nguy cơ và trẻ em ổn định, hoặc trẻ em đã tử vong hay đủ 16 tuổi; không có"
    " tình huống khẩn cấp nào mà chưa ai can thiệp, không còn do người đã xâm hại mình chăm sóc (trừ khi trẻ em đã tử"
    " vong); không còn quyết định cách ly đang hiệu lực, không có đề nghị đang chờ trả lời, việc cơ quan có thẩm quyền"
    " yêu cầu mà chưa làm hay việc trở về chưa chuẩn bị, quyết định đã gửi đủ nơi nhận (trừ khi trẻ em đã tử vong hay"
    " đủ 16 tuổi)",
    "reopen_case": "lý do; trẻ em còn sống và chưa ghi nhận đủ 16 tuổi",
    "record_death": "chưa ghi nhận trước đó",
    "record_sixteenth": "chưa ghi nhận trước đó; ngày sinh đã biết hoặc tuổi ước đoán không cho thấy điều khác",
    "join_other_case": "hồ sơ khác đang mở của xã về cùng trẻ em; hồ sơ này không có quyết định cách ly đang hiệu lực,"
    " không có đề nghị đang chờ trả lời, không có việc chăm sóc thay thế đang thực hiện",
    "ask_referral": "một nơi nhận, sự đồng ý hoặc căn cứ khi không có; chỉ gửi kèm phần hồ sơ khi có dịch vụ của kế"
    " hoạch đang hiệu lực",
    "write_down_referral_answer": "nơi nhận không phải là xã; nêu người trả lời (xã được đề nghị thì tự trả lời)",
    "withdraw_case_referral": "đề nghị chưa bị từ chối và chưa thực hiện xong",
    "offer_case_transfer": "xã khác nơi trẻ em cư trú, sự đồng ý hoặc căn cứ khi không có; không có đề nghị khác đang"
    " chờ",
    "withdraw_case_transfer": "đề nghị đang chờ trả lời",
    "record_care_needs": "từ đủ 07 tuổi: nguyện vọng của trẻ em, hoặc lý do chưa hỏi; trẻ em còn cha, mẹ hay không, căn"
    " cứ xác định",
    "record_care_papers": "số của từng giấy tờ, hoặc ai đã xem và nơi lưu giữ",
    "record_family_notice": "ngày và nơi đã thông báo, hoặc lý do không thông báo",
    "request_placement": "xã khác; nếu nêu người nhận chăm sóc thì phải có trong danh sách của"
    " xã đó và không phải người đã xâm hại trẻ em mà chưa được xác minh lại",
    "decline_placement": "là xã được đề nghị và chưa trả lời",
    "withdraw_placement_request": "là xã đang quản lý hồ sơ và xã được đề nghị chưa trả lời; lý do",
    "place_child": "trẻ em còn sống; nhu cầu và giấy tờ trong hồ sơ của trẻ em, ý kiến của trẻ từ đủ 07 tuổi; sự đồng ý"
    " bằng văn bản của người giám hộ (khoản 1 Điều 62) hoặc của cha, mẹ còn lại, hoặc lý do không cần; với trẻ"
    " thuộc khoản 2 Điều 62 là sự đồng ý đó hoặc quyết định của Tòa án;"
    " người nhận chăm sóc đủ điều kiện, người thân thích đã thành niên hoặc"
    " người hơn trẻ 20 tuổi, không phải người đã xâm hại trẻ em mà chưa được xác minh lại; sự thống nhất bằng văn bản"
    " của cơ sở mà trẻ em rời đi; khi đang cách ly, hoặc trẻ em bị bỏ"
    " rơi, không còn cha mẹ cần giao ngay, thì chỉ cần người nhận chăm sóc không bị xác định là không an toàn, phần còn"
    " thiếu được nêu rõ; xã của người nhận chăm sóc quyết định",
    "hand_child_over": "việc giao chăm sóc cho người của xã này; trước đó đã tiếp xúc hai lần; đã chấm dứt chăm"
    " sóc tại cơ sở (trừ khi giao ngay)",
    "record_placement_visit": f"{_KEPT}; trẻ em bị người chăm sóc xâm hại thì không đề xuất để trẻ em ở lại đó",
    "record_carer_report": _KEPT,
    "request_placement_end": _KEPT,
    "end_placement": f"{_KEPT}; quyết định; lý do `carer_harmed_child` khi lần thăm đã ghi nhận; chỉ đưa về gia đình"
    " khi đã hủy bỏ việc cách ly và không có quyết định của Tòa án giữ trẻ em xa gia đình",
    "revoke_grant": "quyền xem đang có hiệu lực, trừ khi xã khác cần để theo dõi trẻ em đang được chăm sóc tại đó hoặc"
    " để trả lời đề nghị",
    "exclude_person_from_case": "người khác làm việc tại xã, tỉnh hoặc tại xã được xem hồ sơ",
    "declare_conflict_in_case": "tại nơi được xem hồ sơ, chưa tự khai báo trước đó",
    "lift_exclusion_from_case": "việc không cho xem của người khác đang có hiệu lực",
    "set_case_confidentiality": "người nhận làm việc tại xã hoặc tỉnh",
    "enter_step_in_error": "quyền ghi chính bước đó; không phải bản đang soạn (thì sửa), quyền xem (thì thu hồi), bước"
    " mà việc kết thúc dựa vào, hay việc mở hồ sơ khi còn việc chưa xong",
}
"""What a command asks for, by its operation; beside the English of its row in `file/guards.py`."""
