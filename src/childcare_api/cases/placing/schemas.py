"""Bodies and answers of alternative care in a case."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.schemas import LackOut
from childcare_api.cases.consenting.schemas import CareConsent, CareConsentOut
from childcare_api.cases.file.schemas import Because, Happened, Note, NumberNoticeOut, StepHead, Steps
from childcare_api.cases.placing.needing import RelativeRelation
from childcare_api.shared.schemas import Day, Line, PastDay, Versioned, unfit
from childcare_api.units.schemas import UnitId

CareForm = Literal["relative", "non_relative", "facility"]
FacilityGround = Literal["while_arranging_carer", "no_carer_found", "safe_place"]
DecidedBy = Literal["commune_chair", "facility_authority", "court"]
EndGround = Literal[
    "carer_lost_conditions",
    "carer_harmed_child",
    "carer_asked",
    "child_harmed_carer",
    "family_reunited",
    "child_wished",
    "moved_to_carer",
    "separation_ended",
    "turned_sixteen",
    "child_died",
]
GoesTo = Literal["family", "other_carer", "facility", "adoption", "own_life", "nowhere"]


class RequestPlacement(Happened):
    """Ask the commune where a carer or relative lives to decide on taking the child in (Điều 42.7, 42.8)."""

    commune_id: UnitId
    carer_id: UUID | None = Field(default=None, description="A carer of `placement-candidates` who lives there.")
    relation: RelativeRelation | None = None
    message: Note = Field(description="Whom you think of, and what that commune must know.")


class DeclinePlacementRequest(Happened):
    """Answer that no carer of your commune takes the child in, and why."""

    reason: Because


class WithdrawPlacementRequest(Happened):
    """Take a question to another commune back before it is answered, and say why."""

    reason: Annotated[Because, Field(max_length=1000)]


class PlaceChild(Happened):
    """Give the child into care by decision (Mẫu 12): with a carer of your commune, or in a facility."""

    carer_id: UUID | None = None
    provider_id: UUID | None = Field(default=None, description="A facility of `GET /service-providers`.")
    facility_ground: FacilityGround | None = Field(default=None, description="Luật Trẻ em, Điều 67.1.")
    over_places_reason: Because | None = Field(
        default=None, description="Why a facility whose places are all taken takes the child all the same."
    )
    facility_agreed_on: PastDay | None = Field(
        default=None,
        description="When the head of a facility that it leaves agreed in writing (TT 14/2020, Điều 11.3); also of one"
        " whose care of it was ended already for a carer.",
    )
    facility_child_id: UUID | None = Field(default=None, description="Whom of `GET /facility-children` it answers.")
    same_child_reason: Because | None = Field(
        default=None,
        description="Why the child of the list is the child of the case, though name, sex or year of birth differ.",
    )
    relation: RelativeRelation | None = Field(default=None, description="For a relative: which.")
    temporary: bool = Field(
        default=False,
        description="At once, before the procedure: in a separation (Điều 32.4), or of a child found abandoned or"
        " of whose parents none is left.",
    )
    decided_by: DecidedBy = Field(
        default="commune_chair",
        description="What a `court` decided is carried out, and not judged. Its order, recorded in the case and in"
        " force on that day, is found there (`court_order_id`); where not, that is told (`court_order_missing`).",
    )
    issuer: Line | None = Field(default=None, description="Who decided, if not your chair (Luật Trẻ em, Điều 66.2-4).")
    decision_number: Line
    decided_on: PastDay
    starts_on: Day | None = Field(default=None, description="From when; else from the day of the decision.")
    guardian_appointed: bool = Field(
        default=False, description="The carer is made guardian, too, of a child without a natural one (Điều 66.1)."
    )
    guardian_agreed_on: PastDay | None = Field(default=None, description="When the carer agreed to be the guardian.")
    child_was_asked: bool = Field(default=False, description="About this carer (NĐ 56/2017, Điều 42.1).")
    child_opinion: Note | None = None
    consent: CareConsent | None = Field(
        default=None,
        description="Whose it takes hangs on the ground and on who is left of the parents (Luật Trẻ em, Điều 63.1):"
        " `missing` names them. Care given at once goes without it, and so does what a court ordered. Refused at its"
        " own field: that of a parent who is gone by the report on the needs (`giver_not_left`), and one from before"
        " the child's birth (`too_early`).",
    )

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if (self.carer_id is None) is (self.provider_id is None):
            raise unfit("one_place", "State a carer or a facility.", "Nêu người nhận chăm sóc hoặc cơ sở.")
        if (self.provider_id is None) is not (self.facility_ground is None):
            raise unfit(
                "facility_ground",
                "State why a facility, and only then.",
                "Nêu lý do khi đưa vào cơ sở.",
                at="facility_ground",
            )
        if self.provider_id is not None and self.relation is not None:
            raise unfit(
                "facility_no_relative",
                "A facility is no relative.",
                "Cơ sở không phải là người thân thích.",
                at="relation",
            )
        if self.provider_id is None and self.over_places_reason is not None:
            raise unfit(
                "only_facility_has_places",
                "Only a facility has places.",
                "Chỉ cơ sở mới có số chỗ tiếp nhận.",
                at="over_places_reason",
            )
        if self.guardian_appointed is (self.guardian_agreed_on is None):
            raise unfit(
                "guardian_agreed",
                "State when the carer agreed to be the guardian, and only then.",
                "Nêu ngày người nhận chăm sóc đồng ý làm người giám hộ, và chỉ khi cử người giám hộ.",
                at="guardian_agreed_on",
            )
        if self.guardian_appointed and (self.carer_id is None or self._has_a_guardian()):
            raise unfit(
                "guardian_is_carer",
                "Only a carer is made guardian, of a child who has none to consent.",
                "Chỉ cử người nhận chăm sóc làm người giám hộ khi trẻ em không có người giám hộ.",
                at="guardian_appointed",
            )
        if self.decided_by != "commune_chair" and self.issuer is None:
            raise unfit("issuer_missing", "State who decided.", "Nêu cơ quan ra quyết định.", at="issuer")
        if self.child_was_asked is (self.child_opinion is None):
            raise unfit(
                "child_opinion",
                "State what a child said who was asked.",
                "Nêu ý kiến của trẻ khi đã hỏi.",
                at="child_opinion",
            )
        return self

    @model_validator(mode="after")
    def _answers_a_list(self) -> Self:
        if self.facility_child_id is not None and (self.carer_id is None or self.temporary):
            raise unfit(
                "lasting_with_a_carer",
                "A carer takes it in for good.",
                "Chỉ giao lâu dài cho người nhận.",
                at="facility_child_id",
            )
        if self.same_child_reason is not None and self.facility_child_id is None:
            words = ("State it with `facility_child_id`.", "Chỉ nêu cùng `facility_child_id`.")
            raise unfit("only_with_a_list", *words, at="same_child_reason")
        return self

    def _has_a_guardian(self) -> bool:
        return self.consent is not None and "guardian" in self.consent.given_by


class PlacementRequestOut(StepHead):
    """A question to the commune of a carer. `answered` says what became of it."""

    carer_commune_id: int
    carer_id: UUID | None
    relation: RelativeRelation | None
    message: str
    answered: Literal["waiting", "declined", "placed", "withdrawn"]
    decline_reason: str | None
    withdraw_reason: str | None


class PlacementRequestList(Versioned):
    """Every question to communes of carers."""

    items: Steps[PlacementRequestOut]


class PlacementHandoverOut(StepHead):
    """That the child was handed over."""

    handed_over_by: str
    received_by: str
    met_on: list[date]
    minutes: str | None


class PlacementEndRequestOut(StepHead):
    """That somebody asked to end it."""

    asked_by: Literal["carer", "child"]
    ground: EndGround
    reason: str


class PlacementEndOut(StepHead):
    """That it ended."""

    ground: EndGround
    decision_number: str | None
    ended_on: date
    goes_to: GoesTo
    reason: str | None
    child_opinion: str | None


class PlacementOut(StepHead):
    """A placement. `notices` names what the law asks attention for, and what stood open on the day of the decision."""

    form: CareForm
    temporary: bool
    carer_id: UUID | None
    carer_commune_id: int | None
    provider_id: UUID | None
    facility_ground: FacilityGround | None
    over_places_reason: str | None
    facility_agreed_on: date | None
    same_child_reason: str | None
    relation: RelativeRelation | None
    decided_by: DecidedBy
    issuer: str | None
    decision_number: str
    decided_on: date
    starts_on: date
    guardian_appointed: bool
    guardian_agreed_on: date | None
    child_was_asked: bool
    child_opinion: str | None
    consent: CareConsentOut | None
    court_order_id: UUID | None = Field(description="The court's order that this decision carries out (Điều 66.4).")
    continues_id: UUID | None = Field(
        description="The care given at once that this decision goes on from, with the same carer or facility."
    )
    in_force: bool
    handover: PlacementHandoverOut | None
    end_requests: list[PlacementEndRequestOut]
    end: PlacementEndOut | None
    notices: list[LackOut]
    warnings: list[NumberNoticeOut] = Field(
        description="Numbers that the commune gave to another case in the same year; told to that commune alone."
    )


class PlacementList(Versioned):
    """Every placement of a child."""

    items: Steps[PlacementOut]
