"""What has a fixed form is told in words to people, and by a pattern that every program reads alike."""

import re
from collections.abc import Iterator

from tests.exchange.referring import REFERRAL, refer


def _patterns(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for one in part.values():
            yield from _patterns(one)
    elif isinstance(part, list):
        for one in part:
            yield from _patterns(one)


def test_a_pattern_of_the_document_names_its_letters_one_by_one(assembled):
    """`\\w` and its kin are letters of ASCII in JavaScript, and of all scripts in Python."""
    found = set(_patterns(assembled.openapi()))
    assert len(found) > 10
    odd = [one for one in found if re.search(r"\\[wWdDsSbBpP]|\(\?[^:]", one) or not one.isascii()]
    assert odd == []


async def test_whoever_writes_it_otherwise_reads_words_and_no_pattern(hotline_111):
    for answer in (await refer(hotline_111, external_ref="a/b"), await refer(hotline_111, key="two words")):
        [fault] = answer.json()["errors"]
        assert fault["code"] == "string_pattern_mismatch"
        assert "letters without accents" in fault["message"].lower()
        assert not set("^[]{}") & set(fault["message"] + answer.json()["detail"])
    in_vietnamese = {"Idempotency-Key": "two words", "Accept-Language": "vi"}
    said = await hotline_111.post("/hotline/referrals", json=REFERRAL, headers=in_vietnamese)
    assert "chữ cái không dấu" in said.json()["errors"][0]["message"]
