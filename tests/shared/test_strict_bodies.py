import pytest

from childcare_api.shared import bodies
from childcare_api.shared.problems import ValidationFailed


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a":1,"a":2}', "doubled_key"),
        (b'{"a":{"b":1,"\\u0062":2}}', "doubled_key"),
        (b'{"a":NaN}', "json_invalid"),
        (b"[Infinity]", "json_invalid"),
        (b"[1e999]", "number_too_large"),
        (b'["\\ud800"]', "json_invalid"),
        (b'{"\\udfff":1}', "json_invalid"),
        (b'["\xed\xa0\x80"]', "json_invalid"),
        (b'["\\u0000"]', "control_character"),
        (b'{"\\u0000":1}', "control_character"),
        (b"\xef\xbb\xbf{}", "json_invalid"),
        ('{"a":1}'.encode("utf-16"), "json_invalid"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 100_000, "json_invalid"),
        (b"1" * 5000, "json_invalid"),
        (b"{} {}", "json_invalid"),
        (b'{"a":}', "json_invalid"),
    ],
)
def test_a_body_with_two_meanings_is_refused(body, code):
    with pytest.raises(ValidationFailed) as refused:
        bodies.parse(body)
    assert refused.value.errors[0].code == code


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"a":1,"children":[{},{"name":"x\\u0000"}]}', "/children/1/name"),
        (b'{"a":{"b\\u0000":1}}', "/a"),
        # A name that cannot be one may be anybody's data.
        (b'{"a":{"Giang A":{"c":"\\u0000"}}}', "/a"),
    ],
)
def test_a_text_that_cannot_be_stored_is_pointed_at(body, place):
    with pytest.raises(ValidationFailed) as refused:
        bodies.parse(body)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [(place, "control_character")]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"[" * 32 + b"]" * 32, None),
        (b'{"a":"\\"b\\":"}', {"a": '"b":'}),
        (b'{"a\\\\":"x:y", "b" : ["c", "d"]}', {"a\\": "x:y", "b": ["c", "d"]}),
        ('{"tên":"Giàng Thị \\u00dda"}'.encode(), {"tên": "Giàng Thị Ýa"}),
        (b'{"a":{"a":1},"b":{"a":1}}', {"a": {"a": 1}, "b": {"a": 1}}),
    ],
)
def test_a_plain_body_is_read_as_it_stands(body, value):
    parsed = bodies.parse(body)
    assert value is None or parsed == value
