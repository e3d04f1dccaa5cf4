"""JSON as it is read here: strictly, so that every body means one thing.

The standard reader takes NaN, doubled keys, NUL and UTF-16, and each of them has a second meaning for somebody later:
the last of two keys wins here and the first elsewhere, NaN breaks the answer that quotes it.
"""

import math
import re

from pydantic_core import from_json

from childcare_api.shared.problems import FieldError, ValidationFailed
from childcare_api.shared.validation import shown_name

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
_MOST_DIGITS = 20
_KEY = re.compile(rb'"(?:[^"\\]|\\.)*+"(\s*+:)?', re.DOTALL)


def is_declared_too_long(content_length: str) -> bool:
    """Say whether a Content-Length announces more than is read; what is no number announces nothing."""
    digits = content_length.isascii() and content_length.isdigit()
    return digits and (len(content_length) > _MOST_DIGITS or int(content_length) > MAX_BYTES)


def _refusal(code: str, english: str, vietnamese: str) -> ValidationFailed:
    return ValidationFailed(errors=(FieldError("", code, english, vietnamese),))


def parse(body: bytes) -> object:
    """Return the value that a body states, or raise ValidationFailed with what makes it ambiguous or broken."""
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError:
        # The parser's words quote positions and letters of the body; the fact is enough.
        raise _refusal("json_invalid", "This is not JSON in UTF-8.", "Đây không phải là JSON ở dạng UTF-8.") from None
    keys = _count_keys(value, 1)
    if keys != sum(1 for match in _KEY.finditer(body) if match[1]):
        raise _refusal("doubled_key", "A field stands twice in one object.", "Một trường xuất hiện hai lần.")
    return value


def _count_keys(value: object, depth: int) -> int:
    """Return how many keys a parsed value holds, refusing on the way what cannot be stored."""
    if isinstance(value, str):
        if "\0" in value:
            raise _refusal("control_character", "NUL is not allowed.", "Không được có ký tự NUL.")
        return 0
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _refusal("number_too_large", "A number is too large.", "Một số quá lớn.")
        return 0
    if not isinstance(value, dict | list):
        return 0
    if depth > MAX_DEPTH:
        raise _refusal("too_deep", "At most 32 levels are read.", "Chỉ đọc tối đa 32 cấp lồng nhau.")
    if isinstance(value, list):
        return sum([_count_within(str(place), item, depth + 1) for place, item in enumerate(value)])
    keys = len(value) + sum([_count_keys(key, depth) for key in value])
    return keys + sum([_count_within(shown_name(key), item, depth + 1) for key, item in value.items()])


def _count_within(name: str, value: object, depth: int) -> int:
    """Count the keys in one place of an object or a list. What is refused there names the way to it."""
    try:
        return _count_keys(value, depth)
    except ValidationFailed as refused:
        errors = (one._replace(pointer=f"/{name}{one.pointer}" if name else "") for one in refused.errors)
        raise ValidationFailed(errors=tuple(errors)) from None
