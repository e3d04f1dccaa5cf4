"""What is wrong with one field where the clock or the records must be asked: always 422 that names the field.

What a body shows by itself is refused by its schema, in the same shape: see `PastDay` in `shared.schemas`.
"""

from datetime import date, datetime, timedelta

from childcare_api.shared import clock
from childcare_api.shared.problems import FieldError, Spoken, ValidationFailed
from childcare_api.shared.schemas import IN_FUTURE


def refused(pointer: str, code: str, english: str, vietnamese: str) -> ValidationFailed:
    """Return the problem of one field of a body, by its JSON pointer."""
    return ValidationFailed(errors=(FieldError(pointer, code, english, vietnamese),))


def in_future(pointer: str) -> ValidationFailed:
    """Return the problem of a day or a moment that has not come, where only what has happened is written down."""
    return refused(pointer, *IN_FUTURE)


def has_passed(pointer: str) -> ValidationFailed:
    """Return the problem of a day or a moment to come that lies in the past."""
    return refused(pointer, "has_passed", "This time has passed.", "Thời điểm này đã qua.")


def too_early(pointer: str, earliest: date, of: Spoken | None = None) -> ValidationFailed:
    """Return the problem of a day or a moment that lies before what it follows from: that, or the first that may be.

    In Vietnamese as offices write it, in the time there; rounded up to seconds, so that what is read off is taken. `of`
    says of what that was the time.
    """
    said, viet = earliest.isoformat(), f"ngày {earliest:%d/%m/%Y}"
    if isinstance(earliest, datetime):
        said = said.replace("+00:00", "Z")
        there = (earliest + timedelta(microseconds=-earliest.microsecond % 1_000_000)).astimezone(clock.VIET_NAM)
        viet = f"{there:%H:%M:%S ngày %d/%m/%Y} (giờ Việt Nam)"
    if of is not None:
        said, viet = f"{said}, {of.en}", f"{viet}, {of.vi}"
    return refused(pointer, "too_early", f"It cannot be before {said}.", f"Không thể trước {viet}.")


def ends_before_it_begins(pointer: str) -> ValidationFailed:
    """Return the problem of a last day before the first one, where the other of the two is on record."""
    return refused(pointer, "ends_before_it_begins", "It ends before it begins.", "Ngày kết thúc trước ngày bắt đầu.")


def no_such_record(pointer: str) -> ValidationFailed:
    """Return the problem of an id in a body that is nobody's within the caller's scope, or of another kind."""
    return refused(pointer, "no_such_record", "There is no such record.", "Không có bản ghi này.")
