"""A referral as a hotline sends it, and where it stands."""

from datetime import UTC, datetime
from uuid import uuid4

CALLED = datetime(2026, 11, 20, 3, tzinfo=UTC)
REFERRAL = {
    "external_ref": "111-2026-000123",
    "received_at": "2026-11-20T10:00:00+07:00",
    "children": [{"full_name": "Lý Văn Chải", "estimated_age": 8, "sex": "male"}, {"sex": "unknown"}],
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "carer"}],
    "narrative": "Bị người chăm sóc đánh",
    "reporter": {"kind": "neighbour", "full_name": "Má A Dế", "phone": "0912000111"},
    "place": {"code": "03001", "as_of": "2025-06-30", "text": "tổ 3"},
}
HERE = "/hotline/referrals/tong-dai-111/111-2026-000123"


async def refer(hotline, body: dict | None = None, *, key: str | None = None, **over):
    return await hotline.post(
        "/hotline/referrals",
        json=REFERRAL | over if body is None else body,
        headers={"Idempotency-Key": key or str(uuid4())},
    )


async def post(hotline, path: str, **body):
    content = {"/updates": {"text": "x"}, "/withdraw": {"reason": "x"}}[path] | body
    return await hotline.post(HERE + path, json=content, headers={"Idempotency-Key": str(uuid4()), "If-Match": '"1"'})
