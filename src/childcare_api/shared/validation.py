"""What Pydantic found wrong, said in two languages and without a letter of what was sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from childcare_api.shared.problems import FieldError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,49}")

# Limits in braces are the schema's, never the sender's: only names listed here are ever filled in.
_LIMITS = ("expected", "min_length", "max_length", "ge", "gt", "le", "lt", "max_digits", "decimal_places")
_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("This field is required.", "Trường này là bắt buộc."),
    "extra_forbidden": ("There is no such field.", "Không có trường này."),
    "string_type": ("Text is expected.", "Cần một chuỗi văn bản."),
    "string_too_short": ("At least {min_length} character(s).", "Ít nhất {min_length} ký tự."),
    "string_too_long": ("At most {max_length} character(s).", "Nhiều nhất {max_length} ký tự."),
    "too_short": ("At least {min_length} item(s).", "Ít nhất {min_length} mục."),
    "too_long": ("At most {max_length} item(s).", "Nhiều nhất {max_length} mục."),
    "int_type": ("A whole number is expected.", "Cần một số nguyên."),
    "int_parsing": ("A whole number is expected.", "Cần một số nguyên."),
    "int_from_float": ("A whole number is expected.", "Cần một số nguyên."),
    "float_type": ("A number is expected.", "Cần một số."),
    "decimal_type": ("A number is expected.", "Cần một số."),
    "decimal_parsing": ("A number is expected.", "Cần một số."),
    "decimal_max_digits": ("At most {max_digits} digit(s).", "Nhiều nhất {max_digits} chữ số."),
    "decimal_max_places": ("At most {decimal_places} decimal(s).", "Nhiều nhất {decimal_places} chữ số thập phân."),
    "bool_type": ("true or false is expected.", "Cần true hoặc false."),
    "bool_parsing": ("true or false is expected.", "Cần true hoặc false."),
    "uuid_type": ("A UUID is expected.", "Cần một UUID."),
    "uuid_parsing": ("A UUID is expected.", "Cần một UUID."),
    "date_type": ("A day is expected, as YYYY-MM-DD.", "Cần một ngày dạng YYYY-MM-DD."),
    "date_parsing": ("A day is expected, as YYYY-MM-DD.", "Cần một ngày dạng YYYY-MM-DD."),
    "date_from_datetime_parsing": ("A day is expected, as YYYY-MM-DD.", "Cần một ngày dạng YYYY-MM-DD."),
    "datetime_type": ("An instant is expected, with offset or Z.", "Cần một thời điểm có múi giờ hoặc Z."),
    "datetime_parsing": ("An instant is expected, with offset or Z.", "Cần một thời điểm có múi giờ hoặc Z."),
    "datetime_from_date_parsing": ("An instant is expected, with offset or Z.", "Cần một thời điểm có múi giờ."),
    "timezone_aware": ("An instant needs its offset or Z.", "Thời điểm cần có múi giờ hoặc Z."),
    "enum": ("One of {expected} is expected.", "Cần một trong: {expected}."),
    "literal_error": ("One of {expected} is expected.", "Cần một trong: {expected}."),
    "list_type": ("A list is expected.", "Cần một danh sách."),
    "dict_type": ("An object is expected.", "Cần một đối tượng."),
    "model_type": ("An object is expected.", "Cần một đối tượng."),
    "model_attributes_type": ("An object is expected.", "Cần một đối tượng."),
    "union_tag_invalid": ("The kind of this object is unknown.", "Không rõ loại của đối tượng này."),
    "union_tag_not_found": ("The kind of this object is missing.", "Thiếu loại của đối tượng này."),
    "greater_than_equal": ("At least {ge}.", "Ít nhất {ge}."),
    "greater_than": ("More than {gt}.", "Lớn hơn {gt}."),
    "less_than_equal": ("At most {le}.", "Nhiều nhất {le}."),
    "less_than": ("Less than {lt}.", "Nhỏ hơn {lt}."),
}
_ANY = ("The value is not valid.", "Giá trị không hợp lệ.")


def shown_name(name: str) -> str:
    """Return a name the sender chose if it can only be a name, else nothing: it could be anybody's data."""
    return name if _NAME.fullmatch(name) else ""


def field_errors(errors: Sequence[Mapping[str, Any]], *, skip: int = 0) -> tuple[FieldError, ...]:
    """Return Pydantic's errors as ours; `skip` is the number of leading places that are not in the body."""
    real = [error for error in errors if not _only_counts_faults(error, errors)]
    return tuple(_field_error(error, skip) for error in real[:100])


def _only_counts_faults(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a tuple is called too short for no other reason than faults inside of it.

    Pydantic counts the items of a tuple without the faulty ones, and reports those beside it.
    """
    if error["type"] != "too_short":
        return False
    place, counted = error["loc"], error["ctx"]
    faulty = {
        one["loc"][len(place)] for one in errors if len(one["loc"]) > len(place) and one["loc"][: len(place)] == place
    }
    return bool(faulty) and counted["actual_length"] + len(faulty) >= counted["min_length"]


def _field_error(error: Mapping[str, Any], skip: int) -> FieldError:
    code, context = str(error["type"]), error.get("ctx") or {}
    if context.get("field_type") == "Value":
        # Of a text whose length is counted after it was tidied, or that is a secret, Pydantic does not say what it is.
        code = {"too_long": "string_too_long", "too_short": "string_too_short"}.get(code, code)
    names = [str(part) for part in error["loc"][skip:]]
    if names and not all(shown_name(name) or name.isdigit() for name in names):
        names = names[: next(i for i, name in enumerate(names) if not (shown_name(name) or name.isdigit()))]
    pointer = "".join(f"/{name}" for name in names)
    if "en" in context and "vi" in context:
        at = f"/{context['at']}" if context["at"] else ""
        return FieldError(pointer + at, code, context["en"], context["vi"])
    english, vietnamese = _MESSAGES.get(code, _ANY)
    limits = {name: context.get(name, "") for name in _LIMITS}
    words = limits | {"expected": _in_vietnamese(str(limits["expected"]))}
    return FieldError(pointer, code, english.format_map(limits), vietnamese.format_map(words))


def _in_vietnamese(expected: str) -> str:
    """Return Pydantic's list of values with the Vietnamese word before the last one."""
    *others, last = expected.rsplit(" or ", 1)
    return " hoặc ".join([*others, last])
