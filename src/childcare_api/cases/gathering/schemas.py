"""Bodies and answers of the papers of a child who needs care, and of notices that look for its family."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.schemas import LackOut
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.cases.gathering.rules import MAY_NOT_EXIST, PaperStatus
from childcare_api.shared.schemas import Answer, Command, Day, Line, PastDay, Versioned, unfit

WrittenPaper = Literal[
    "child_identity_paper",
    "child_health_certificate",
    "child_photos",
    "abandonment_minutes",
    "separation_decision",
    "facility_admission",
    "facility_report",
]
DossierPaper = Literal[WrittenPaper, "care_needs"]


class CarePaper(Command):
    """A paper of the child's dossier: which, and where it is. The program keeps no copies."""

    paper: WrittenPaper
    there_is_one: bool = Field(
        default=True, description="`false` where none exists: of the child's identity paper alone (Điều 38.3 a)."
    )
    reference: Line | None = Field(default=None, description="Its number, or the address of a scanned copy.")
    kept_at: Line | None = Field(default=None, description="Who has seen it and where it is kept.")
    issued_by: Line | None = None
    dated_on: PastDay | None = Field(
        default=None, description="Its day; of photographs when they were taken, that day if none is stated (38.3 c)."
    )

    @model_validator(mode="after")
    def _says_where_it_is(self) -> Self:
        if not self.there_is_one:
            if self.paper not in MAY_NOT_EXIST:
                raise unfit(
                    "paper_must_exist",
                    "Only an identity paper may not exist; leave out what is not there yet.",
                    "Chỉ giấy tờ tùy thân mới có thể không có; giấy tờ chưa có thì không ghi.",
                    at="there_is_one",
                )
            if (self.reference, self.issued_by, self.dated_on) != (None, None, None):
                raise unfit("no_such_paper", "It does not exist.", "Đã ghi là không có giấy tờ này.", at="there_is_one")
            return self
        if self.reference is None and self.kept_at is None:
            raise unfit(
                "where_is_it",
                "State its number, or who has seen it and where it is kept.",
                "Nêu số giấy tờ, hoặc ai đã xem và nơi lưu giữ.",
            )
        return self


def each_once(papers: list[CarePaper]) -> None:
    """Raise what a validator raises where a paper is named twice."""
    if len({one.paper for one in papers}) < len(papers):
        raise unfit("paper_twice", "Name each paper once.", "Mỗi loại giấy tờ chỉ nêu một lần.", at="papers")


class RecordCarePapers(Happened):
    """Record papers of the child's dossier that are there now (NĐ 56/2017, Điều 38.3, 38.4)."""

    papers: Annotated[list[CarePaper], Field(min_length=1, max_length=7)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        each_once(self.papers)
        return self


class CarePapersOut(StepHead):
    """Papers that were recorded together."""

    papers: list[CarePaper]


class DossierEntryOut(Answer):
    """One paper of the dossier, and whether it is there."""

    paper: DossierPaper
    label_vi: str
    label_en: str
    article: str
    status: PaperStatus = Field(
        description="`held`: written down; `none_exists`: the child has none; `in_case`: a step of this case is it;"
        " `not_asked`: not of this child."
    )
    step_id: UUID | None = Field(description="The step that says so, or is it.")


class CareDossier(Versioned):
    """The dossier of the child for finding carers, what it lacks, and what was recorded of it beside the needs."""

    found_abandoned: bool
    dossier: list[DossierEntryOut]
    missing: list[LackOut] = Field(description="What a lasting decision on care is refused for (TT 14/2020, Điều 5.3).")
    items: Steps[CarePapersOut]


class RecordFamilyNotice(Happened):
    """Record the public notice that looks for the family of a child found abandoned, or why there is none."""

    posted_on: PastDay | None = None
    until_on: Day | None = Field(default=None, description="Until when it is up, if that is settled.")
    places: Annotated[list[Line], Field(max_length=20)] = Field(
        default=[], description="Where: the office, a radio station, a page of the commune."
    )
    number: Line | None = None
    words: Note | None = None
    not_posted_reason: Because | None = Field(default=None, description="Why none is posted: the family is known.")

    @model_validator(mode="after")
    def _says_when_and_where_or_why_not(self) -> Self:
        if (self.posted_on is None) is (self.not_posted_reason is None):
            raise unfit(
                "posted_or_reason",
                "State when it was posted, or why none is.",
                "Nêu ngày thông báo, hoặc lý do không thông báo.",
            )
        if (self.posted_on is None) is bool(self.places):
            raise unfit("places", "State where it was posted.", "Nêu nơi thông báo khi đã thông báo.", at="places")
        if self.posted_on is None and (self.until_on, self.number, self.words) != (None, None, None):
            raise unfit("not_posted", "Nothing was posted.", "Đã ghi là không thông báo.")
        if self.posted_on is not None and self.until_on is not None and self.until_on < self.posted_on:
            raise unfit(
                "ends_before_it_begins", "It ends before it begins.", "Ngày kết thúc trước ngày bắt đầu.", at="until_on"
            )
        return self


class FamilyNoticeOut(StepHead):
    """A notice that looks for the child's family, or why there is none."""

    posted_on: date | None
    until_on: date | None
    places: list[str]
    number: str | None
    words: str | None
    not_posted_reason: str | None


class FamilyNoticeList(Versioned):
    """The notices of a case."""

    items: Steps[FamilyNoticeOut]
