"""What a commune that does not lead a case may do in it by the grants of the procedure, and what is next for it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.permissions import Permission
from childcare_api.cases.advising.words import State
from childcare_api.cases.file.commands import ALL, Guard
from childcare_api.cases.file.grants import OF_INCIDENT
from childcare_api.cases.file.guards import GUARDS
from childcare_api.cases.file.models import CaseGrant, CaseStatus, Confidentiality, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.placing import harm
from childcare_api.cases.placing import queries as placing
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.referring.models import CaseReferral, ReferralStatus
from childcare_api.cases.sending.queries import still_to_be_told_of
from childcare_api.cases.transferring.models import CaseTransfer, TransferStatus

_EXISTS = ALL - {CaseStatus.ENTERED_IN_ERROR}
ANSWERS: Final = (
    Guard(
        "answer_received_referral",
        StepKind.REFERRAL_ANSWERED,
        _EXISTS,
        Permission.CASE_WORK,
        "NĐ 56/2017 Điều 29.1 a, 29.2",
        "a referral to this commune that is neither declined nor done",
    ),
    Guard(
        "accept_case_transfer",
        StepKind.TRANSFER_ACCEPTED,
        _EXISTS,
        Permission.CASE_DECIDE,
        "Luật Trẻ em Điều 52.2",
        "an offer to this commune that waits for an answer",
    ),
    Guard(
        "decline_case_transfer",
        StepKind.TRANSFER_DECLINED,
        _EXISTS,
        Permission.CASE_DECIDE,
        "Luật Trẻ em Điều 52.2",
        "an offer to this commune that waits for an answer; the reason",
    ),
    Guard(
        "set_recipients_here",
        None,
        ALL,
        Permission.CASE_DECIDE,
        "NĐ 56/2017 Điều 24.3, 43.2",
        "a sealed case whose child a carer of this commune has, or is asked to take; people of this commune",
    ),
)
"""What is answered at an address of its own, since whoever is asked need not see the case; and who of the own people
sees a sealed one."""

NEEDS_VI: Final = {
    "answer_received_referral": "đề nghị gửi đến xã này, chưa bị từ chối và chưa thực hiện xong",
    "accept_case_transfer": "đề nghị chuyển hồ sơ đến xã này đang chờ trả lời",
    "decline_case_transfer": "đề nghị chuyển hồ sơ đến xã này đang chờ trả lời; lý do",
    "set_recipients_here": "hồ sơ niêm phong của trẻ em đang (hoặc được đề nghị) do người của xã này chăm sóc; người"
    " làm việc tại xã này",
}

_TO_MOVE_OUT = State(
    "Luật Trẻ em Điều 69.1 b, 69.2; NĐ 56/2017 Điều 31.2",
    "chuyển ngay trẻ em ra khỏi cá nhân, gia đình nhận chăm sóc thay thế đã xâm hại trẻ em và ghi vào lần thăm"
    " (`record_placement_visit` với `moved_out_at`, `moved_to`), quyết định chấm dứt việc chăm sóc (`end_placement`);"
    " biện pháp khẩn cấp khác do xã đang quản lý hồ sơ thực hiện và ghi",
    "the child's move at once out of the care of who harmed it, recorded with a visit (`record_placement_visit` with"
    " `moved_out_at`, `moved_to`), and the decision that ends this care (`end_placement`); other emergency measures are"
    " taken and recorded where the case is led",
)
_TO_DECIDE = State(
    "NĐ 56/2017 Điều 42.5, 42.7, 42.8",
    "trả lời đề nghị: quyết định giao trẻ em cho người nhận chăm sóc của xã này, hoặc từ chối và nêu lý do",
    "the answer to the question: a decision that gives the child to a carer of this commune, or a no with the reason",
)
_TO_HAND_OVER = State(
    "NĐ 56/2017 Điều 42.7", "giao trẻ em cho người nhận chăm sóc", "the handing over of the child to its carer"
)
_TO_FOLLOW = State(
    "NĐ 56/2017 Điều 43.2, 48; Luật Trẻ em Điều 64.1 b, 69",
    "thăm trẻ em, nhận báo cáo của người nhận chăm sóc; khi có căn cứ thì quyết định chấm dứt việc chăm sóc",
    "visits to the child, the carer's reports; on a ground for it, the decision that ends the care",
)
_TO_TAKE_OVER = State(
    "Luật Trẻ em Điều 52.2",
    "trả lời đề nghị chuyển hồ sơ: tiếp nhận, hoặc từ chối và nêu lý do",
    "the answer to the offer of the case: taking it over, or a no with the reason",
)
_TO_SERVE = State(
    "NĐ 56/2017 Điều 29.2",
    "trả lời đề nghị cung cấp dịch vụ, rồi báo khi đã thực hiện",
    "the answer to the referral, and word of when it was done",
)
_TO_SEPARATE = State(
    "NĐ 56/2017 Điều 32.2",
    "không có việc gì, trừ khi phải cách ly trẻ em khỏi nơi xảy ra vụ việc; các việc khác do xã đang quản lý hồ sơ thực"
    " hiện",
    "nothing, unless the child has to be separated; all else is done where the case is led",
)
_TO_READ = State(
    "NĐ 56/2017 Điều 24.2",
    "không có việc gì ở xã này: hồ sơ do xã khác quản lý và thực hiện",
    "nothing here: another commune leads the case and does what follows",
)


async def part_of(session: AsyncSession, file: CaseFile, commune_id: int | None) -> tuple[State, list[Guard]]:
    """Return what usually follows for a commune that reads a case by grant, the most urgent first, and what it may do.

    Asked inside the second look, which sees its own grants, questions and offers alone.
    """
    found: list[tuple[State, Sequence[str]]] = []
    care = await placing.load(session, file)
    for step, placement in care.in_force():
        if placement.carer_commune_id == commune_id:
            must_leave = step in harm.stays_with_it(care)
            handed = care.received_at(step) is not None
            ends = ("request_placement_end", "end_placement")
            more = ["place_child"] if placement.temporary else []
            more += ["send_decision"] if await still_to_be_told_of(session, care, step, placement) else []
            if handed or must_leave:
                does = ("record_placement_visit", "record_carer_report", *ends, *more)
                found.append((_TO_MOVE_OUT if must_leave else _TO_FOLLOW, does))
            else:
                found.append((_TO_HAND_OVER, ("hand_child_over", *ends, *more)))
    if _is_asked(care, commune_id):
        found.append((_TO_DECIDE, ("place_child", "decline_placement")))
    if found and file.case.confidentiality == Confidentiality.SEALED:
        found.append((found[0][0], ("set_recipients_here",)))
    offered = select(CaseTransfer.id).where(
        CaseTransfer.case_id == file.case.id,
        CaseTransfer.to_commune_id == commune_id,
        CaseTransfer.status == TransferStatus.OFFERED.value,
    )
    if await session.scalar(offered) is not None:
        found.append((_TO_TAKE_OVER, ("accept_case_transfer", "decline_case_transfer")))
    waiting = select(CaseReferral.id).where(
        CaseReferral.case_id == file.case.id,
        CaseReferral.to_commune_id == commune_id,
        CaseReferral.status.in_((ReferralStatus.ASKED.value, ReferralStatus.ACCEPTED.value)),
    )
    if await session.scalar(waiting.limit(1)) is not None:
        found.append((_TO_SERVE, ("answer_received_referral",)))
    kinds = await _of_the_incident(session, file)
    if kinds:
        found.append((_TO_SEPARATE, [one.operation for one in GUARDS if one.kind in kinds]))
    status = CaseStatus(file.case.status)
    may = {operation for _, operations in found for operation in operations}
    possible = [one for one in (*GUARDS, *ANSWERS) if one.operation in may and status in one.states]
    return (found[0][0] if found else _TO_READ), possible


def _is_asked(care: Placing, commune_id: int | None) -> bool:
    return any(
        one.carer_commune_id == commune_id and care.file.counts(step) and care.answered_at(step) is None
        for step, one in care.requests
    )


async def _of_the_incident(session: AsyncSession, file: CaseFile) -> set[StepKind]:
    """Return which steps of a separation the leader of the commune of the incident may take now (Điều 32.2)."""
    grants = await session.scalars(
        select(CaseGrant).where(CaseGrant.case_id == file.case.id, CaseGrant.reason == OF_INCIDENT)
    )
    opened = {kind for grant in grants for kind in grant.kinds}
    # A separation is cancelled on an assessment, which is the other commune's, and is seen where that granted it.
    assessed = bool(file.counting(StepKind.ASSESSMENT))
    changes = (StepKind.SEPARATION_EXTENDED, *((StepKind.SEPARATION_CANCELLED,) if assessed else ()))
    # Not all steps that end one are seen from here; that it runs is written in the head.
    apart = (StepKind.SEPARATION,) if file.case.separation_id is None else changes
    return {kind for kind in apart if kind.value in opened}
