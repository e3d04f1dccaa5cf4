"""What a list of children shows."""

from childcare_api.children.rules import years_before
from childcare_api.shared import clock


def names(answer):
    assert answer.status_code == 200, answer.text
    return [child["full_name"] for child in answer.json()["items"]]


async def listed(who, **params):
    return names(await who.get("/children", params=params))


def aged(years):
    return str(years_before(clock.today(), years))
