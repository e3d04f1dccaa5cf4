"""The numbers that no clock runs by: where each of them stands, and which holds on a day."""

from datetime import date

import pytest

from childcare_api.deadlines.data import packaged_clocks, packaged_limits
from childcare_api.deadlines.limits import limit, limits_on


def test_each_number_has_its_article_and_one_row_for_a_day():
    rows = packaged_limits()
    assert {"carer.older_by", "child.must_be_asked", "placement.meetings"} <= {one.code for one in rows}
    assert len({(one.code, one.valid_from) for one in rows}) == len(rows)
    for one in rows:
        assert "Điều" in one.article, one.code
        assert ("không quy định" in one.article) is (one.basis == "house"), one.code


def test_a_clock_of_the_house_says_that_the_law_names_no_term_and_no_other_does():
    for one in packaged_clocks():
        assert "Điều" in one.article, one.code
        assert ("không quy định" in one.article) is (one.basis == "house"), one.code


def test_a_day_before_the_first_row_is_judged_by_it_and_an_unknown_number_by_nothing():
    assert limit("placement.meetings", date(2018, 1, 1)) == limit("placement.meetings", date(2026, 1, 1)) == 2
    assert "placement.meetings" not in {one.code for one in limits_on(date(2018, 1, 1))}
    with pytest.raises(KeyError):
        limit("tea.break", date(2026, 1, 1))


async def test_everybody_reads_them_with_the_article(sa_pa_village_collaborator, hotline_111):
    for reader in (sa_pa_village_collaborator, hotline_111):
        found = {one["code"]: one for one in (await reader.get("/limits")).json()["items"]}
        assert (found["carer.older_by"]["value"], found["carer.older_by"]["unit"]) == (20, "years")
        assert found["carer.older_by"]["article"] == "Luật Trẻ em 102/2016/QH13, Điều 63.2 d"
        assert [code for code, one in found.items() if not one["verified"]] == [
            "carer.adult", "release.notice_imprisonment", "release.notice_reformatory"]  # fmt: skip
    earlier = (await hotline_111.get("/limits", params={"as_of": "2018-01-01"})).json()["items"]
    assert "placement.meetings" not in {one["code"] for one in earlier}
    assert (await hotline_111.get("/limits", params={"as_of": "gestern"})).status_code == 400
