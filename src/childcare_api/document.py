"""What the OpenAPI document says beside the code: its tags, what stands in addresses, and bodies to try.

The examples lie in `examples/`, a file for each module, by the name of the operation.
"""

from importlib.resources import files
from typing import Any

import orjson

TAGS: list[dict[str, Any]] = [
    {
        "name": "service",
        "description": "Whether it runs and is ready, and the keys that tokens are checked by.",
    },
    {"name": "auth", "description": "Log in, change between assignments, end a session, and see who one is."},
    {"name": "users", "description": "People who may log in, and the dated assignments that say as what and where."},
    {"name": "machine clients", "description": "Programs of other offices, with scopes and rotating secrets."},
    {
        "name": "units",
        "description": "Administrative units (đơn vị hành chính) before and from 1 July 2025, what became of each, and"
        " the code lists.",
    },
    {"name": "directory", "description": "Agencies, service providers and hotlines, with their days of validity."},
    {
        "name": "registry",
        "description": "Households and children, their guardians, papers and circumstances (trẻ em có hoàn cảnh đặc"
        " biệt), with every change kept.",
    },
    {
        "name": "intake",
        "description": "Reports of concern (thông tin, thông báo, tố giác) from any channel: receipt, transfer, initial"
        " assessment.",
    },
    {
        "name": "cases",
        "description": "The case file from opening to closure: assessment, meeting, intervention plan, decision,"
        " services, review (Nghị định 56/2017/NĐ-CP).",
    },
    {
        "name": "alternative care",
        "description": "People and families who take children in (chăm sóc thay thế): applications, verification, the"
        " commune's quarterly list (Nghị định 56/2017/NĐ-CP, Điều 39-42). Placing a child is part of its case.",
    },
    {"name": "deadlines", "description": "What the law wants done, by whom, by when, and by which article."},
    {"name": "activities", "description": "Training, communication, campaigns, inspections: what was done, for whom."},
    {
        "name": "action plans",
        "description": "Plans of People's Committees (kế hoạch của UBND): targets, measurements, budgets, progress.",
    },
    {"name": "reports", "description": "Who owes which report by when; drafting, submitting, returning, accepting."},
    {
        "name": "hotline",
        "description": "For hotlines such as 111: refer a report under one's own number, follow what becomes of it.",
    },
    {
        "name": "oversight",
        "description": "For inspectors (thanh tra): who did and read what, and whether that is intact.",
    },
]

ADDRESSES: dict[str, str] = {
    "unit_id": "The number of the unit, as `GET /units` has it; fixed, and the same in every installation.",
    "name": "The name of the code list, as `GET /code-lists` has it.",
    "part": "Which kind of step it is, by the word in its address.",
    "step_id": "The id of the step, as the case's timeline has it.",
    "basis_id": "The id of the legal basis, as the plan's list has it.",
    "list_id": "The id of the quarterly list, as `GET /carer-lists` has it.",
    "province_care_report_id": "The id of the report, as `GET /province-care-reports` has it.",
    "care_report_id": "The id of the report, as `GET /care-reports` has it.",
    "facility_child_id": "The id of the child on a facility's list, as `GET /facility-children` has it.",
    "facility_list_id": "The id of the list, as `GET /facility-lists` has it.",
    "line_id": "The id of the budget line, as the plan's list has it.",
}
"""What the parameters in addresses mean; `child_id` and its like say it themselves."""


def examples() -> dict[str, Any]:
    """Return a body to try for each operation that has one. The people in them are made up."""
    found: dict[str, Any] = {}
    for file in sorted((files("childcare_api") / "examples").iterdir(), key=lambda file: file.name):
        found |= orjson.loads(file.read_bytes())
    return found
