"""The bases of all bodies: commands that refuse what they do not know, answers that leave nothing to guess."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from childcare_api.shared import clock
from childcare_api.shared.text import nfc

_HIDING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}", re.ASCII)


IN_FUTURE = ("in_future", "This lies in the future.", "Thời điểm này ở tương lai.")
"""Code and words of a day or a moment that has not come, where only what has happened is written down."""


def unfit(code: str, english: str, vietnamese: str, *, at: str = "") -> PydanticCustomError:
    """Return what a validator raises, so that the problem says it in both languages.

    What a whole object shows points at the whole of it; `at` names the field to change where there is one.
    Raising ValueError works too, but its text is withheld from the answer: it may quote what was sent.
    """
    return PydanticCustomError(code, "{en}", {"en": english, "vi": vietnamese, "at": at})


def _storable(text: str) -> str:
    # PostgreSQL stores no NUL, and other control characters hide text from whoever reads it later: so do those that
    # turn its direction round, and letters that show nothing.
    kinds = {unicodedata.category(letter) for letter in text if letter not in "\n\t\r"}
    if "Cc" in kinds or _HIDING.search(text):
        raise unfit("control_character", "Control characters are not allowed.", "Không được có ký tự điều khiển.")
    if not any(kind[0] in "LNPS" for kind in kinds):
        raise unfit("nothing_visible", "There is nothing to read in it.", "Không có chữ nào đọc được.")
    return nfc(text)


def _says_something(text: str) -> str:
    # A dot or a dash is what people type into a field that they must fill in. No pattern says so in the document: in
    # JavaScript `\w` knows no letter with a mark.
    if not any(map(str.isalnum, text)):
        raise unfit(
            "says_nothing", "Say it in words: dots and dashes say nothing.", "Hãy nêu bằng lời, có chữ hoặc số."
        )
    return text


def _written_as_day(day: object) -> object:
    # Pydantic alone also reads "1704153600" as a day: seconds since 1970.
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day if _DAY.fullmatch(day) else "")
    except ValueError:
        raise unfit("date_parsing", "A day is expected, as YYYY-MM-DD.", "Cần một ngày dạng YYYY-MM-DD.") from None


def _plausible(day: date) -> date:
    if not 1900 <= day.year <= 2100:  # noqa: PLR2004 - said in the docstring of Day
        raise unfit("date_out_of_range", "A day between 1900 and 2100.", "Ngày trong khoảng 1900 đến 2100.")
    return day


def _written_as_instant(instant: object) -> object:
    if not isinstance(instant, str):
        return instant
    try:
        return datetime.fromisoformat(instant.upper() if _INSTANT.match(instant) else "")
    except ValueError:
        raise unfit(
            "datetime_parsing", "An instant is expected, as RFC 3339.", "Cần một thời điểm dạng RFC 3339."
        ) from None


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise unfit("timezone_missing", "An instant needs its offset or Z.", "Thời điểm cần có múi giờ hoặc Z.")
    try:
        moment = instant.astimezone(UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC)
    _plausible(moment.date())
    return moment


def _has_been(moment: datetime) -> datetime:
    if moment > clock.now():
        raise unfit(*IN_FUTURE)
    return moment


def _has_come(day: date) -> date:
    if day > clock.today():
        raise unfit(*IN_FUTURE)
    return day


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), AfterValidator(_storable)
]
"""Text as it is stored: NFC, no control characters, not empty. Narrow it: `Annotated[Text, Field(max_length=200)]`."""

Reason = Annotated[Text, AfterValidator(_says_something)]
"""Why somebody does something, or what they tell, as a command states it: with a letter or a digit at least."""

Line = Annotated[Text, Field(max_length=200)]
"""A short text: a name, an address, a number on a paper."""

Instant = Annotated[datetime, BeforeValidator(_written_as_instant), AfterValidator(_aware)]
"""An instant, in UTC with Z in every answer; a body may use any offset but must name it."""


Day = Annotated[date, BeforeValidator(_written_as_day), AfterValidator(_plausible)]
"""A day, as YYYY-MM-DD, between 1900 and 2100."""

PastInstant = Annotated[Instant, AfterValidator(_has_been)]
"""When something happened, as a body states it: now or before."""

PastDay = Annotated[Day, AfterValidator(_has_come)]
"""A day on which something happened, as a body states it: today in Viet Nam or before."""


class Command(BaseModel):
    """A body: what a person asks for. Unknown fields are refused, and numbers are not read out of strings."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NewRecord(Command):
    """A command that makes a record, whose id the client may choose."""

    id: UUID | None = Field(default=None, description="A UUIDv7 of the client's own making; else the server makes one.")


class Answer(BaseModel):
    """An answer. Its fields have no defaults, so that nothing is forgotten silently."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Versioned(Answer):
    """The answer for a record that can change. Its version is the first field and the answer's ETag."""

    row_version: int = Field(ge=1, description="Send it back as `If-Match` with a change.")


def members(command: Command) -> dict[str, Any]:
    """Return only the fields that were sent, as a merge patch (RFC 7396) needs them: absent is not null."""
    return {name: getattr(command, name) for name in command.model_fields_set}
