"""Answers of the aids to judgement."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from childcare_api.access.permissions import Role
from childcare_api.cases.assessing.schemas import Level
from childcare_api.cases.file.models import CaseStatus
from childcare_api.cases.following.schemas import ReviewNoticeOut
from childcare_api.shared.schemas import Answer, Instant, Versioned
from childcare_api.units.schemas import Supplied

ChangeOfLevel = Literal["higher", "lower", "same", "unknown"]


class LevelTotals(Answer):
    """How often each level was found."""

    high: int
    medium: int
    low: int


class ItemOut(Answer):
    """One item of a grid, and how it moved since the last time it was judged."""

    item: str
    level: Level | None
    since_last: ChangeOfLevel | None


class GridOut(Answer):
    """One assessment of risk beside the one before it."""

    step_id: UUID
    form: str
    happened_at: Instant
    items: list[ItemOut]
    totals: LevelTotals


class HindranceOut(Answer):
    """What a command would be refused for as the case stands, by the code of its problem."""

    problem: str = Field(description="A code of docs/problems.md, such as `decision_not_sent`.")
    detail_vi: str
    detail_en: str
    supplied_by: Supplied


class CommandOut(Answer):
    """A command that the state of the case allows now, by whom and by which article."""

    operation: str
    roles: list[Role]
    article: str
    needs_vi: str | None = Field(description="What it asks for beyond the state.")
    needs_en: str | None
    hindered_by: list[HindranceOut] = Field(
        description="What stands in its way now, the most urgent first; told of `close_case` alone, to who leads the"
        " case and those above. Of any other command an empty list says nothing: see what it asks for."
    )


class StandingOut(Versioned):
    """Where a case stands and what its assessments show: an aid. The human decides and signs."""

    case_id: UUID
    notice_vi: str
    notice_en: str
    status: CaseStatus
    status_vi: str
    status_en: str
    article: str
    cycle: int
    usually_follows_vi: str = Field(description="What usually comes next by the decree; nothing of it is decided here.")
    usually_follows_en: str
    possible_now: list[CommandOut] = Field(
        description="What the state allows, without what there is nothing for: no answer where nobody asked, no end of"
        " what is not in force, no second version, offer or separation beside one that waits or runs. For a commune"
        " that does not lead the case: what it may do there, as of now and by its grants."
    )
    grids: list[GridOut]
    warnings: list[ReviewNoticeOut] = Field(
        description="Where the grid of the review that counts says otherwise than its conclusion: look before closing."
    )
    risk_levels: list[ItemOut] = Field(description="The level of risk that each detailed assessment concluded with.")
