"""Bodies and addresses of accounts and assignments, as their tests send them."""

from tests.people import (
    PEOPLE,
    SA_PA,
)


def user_body(**changes) -> dict:
    return {"username": "nguyen.van.an", "display_name": "Nguyễn Văn An", "unit_id": SA_PA, **changes}


def assignment_body(**changes) -> dict:
    return {"role": "commune_officer", "unit_id": SA_PA, "valid_from": "2026-01-01", **changes}


def path(key: str) -> str:
    return f"/users/{PEOPLE[key].id}"
