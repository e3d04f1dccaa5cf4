"""Bodies and answers about units, places and code lists."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from childcare_api.shared.schemas import Answer, Command, Day, Line, Text, unfit

UnitLevel = Literal["central", "province", "district", "commune", "village"]
UnitId = Annotated[int, Field(ge=1, le=2_147_483_647)]


def _check_unit(unit_id: int | None, code: str | None, as_of: date | None) -> None:
    if unit_id is not None and code is not None:
        raise unfit(
            "place_stated_twice", "State a unit id or a code, not both.", "Chỉ nêu mã đơn vị hoặc mã hành chính."
        )
    if code is not None and as_of is None:
        # 3,316 commune codes mean one place before 2025-07-01 and another from that day.
        raise unfit(
            "as_of_missing",
            "A code names a place only together with a day.",
            "Mã hành chính cần kèm ngày (as_of) mới xác định được địa bàn.",
            at="as_of",
        )
    if as_of is not None and code is None:
        raise unfit(
            "code_missing",
            "A day without a code names nothing.",
            "Có ngày (as_of) nhưng thiếu mã hành chính.",
            at="code",
        )


class ProvinceIn(Command):
    """A province, by unit id, or by code and day."""

    unit_id: UnitId | None = None
    code: Annotated[Line, Field(max_length=10)] | None = None
    as_of: Day | None = Field(default=None, description="A day on which the code meant this province.")

    @model_validator(mode="after")
    def _names_one_unit(self) -> Self:
        _check_unit(self.unit_id, self.code, self.as_of)
        if self.unit_id is None and self.code is None:
            raise unfit("place_empty", "State a unit id or a code.", "Hãy nêu mã đơn vị hoặc mã hành chính.")
        return self


class PlaceIn(Command):
    """A place as whoever reports it knows it: a unit, a code with its day, a province with words, or words alone."""

    unit_id: UnitId | None = Field(default=None, description="A unit of `GET /units`, of any list.")
    code: Annotated[Line, Field(max_length=10)] | None = Field(
        default=None,
        description="The code of a province, district or commune. It needs `as_of`: codes were used again.",
    )
    as_of: Day | None = Field(default=None, description="A day on which the code meant this place.")
    province: ProvinceIn | None = None
    text: Annotated[Text, Field(max_length=1000)] | None = Field(
        default=None, description="The place in words: village, road, what can be seen."
    )

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        _check_unit(self.unit_id, self.code, self.as_of)
        if self.province is not None and (self.unit_id is not None or self.code is not None):
            raise unfit(
                "place_stated_twice", "State a unit or a province, not both.", "Chỉ nêu một đơn vị hoặc một tỉnh."
            )
        return self


class UnitOut(Answer):
    """An administrative unit as one list had it."""

    id: int
    code: str | None = Field(description="Together with the validity it names one unit; alone it does not.")
    code_verified: bool = Field(description="Whether the code was checked against the official table.")
    level: UnitLevel
    name: str
    kind: str
    parent_id: int | None
    valid_from: date | None = Field(description="First day in force; null where it is not known.")
    valid_to: date | None = Field(description="Last day in force; null while it is in force.")


class UnitDetail(UnitOut):
    """A unit with the units above it, the nearest first."""

    ancestors: list[UnitOut]


class SuccessionRow(Answer):
    """One step of succession: the unit on the other side, and how much of the territory went this way."""

    unit: UnitOut
    extent: Literal["whole", "part"] = Field(description="How much of the older unit's territory lies in the newer.")
    is_default: bool = Field(description="The source's choice among several parts; no case is routed by it.")


class SuccessionOut(Answer):
    """What a unit came from, what it became, and who holds its territory on a day."""

    unit: UnitOut
    as_of: date
    predecessors: list[SuccessionRow]
    successors: list[SuccessionRow]
    holders: list[UnitOut] = Field(description="The units in force on that day that hold its territory.")
    divided: bool = Field(description="Whether a person must choose among several holders.")


class CodeListSummary(Answer):
    """A list of codes."""

    name: str
    title_vi: str
    title_en: str
    source: str
    entry_count: int


class CodeListPage(Answer):
    """All lists of codes."""

    items: list[CodeListSummary]


class CodeListEntryOut(Answer):
    """One code, as in force on the day asked for."""

    code: str
    parent_code: str | None
    label_vi: str
    label_en: str
    article: str | None = Field(description="Where the law says so.")
    note: str | None
    verified: bool = Field(description="False where no official text could be read; do not conclude from it.")
    sensitive_by: str | None = Field(
        description="By which article only the commune and those above keep it and see it; null for all else."
    )
    valid_from: date | None
    valid_to: date | None


class CodeListOut(Answer):
    """A list with its entries in force on a day."""

    name: str
    title_vi: str
    title_en: str
    source: str
    as_of: date
    entries: list[CodeListEntryOut]


class SuppliedBy(Answer):
    """Where something that is lacking is given: in which operation, and in which field of its body."""

    operation: str = Field(description="The id of an operation of this document.")
    pointer: str | None = Field(description="The field of its body, if it is one; else the operation as a whole.")


Supplied = Annotated[
    list[SuppliedBy],
    Field(
        description="What gives it or goes on from there, any one of them or one after the other; empty where it is"
        " only waited for."
    ),
]
