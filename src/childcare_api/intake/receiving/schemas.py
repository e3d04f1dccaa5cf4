"""A report of concern as it is told. Only what is known is written (Mẫu 01): nearly every field may be null."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from childcare_api.children.schemas import DayPrecision, Ethnicity, Sex
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, NewRecord, Text, unfit
from childcare_api.units.schemas import PlaceIn

Channel = Literal[
    "hotline_111",
    "phone",
    "in_person",
    "letter",
    "official_dispatch",
    "app",
    "zalo",
    "press_social_media",
    "police",
    "school",
    "health_facility",
    "collaborator",
    "other",
]
AbuseType = Literal["violence", "exploitation", "sexual_abuse", "trafficking", "abandonment", "neglect", "other_harm"]
Grade = Literal["high", "medium", "low"]
Relation = Literal[
    "father",
    "mother",
    "step_parent",
    "adoptive_parent",
    "grandparent",
    "sibling",
    "other_relative",
    "guardian",
    "carer",
    "teacher",
    "neighbour",
    "acquaintance",
    "peer",
    "employer",
    "facility_staff",
    "stranger",
    "self",
    "agency",
    "other",
    "unknown",
]
ReporterKind = Literal["child", "parent_carer", "relative", "neighbour", "teacher", "agency", "anonymous", "other"]
Confidentiality = Literal["normal", "sensitive", "sealed"]
Category = Literal["abused", "at_risk", "special_circumstances"]


class HarmDoer(Command):
    """Somebody said to have done the harm."""

    relation: Relation | None = Field(default=None, description="To the child.")
    cares_for_child: bool | None = Field(
        default=None, description="Whether they look after the child, whatever the relation."
    )
    full_name: Line | None = None
    description: Text | None = None


class ReportedParent(Command):
    """A parent as far as known."""

    full_name: Line | None = None
    age: Annotated[int, Field(ge=10, le=120)] | None = None
    occupation: Line | None = None


class ReportedChild(Command):
    """A child as the report describes it, perhaps without a name."""

    full_name: Line | None = None
    born_on: Day | None = Field(default=None, description="For precision month or year any day of it.")
    born_on_precision: DayPrecision = Field(default="day", description="How much of `born_on` is known.")
    estimated_age: Annotated[int, Field(ge=0, le=17)] | None = Field(
        default=None,
        description="Years as they were told, beside a birthday or without one. Whoever reports may be wrong by a year"
        " or two, so that somebody of 16 or 17 is taken too, whom the register refuses.",
    )
    sex: Sex | None = None
    ethnicity: Ethnicity | None = Field(default=None, description="A code of the list `ethnicities`.")
    residence: Text | None = Field(
        default=None,
        description="Where the child lives, in the words of who reported: seldom the `address` that the register has.",
    )
    condition: Text | None = Field(default=None, description="The child's present state.")


class Reporter(Command):
    """Who reported. Sealed at once: nobody reads it without a stated reason."""

    kind: ReporterKind | None = None
    full_name: Line | None = None
    phone: Annotated[Line, Field(max_length=50)] | None = None
    address: Line | None = None
    relation: Line | None = None


_TOLD = (
    *("place", "narrative", "harm_kinds", "occurred_on", "occurred_text", "presumed_consequences", "help_given"),
    *("family_circumstances", "current_carer", "requested_action", "note"),
)
"""What says by itself where to look or what happened."""
_TOLD_WITHIN = ("children", "harm_doers", "father", "mother", "reporter")
"""What does so as soon as anything is known of them."""
_SAYS_NOTHING = frozenset({"born_on_precision", "kind"})


class ReportContent(Command):
    """What a report says, through whichever channel it came. Nothing of it has to be known, but something is told.

    That is any of: where or when it happened, what (`harm_kinds`, `narrative` or another text), anything known of a
    child, a parent or the harm-doer, or of who reported, by whom one can ask again.
    """

    channel: Channel | None = None
    place: PlaceIn | None = Field(default=None, description="Where it happened, as far as known. Never refused.")
    occurred_on: Day | None = None
    occurred_text: Text | None = Field(default=None, description="When it happened, in the words of who reported.")
    category: Category | None = None
    harm_kinds: Annotated[tuple[AbuseType, ...], Field(max_length=7)] = ()
    harm_level: Grade | None = None
    harm_doers: Annotated[tuple[HarmDoer, ...], Field(max_length=20)] = ()
    emergency: bool | None = Field(default=None, description="Whoever took the report says that it is one.")
    children: Annotated[tuple[ReportedChild, ...], Field(min_length=1, max_length=30)] = (ReportedChild(),)
    narrative: Text | None = Field(default=None, description="What happened.")
    presumed_consequences: Text | None = Field(default=None, description="What may follow without help.")
    father: ReportedParent | None = None
    mother: ReportedParent | None = None
    family_circumstances: Text | None = None
    current_carer: Text | None = None
    help_given: Text | None = Field(default=None, description="What was done before the report came in.")
    requested_action: Text | None = None
    reporter: Reporter | None = None
    confidentiality: Confidentiality | None = Field(
        default=None,
        description="How secret it is (NĐ 56/2017, Điều 24.3). Cases that are opened on it begin with this level; a "
        "sealed one exists only for its recipients, its commune's leader and who opened it there.",
    )
    allowed_recipients: Text | None = Field(default=None, description="To whom it may be passed on.")
    note: Text | None = None

    @model_validator(mode="after")
    def _tells_something(self) -> Self:
        if not (any(getattr(self, name) for name in _TOLD) or any(map(self._knows_of, _TOLD_WITHIN))):
            raise unfit(
                "nothing_told",
                "Nothing to act on: tell what happened, or where, or anything of a child, or who reported.",
                "Chưa có gì để xử lý: cần nêu sự việc, hoặc nơi xảy ra, hoặc thông tin về trẻ em hay người báo tin.",
            )
        return self

    def _knows_of(self, name: str) -> bool:
        """Say whether anything is known of the people that a field is about."""
        found = getattr(self, name)
        people = found if isinstance(found, tuple) else () if found is None else (found,)
        return any(
            value is not None and value is not False and value != "unknown"
            for person in people
            for about, value in person
            if about not in _SAYS_NOTHING
        )


class ReceiveIntake(NewRecord, ReportContent):
    """A report of concern as an office or a collaborator took it."""

    received_at: Instant | None = Field(default=None, description="When the first office was told; now if not stated.")


class PlaceNoticeOut(Answer):
    """That the place named is in no list; nothing was refused for it, and what was named is kept in words."""

    code: Literal["place_unknown"]
    pointer: str
    message_vi: str
    message_en: str
