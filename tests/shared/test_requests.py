from collections.abc import AsyncIterator

import httpx
import pytest
from tests.shared.households import (
    router,
)

from childcare_api.shared.application import Application
from childcare_api.shared.schemas import unfit

app = Application(redirect_slashes=False)
app.include_router(router, prefix="/api/v1")
ID = "018f6f2e-0000-7000-8000-000000000000"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer x", "Accept-Language": "en"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://api/api/v1", headers=headers
    ) as client:
        yield client


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.headers["content-type"] == "application/problem+json"
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"head": "A", "colour": 1}, [("/colour", "extra_forbidden")]),
        ({"head": "A", "Giàng Thị Mỷ": 1}, [("", "extra_forbidden")]),
        ({}, [("/head", "missing")]),
        ({"head": "  "}, [("/head", "string_too_short")]),
        ({"head": 5}, [("/head", "string_type")]),
        ({"head": "A", "rooms": "2"}, [("/rooms", "int_type")]),
        ({"head": "A", "rooms": True}, [("/rooms", "int_type")]),
        ({"head": "A", "note": "x" * 11}, [("/note", "string_too_long")]),
        ({"head": "A\x07"}, [("/head", "control_character")]),
        ({"head": "A", "since": "2023-02-29"}, [("/since", "date_parsing")]),
        ({"head": "A", "since": 0}, [("/since", "date_type")]),
        ({"head": "A", "since": "1704153600"}, [("/since", "date_parsing")]),
        ({"head": "A", "since": "0024-01-01"}, [("/since", "date_out_of_range")]),
        ({"head": "A", "seen_at": "1704153600"}, [("/seen_at", "datetime_parsing")]),
        ({"head": "A", "seen_at": "9999-12-31T23:59:59-23:00"}, [("/seen_at", "date_out_of_range")]),
        ({"head": "A", "seen_at": "2024-01-01T00:00:00"}, [("/seen_at", "timezone_missing")]),
        ([], [("", "model_type")]),
    ],
)
async def test_a_body_that_does_not_fit_is_refused_place_by_place(client, body, found):
    answer = await client.post("/households", json=body)
    assert answer.status_code == 422
    assert codes(answer) == found


async def test_a_text_that_is_too_long_is_told_in_letters(client):
    refused = await client.post("/households", json={"head": "A", "note": "x" * 11}, headers={"Accept-Language": "vi"})
    assert [error["message"] for error in refused.json()["errors"]] == ["Nhiều nhất 10 ký tự."]


async def test_text_is_stored_in_one_normal_form(client):
    answer = await client.post("/households", json={"head": " Giàng Thị Mỷ "})
    assert answer.status_code == 201
    assert answer.json() == {"row_version": 1, "head": "Giàng Thị Mỷ"}
    assert answer.headers["etag"] == '"1"'


async def test_the_token_is_asked_for_before_the_body_is_judged(client):
    del client.headers["Authorization"]
    for answer in (
        await client.post("/households", content=b"{", headers={"content-type": "application/json"}),
        await client.post("/households", content=b"<a/>", headers={"content-type": "text/xml"}),
        await client.post("/households", json={"no": 1}),
        await client.get("/households?no=1"),
        await client.get("/households?sort=no"),
        await client.patch("/households/no", json={}),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/json; charset=utf-16",
        "application/jsonx",
        "multipart/form-data",
    ],
)
async def test_only_json_is_read(client, content_type):
    answer = await client.post("/households", content=b'{"head":"A"}', headers={"content-type": content_type})
    assert answer.status_code == 415


async def test_json_may_name_its_charset(client):
    kind = {"content-type": 'Application/JSON; Charset="UTF-8"'}
    assert (await client.post("/households", content=b'{"head":"A"}', headers=kind)).status_code == 201


async def test_more_than_a_megabyte_is_refused_with_or_without_its_length(client):
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    kind = {"content-type": "application/json"}
    for content in (b"x" * 1_000_001, chunks()):
        answer = await client.post("/households", content=content, headers=kind)
        assert answer.status_code == 413
        assert answer.json()["type"].endswith(":body_too_large")
    for length, status in (("\xb2", 422), ("9" * 5000, 413)):
        odd = kind | {"content-length": length.encode("latin-1")}
        assert (await client.post("/households", content=b"{}", headers=odd)).status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colour=1", [("colour", "unknown_parameter")]),
        ("Gi%C3%A0ng=1", [("", "unknown_parameter")]),
        ("sort=tail", [("sort", "literal_error")]),
        ("sort=head&sort=head", [("sort", "doubled_parameter")]),
        ("village=x", [("village/0", "int_parsing")]),
        ("sort=%00", [("", "not_text")]),
        ("sort=%ff", [("", "not_text")]),
        ("sort=", [("sort", "literal_error")]),
        ("as_of=0", [("as_of", "date_parsing")]),
        ("as_of=2026-02-30", [("as_of", "date_from_datetime_parsing")]),
    ],
)
async def test_a_query_that_is_not_understood_is_refused(client, query, found):
    answer = await client.get("/households?" + query)
    assert answer.status_code == 400
    assert codes(answer) == found


async def test_a_filter_made_for_it_may_stand_twice(client):
    assert (await client.get("/households?village=1&village=2&sort=head")).status_code == 200


@pytest.mark.parametrize("address", ["/households/no", "/households/%00", "/nothing", "/households/"])
async def test_an_address_that_cannot_be_is_not_found(client, address):
    answer = await client.patch(address, json={"head": "A"})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith(":not_found")


async def test_versions_are_judged_after_the_record_was_found(client):
    body = {"head": "A"}
    nobody = "00000000-0000-0000-0000-000000000000"
    assert (await client.patch(f"/households/{nobody}", json=body)).status_code == 404
    assert (await client.patch(f"/households/{ID}", json=body)).status_code == 428
    assert (await client.patch(f"/households/{ID}", json=body, headers={"If-Match": "*"})).status_code == 428
    for tag in ("3", "", '"3', '"3", 2'):
        malformed = await client.patch(f"/households/{ID}", json=body, headers={"If-Match": tag})
        assert (malformed.status_code, codes(malformed)) == (400, [("If-Match", "if_match_form")])
        assert 'If-Match: "3"' in malformed.json()["errors"][0]["message"]
        assert (await client.patch(f"/households/{nobody}", json=body, headers={"If-Match": tag})).status_code == 404
    stale = await client.patch(f"/households/{ID}", json=body, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["row_version"], stale.headers["etag"]) == (412, 3, '"3"')
    for tag in ('"3"', 'W/"3"', '"2", "3"', '"a,b" , W/"3"'):
        assert (await client.patch(f"/households/{ID}", json=body, headers={"If-Match": tag})).status_code == 200


async def test_a_merge_patch_tells_null_from_absent(client):
    sent = await client.patch(
        f"/households/{ID}",
        content=b'{"head":"A","note":null}',
        headers={"If-Match": '"3"', "content-type": "application/merge-patch+json"},
    )
    assert sent.json()["names"] == ["head", "note"]


async def test_a_problem_speaks_the_callers_language(client):
    english = (await client.post("/roofless")).json()
    assert english | {"request_id": "", "instance": ""} == {
        "type": "urn:childcare-api:problem:roof_missing",
        "title": "The roof is missing",
        "status": 409,
        "detail": "It lacks 7 tiles.",
        "instance": "",
        "request_id": "",
        "tiles": 7,
    }
    vietnamese = await client.post("/roofless", headers={"Accept-Language": "fr, vi;q=0.8, en;q=0.5"})
    assert vietnamese.json()["detail"] == "Thiếu 7 viên ngói."
    assert vietnamese.headers["content-language"] == "vi"


@pytest.mark.parametrize(
    ("fields", "english", "vietnamese"),
    [
        (
            {"roof": "x"},
            "One of 'tiles', 'straw' or 'unknown' is expected.",
            "Cần một trong: 'tiles', 'straw' hoặc 'unknown'.",
        ),
        ({"walls": "x"}, "One of 'wood' is expected.", "Cần một trong: 'wood'."),
        ({"head": ""}, "At least 1 character(s).", "Ít nhất 1 ký tự."),
        ({"head": "x" * 10_001}, "At most 10000 character(s).", "Nhiều nhất 10000 ký tự."),
    ],
)
async def test_each_language_says_what_is_wrong_in_its_own_words(client, fields, english, vietnamese):
    for language, message in (("en", english), ("vi", vietnamese)):
        answer = await client.post("/households", json={"head": "A", **fields}, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert [error["message"] for error in answer.json()["errors"]] == [message]


async def test_nothing_that_was_sent_comes_back_in_a_problem(client):
    secret = "Vừ-Mí-Sình-0912345678"
    body = {"head": secret * 40, "rooms": secret, "since": secret, "seen_at": secret, secret: secret, "note": secret}
    for answer in (
        await client.post("/households", json=body),
        await client.post("/households", content=f'{{"{secret}'.encode(), headers={"content-type": "application/json"}),
        await client.get("/households", params={"sort": secret, secret: "1", "village": secret}),
        await client.get("/" + secret),
        await client.patch("/households/" + secret, json={"head": "A"}, headers={"If-Match": secret.encode()}),
    ):
        assert answer.status_code >= 400
        assert "0912345678" not in answer.text + str(answer.headers)


def test_a_validator_names_its_refusal_in_both_languages():
    assert unfit("too_old", "Too old.", "Quá tuổi.").message() == "Too old."


async def test_a_known_address_names_the_methods_it_knows(client):
    answer = await client.delete("/households")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json()["type"].endswith(":method_not_allowed")
    assert (await client.get(f"/households/{ID}")).headers["allow"] == "PATCH"
