"""What a decision that ends care may say of a child that was harmed there or is kept apart; and the end by a death."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.caring.schemas import EndPlacement
from childcare_api.cases.file.elsewhere import eyes_of
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.placing import harm
from childcare_api.cases.placing import queries as placing_queries
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.recording import record_placing
from childcare_api.cases.separating.errors import home_over_an_order
from childcare_api.cases.separating.models import CaseSeparation
from childcare_api.children.rules import turns_16_on
from childcare_api.shared import clock
from childcare_api.shared.problems import Spoken
from childcare_api.shared.refusals import refused, too_early

PARENTS = frozenset({"father", "mother", "step_parent", "adoptive_parent", "guardian"})
_FACTS = ("turned_sixteen", "child_died")
_SEEN_ALIVE = Spoken(
    "the last day on which the child was received into care or met there; what says so by mistake is marked so first",
    "ngày gần nhất đã giao, nhận hoặc gặp trẻ em khi theo dõi chăm sóc thay thế; nếu ghi nhầm, hãy đánh dấu ghi nhầm"
    " trước",
)


def guard_ground(placing: Placing, step: CaseStep, placement: CasePlacement, command: EndPlacement) -> None:
    """Refuse another ground while a visit says that the carer harmed the child: by that the care ends (Điều 69.1 b).

    That a child died or grew up is no decision, and ends it by itself.
    """
    if placement.carer_id is None or command.ground == "carer_harmed_child" or command.ground in _FACTS:
        return
    if harm.told_in(placing, step):
        raise refused(
            "/ground",
            "carer_harmed_child",
            "A visit says that the carer or their family harmed the child: the care ends by that, `carer_harmed_child`"
            " (Luật Trẻ em, Điều 69.1 b). If the visit said so by mistake, mark it as entered in error first.",
            "Lần thăm đã ghi nhận trẻ em bị người nhận chăm sóc hoặc thành viên gia đình xâm hại: phải chấm dứt vì"
            " lý do đó, `carer_harmed_child` (Luật Trẻ em, điểm b khoản 1 Điều 69). Nếu lần thăm ghi nhầm, hãy đánh dấu"
            " ghi nhầm trước.",
        )


def guard_grown(placing: Placing, command: EndPlacement) -> None:
    """Refuse to let a child under 16 go as grown up, or to a life of its own (Luật Trẻ em, Điều 1).

    Where the birthday is known by half or guessed, the earliest day it can be counts.
    """
    if placing.child is None or (command.ground != "turned_sixteen" and command.goes_to != "own_life"):
        return
    grown_on = turns_16_on(placing.child.earliest)
    if command.ended_on >= grown_on:
        return
    at = "/ground" if command.ground == "turned_sixteen" else "/goes_to"
    raise refused(
        at,
        "still_a_child",
        f"The child is 16 on {grown_on} at the earliest, and until then needs a family or other care. If the"
        " birthday in the register is wrong, write the right one there first.",
        f"Sớm nhất ngày {grown_on:%d/%m/%Y} trẻ em mới đủ 16 tuổi; trước ngày đó trẻ em cần gia đình hoặc nơi chăm sóc"
        " khác. Nếu ngày sinh ghi sai, hãy sửa trong hồ sơ trẻ em trước.",
    )


def last_seen_alive(care: Placing) -> date | None:
    """Return the last day on which a carer received the child or a visit met it, as far as that counts."""
    met = [step for step, visit in care.visits if visit.child_seen]
    seen = [step.happened_at for step in (*met, *(step for step, _ in care.handovers)) if care.file.counts(step)]
    return clock.day_of(max(seen)) if seen else None


async def end_by_death(session: AsyncSession, actor: Actor, file: CaseFile, death: CaseStep, died_on: date) -> None:
    """Record that the care in force is over since the child died: a fact, and nobody's decision.

    It stands on the death, and goes with it where that was an error. Whoever leads the case records it also of care
    with a carer who lives elsewhere: the law has nobody visit a child, or report on it, that is dead.
    """
    care = await placing_queries.load(session, file)
    seen = last_seen_alive(care)
    if seen is not None and died_on < seen:
        raise too_early("/died_on", seen, _SEEN_ALIVE)
    for step, placement in care.in_force():
        end = CasePlacementEnd(
            placement_id=step.id,
            ground="child_died",
            ended_on=max(died_on, placement.starts_on),
            goes_to="nowhere",
        )
        await record_placing(
            session,
            actor,
            care,
            kind=StepKind.PLACEMENT_ENDED,
            command=Happened(),
            detail=end,
            about_id=step.id,
            stands_on=[step.id, death.id],
            happened_at=max(death.happened_at, step.happened_at),
        )


async def guard_way_home(session: AsyncSession, placing: Placing, step: CaseStep, command: EndPlacement) -> None:
    """Refuse to send a child home over a separation from its parents; it goes there once that was cancelled (32.3).

    One that was decided while the child was in this care, and from nobody of its parents, is from the carer. Nor is it
    sent home over an order of a court that keeps it away; who is 16 has left the care by that.
    """
    if command.goes_to == "family" and command.ground not in _FACTS and placing.court_order_on(command.ended_on):
        raise home_over_an_order("/goes_to")
    apart = placing.file.step(placing.file.standing.separation_id)
    if command.goes_to != "family" or apart is None:
        return
    async with eyes_of(session, placing.file):
        separation = await session.get(CaseSeparation, apart.id)
    first = min(one.position for one in placing.file.steps if one.id in placing.stay_of(step))
    from_carer = separation is not None and PARENTS.isdisjoint(separation.separated_from)
    if apart.position < first or not from_carer:
        raise refused(
            "/goes_to",
            "separated",
            "The child is separated from its family: cancel the separation first, on an assessment that finds it safe"
            " there (NĐ 56/2017, Điều 32.3), or give it other care.",
            "Trẻ em đang được cách ly khỏi gia đình: trước hết phải hủy bỏ việc cách ly trên cơ sở đánh giá an toàn (NĐ"
            " 56/2017, Điều 32.3), hoặc giao trẻ em cho nơi chăm sóc khác.",
        )
