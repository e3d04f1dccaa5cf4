"""Reading who was told of a decision, and who still has to be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.agencies.providers.models import ProviderDescription
from childcare_api.agencies.providers.queries import described_on, parts_of
from childcare_api.alternative_care.facility_lists.queries import listed_for
from childcare_api.cases.assessing.queries import harm_doers_of
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, told
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.cases.placing.leaving import facilities_left_for
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.planning.models import CasePlanService
from childcare_api.cases.sending import rules
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.rules import Recipient
from childcare_api.cases.sending.schemas import HarmDoerNoticeOut, SendingOut
from childcare_api.shared.text import fold
from childcare_api.units.labels import label


async def still_to_be_told(session: AsyncSession, file: CaseFile) -> list[Recipient]:
    """Return who has to be told of the plan's decision in force and was not yet; nobody where none is in force."""
    if file.standing.decision_id is None or not file.standing.plan_in_force:
        return []
    return rules.waiting(await _to_be_told(session, file), [one[1:] for one in await _sent(session, file)])


async def all_told_at(session: AsyncSession, file: CaseFile) -> datetime | None:
    """Return when everybody had been told of the plan's last decision whom it goes to; None while somebody was not."""
    return rules.all_told_at(await _to_be_told(session, file), await _sent(session, file))


async def _to_be_told(session: AsyncSession, file: CaseFile) -> list[Recipient]:
    services = await session.execute(
        select(CasePlanService.responsible_body, CasePlanService.provider)
        .where(CasePlanService.plan_id == file.standing.plan_id, CasePlanService.commune_id == file.case.commune_id)
        .order_by(CasePlanService.position)
    )
    return rules.to_be_told((body, provider) for body, provider in services)


async def _sent(session: AsyncSession, file: CaseFile) -> list[tuple[datetime, str, str]]:
    rows = await details(session, file, CaseSending, StepKind.DECISION_SENT)
    return [
        (step.happened_at, row.recipient_kind, row.recipient)
        for step, row in rows
        if file.counts(step) and row.decision_id == file.standing.decision_id
    ]


async def to_be_told_of(
    session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement
) -> list[Recipient]:
    """Return whom a decision on care goes to by law: nobody, unless it takes a child from a facility (Điều 45.4)."""
    if placement.carer_id is None or not placing.file.counts(step):
        return []
    left = facilities_left_for(placing, step)
    listed = await listed_for(session, step.id) if step.id in placing.left_lists else None
    if not left and listed is None and placement.facility_agreed_on is None:
        return []
    ids = {one.provider_id for _, one in left if one.provider_id is not None}
    ids |= set() if listed is None else {listed.provider_id}
    described = await parts_of(session, ProviderDescription, ids)
    # As it was called on the day of the decision, so that a new name does not ask for the same paper again.
    named = (
        described_on((one for one in described if one.provider_id == provider_id), placement.decided_on)
        for provider_id in sorted(ids)
    )
    authorities = [one.issuer for _, one in left if one.issuer is not None and one.decided_by == "facility_authority"]
    facilities = [one.name for one in named if one is not None]
    return rules.to_be_told_of_care(facilities, authorities, by_list=listed is not None)


async def still_to_be_told_of(
    session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement
) -> list[Recipient]:
    """Return who of them was not told yet of a decision on care; a court sends its own itself.

    What Điều 45.4 has sent is the commune's decision. That a court's was sent on may be recorded all the same.
    """
    if placement.decided_by == "court":
        return []
    sent = [(row.recipient_kind, row.recipient) for _, row in placing.about(placing.sendings, step.id)]
    return rules.waiting(await to_be_told_of(session, placing, step, placement), sent)


async def sendings_out(
    session: AsyncSession, file: CaseFile, rows: Sequence[tuple[CaseStep, CaseSending]]
) -> list[SendingOut]:
    """Return the answers for what was sent, each with whether it may have gone to who did the harm."""
    to_family = [row.recipient for _, row in rows if rules.goes_to_family(row.recipient_kind, row.way)]
    accused = await _accused_of_family(session, file) if to_family else []
    people = await details(session, file, CaseParty, StepKind.PARTY) if accused else []
    others = rules.others_by_name(
        ((one.full_name, one.relation) for step, one in people if file.counts(step) and one.role != HARM_DOER), accused
    )
    warned = [_may_be_harm_doer(accused)] if accused else []

    def warnings(row: CaseSending) -> list[HarmDoerNoticeOut]:
        goes = rules.goes_to_family(row.recipient_kind, row.way) and fold(row.recipient) not in others
        return warned if goes else []

    return [told(SendingOut, file, step, row, warnings=warnings(row)) for step, row in rows]


async def _accused_of_family(session: AsyncSession, file: CaseFile) -> list[str]:
    of_family = rules.of_family(await harm_doers_of(session, file))
    return of_family or (["carer"] if file.case.harm_doer_is_carer else [])


def _may_be_harm_doer(relations: Sequence[str]) -> HarmDoerNoticeOut:
    called = [label(relation, "relations") for relation in relations]
    vi, en = "; ".join(one.vi for one in called), "; ".join(one.en for one in called)
    return HarmDoerNoticeOut(
        code="may_be_harm_doer",
        pointer="/recipient",
        message_vi=f"Theo hồ sơ, người gây tổn hại là: {vi}. Kế hoạch nêu nơi ở và biện pháp bảo vệ trẻ em: nếu người"
        " nhận chính là người đó thì dừng gửi nếu còn kịp, xem lại sự an toàn của trẻ em và gửi cho cha, mẹ, người chăm"
        " sóc khác.",
        message_en=f"By the file who did the harm is: {en}. The plan says where the child is and how it is"
        " protected: if the recipient is that person, stop it while there is time, look at the child's safety again,"
        " and send it to another parent or carer.",
    )
