"""Bodies and answers of carers."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.rules import CONDITIONS, FULFILLED
from childcare_api.children.schemas import DayPrecision, Sex
from childcare_api.shared.schemas import (
    Answer,
    Command,
    Day,
    Instant,
    Line,
    NewRecord,
    PastDay,
    Reason,
    Text,
    Versioned,
    unfit,
)
from childcare_api.units.labels import label
from childcare_api.units.schemas import Supplied

Why = Annotated[Reason, Field(max_length=1000)]
Basis = Literal["application", "relative_notice"]
CarerKind = Literal["individual", "family"]
CarerStatus = Literal["applied", "verified", "listed", "refused", "withdrawn", "struck_off"]
Condition = Literal[
    "resident",
    "healthy",
    "full_capacity",
    "good_character",
    "parental_rights_not_restricted",
    "not_prosecuted_for_abuse",
    "not_convicted",
    "suitable_home",
    "suitable_economy",
    "voluntary",
    "family_agrees",
    "family_not_prosecuted_for_abuse",
]
Met = Literal["yes", "no", "unknown", "no_family"]
EndGround = Literal["conditions_lost", "harmed_a_child", "left_the_commune", "died", "other"]
Short = Annotated[Text, Field(max_length=500)]
Long = Annotated[Text, Field(max_length=4000)]
Age = Annotated[int, Field(ge=0, le=16)]


class AddCarerMember(NewRecord):
    """Somebody else of the household."""

    full_name: Line
    relation: Line = Field(description="How they are related to the carer.")
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    occupation: Line | None = None


class RegisterCarer(NewRecord):
    """An application to take children into care (Mẫu 08), or a relative's notice (Luật Trẻ em, Điều 65.4)."""

    basis: Basis = "application"
    kind: CarerKind
    full_name: Line = Field(description="The person, or who speaks for the family.")
    sex: Sex = "unknown"
    born_on: PastDay
    born_on_precision: DayPrecision = "day"
    is_foreigner: bool = False
    nationality: Line | None = None
    identity_number: Line | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None
    address: Short | None = None
    occupation: Line | None = None
    applied_on: PastDay = Field(description="The day of filing.")
    commitment: bool = Field(default=False, description="They state that they meet the conditions of Điều 63.2.")
    health_certificate_on: PastDay | None = Field(default=None, description="Not older than 6 months (Điều 41.1 b).")
    health_certificate_issuer: Line | None = None
    judicial_record_on: PastDay | None = Field(default=None, description="Asked of foreigners (Điều 41.1 c).")
    judicial_record_number: Line | None = None
    resident_from: PastDay | None = Field(default=None, description="Of foreigners: living in Viet Nam since (39.3).")
    resident_until: Day | None = Field(default=None, description="Of foreigners: how long they may stay (39.3).")
    counselled_on: PastDay | None = Field(
        default=None, description="When they were advised (Điều 39.2; TT 14/2020, 8.4)."
    )
    counselled_by: Line | None = None
    child_count: Annotated[int, Field(ge=1, le=20)] = Field(default=1, description="How many children at most.")
    child_age_from: Age | None = None
    child_age_to: Age | None = None
    child_sex: Literal["male", "female"] | None = None
    wishes: Long | None = Field(default=None, description="What they ask for in a child (TT 14/2020, Điều 7.1 b).")
    members: Annotated[list[AddCarerMember], Field(max_length=30)] = Field(default=[])

    @model_validator(mode="after")
    def _ages_fit(self) -> Self:
        if None not in (self.child_age_from, self.child_age_to) and (self.child_age_from or 0) > (
            self.child_age_to or 0
        ):
            raise unfit(
                "ends_before_it_begins",
                "The youngest age is the first.",
                "Tuổi nhỏ nhất phải nêu trước.",
                at="child_age_to",
            )
        return self


class ChangeCarer(Command):
    """What is to be changed of a carer: a merge patch."""

    full_name: Line | None = None
    nationality: Line | None = None
    identity_number: Line | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None
    address: Short | None = None
    occupation: Line | None = None
    commitment: bool | None = None
    health_certificate_on: PastDay | None = None
    health_certificate_issuer: Line | None = None
    judicial_record_on: PastDay | None = None
    judicial_record_number: Line | None = None
    resident_from: PastDay | None = None
    resident_until: Day | None = None
    counselled_on: PastDay | None = None
    counselled_by: Line | None = None
    child_count: Annotated[int, Field(ge=1, le=20)] | None = None
    child_age_from: Age | None = None
    child_age_to: Age | None = None
    child_sex: Literal["male", "female"] | None = None
    wishes: Long | None = None


class CarerMemberLeaves(Command):
    """Write down that somebody left the household."""

    left_on: PastDay


class ConditionFound(Command):
    """What was found of one condition."""

    condition: Condition
    met: Met
    note: Short | None = None


class VerifyCarer(NewRecord):
    """The verification of a carer (Mẫu 11): each condition of Luật Trẻ em, Điều 63.2 once, and what it adds up to."""

    verified_on: PastDay
    conditions: Annotated[list[ConditionFound], Field(max_length=len(CONDITIONS))] = Field(
        description="Every condition once; a refusal names those that are missing."
    )
    suitability: Long | None = Field(default=None, description="For which children they fit (TT 14/2020, Điều 7.1 b).")
    result: Literal["meets", "does_not_meet"]

    @model_validator(mode="after")
    def _says_all_and_fits(self) -> Self:
        stated = {one.condition for one in self.conditions}
        if missing := [(one, label(one, "carer_conditions")) for one in CONDITIONS if one not in stated]:
            en, vi = ("; ".join(f"{getattr(name, told)} (`{one}`)" for one, name in missing) for told in ("en", "vi"))
            raise unfit(
                "conditions_incomplete",
                f"State every condition once. Missing: {en}.",
                f"Nêu mỗi điều kiện đúng một lần. Còn thiếu: {vi}.",
                at="conditions",
            )
        if any(one.met == "no_family" and not one.condition.startswith("family_") for one in self.conditions):
            raise unfit(
                "no_family", "Only what is asked of a family.", "Chỉ dùng cho điều kiện của gia đình.", at="conditions"
            )
        if self.result == "meets" and any(one.met not in FULFILLED for one in self.conditions):
            raise unfit(
                "condition_not_met",
                "Who does not meet every condition does not meet Điều 63.2: conclude `does_not_meet`, or mend what was"
                " found.",
                "Chưa đáp ứng đủ các điều kiện tại khoản 2 Điều 63: hãy kết luận không đủ điều kiện (`does_not_meet`),"
                " hoặc sửa kết quả xác minh từng điều kiện.",
                at="result",
            )
        return self


class CarerMemberOut(Answer):
    """Somebody else of the household."""

    id: UUID
    full_name: str
    relation: str
    born_year: int | None
    occupation: str | None
    left_on: date | None


class ConditionOut(Answer):
    """What was found of one condition, with the article that asks for it."""

    condition: Condition
    article: str
    met: Met
    note: str | None


class CarerVerificationOut(Answer):
    """A verification."""

    id: UUID
    verified_on: date
    conditions: list[ConditionOut]
    suitability: str | None
    result: Literal["meets", "does_not_meet"]
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None


class LackOut(Answer):
    """Something the law asks for that is lacking, with its article."""

    what: str = Field(description="A code of `placement_obstacles`, `carer_conditions` or `care_dossier_papers`.")
    label_vi: str
    label_en: str
    article: str
    until_on: date | None = Field(
        default=None, description="The last day of what runs out by itself: of a notice that looks for a family."
    )
    supplied_by: Supplied


class CarerSummary(Versioned):
    """A carer as a list shows it. Above the commune the name is given by its initials."""

    id: UUID
    commune_id: int
    basis: Basis
    kind: CarerKind
    status: CarerStatus
    full_name: str
    is_foreigner: bool
    applied_on: date
    child_count: int
    child_age_from: int | None
    child_age_to: int | None
    child_sex: Literal["male", "female"] | None


class CarerNoticeOut(Answer):
    """Something that looks wrong and may still be right; nothing was refused for it."""

    code: Literal["identity_number_held_by_another", "maybe_registered_before"]
    pointer: str
    message_vi: str
    message_en: str
    carer_id: UUID


class CarerOut(CarerSummary):
    """A carer, with household, verifications, and what is still missing for the list."""

    sex: Sex
    born_on: date
    born_on_precision: DayPrecision
    nationality: str | None
    identity_number: str | None
    phone: str | None
    address: str | None
    occupation: str | None
    commitment: bool
    health_certificate_on: date | None
    health_certificate_issuer: str | None
    judicial_record_on: date | None
    judicial_record_number: str | None
    resident_from: date | None
    resident_until: date | None
    counselled_on: date | None
    counselled_by: str | None
    wishes: str | None
    listed_at: Instant | None
    ended_at: Instant | None
    end_ground: str | None
    end_reason: str | None
    members: list[CarerMemberOut]
    verifications: list[CarerVerificationOut]
    missing: list[LackOut]
    children_in_care: int = Field(description="How many children are in their care, of whichever commune's cases.")
    children_to_see: int = Field(
        description="Those of them whom nobody saw since another child was found to be harmed there: `GET"
        " /children-in-care?see_at_once=true` lists those you may know of (`carer.see_all`)."
    )
    notices: list[LackOut] = Field(
        description="That they harmed a child, and that there are still children there, or some whom nobody saw since."
    )


class CarerRecorded(CarerOut):
    """A carer after registration or a change, with whom of the commune's register it may be once more."""

    warnings: list[CarerNoticeOut]
