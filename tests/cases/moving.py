"""Words that the tests of cases that move share."""

from tests.cases.stories import TRANSFER, keyed, tag
from tests.people import HOANG_MAI

IN_HA_NOI = TRANSFER | {"residence": {"unit_id": HOANG_MAI}, "address": "Số 5 phố Định Công"}


async def answer(who, transfer_id: str, word: str, version: int = 1, **body):
    return await who.post(f"/transfers/{transfer_id}/{word}", json=body, headers=tag(version) | keyed())
