"""Who may do what, by role and scope, and by which problem the others are told."""

from tests.matrix.operations import Operation
from tests.people import MACHINES, PEOPLE

from childcare_api.access.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Permission, Role


def may(who: str, operation: Operation) -> bool:
    if operation.id == "read_child_access_log":
        # Whoever reads the child or the audit, where the audit of a child is kept: in communes and provinces.
        keeps = who in PEOPLE and PEOPLE[who].level in ("commune", "province")
        return keeps and bool({Permission.CHILD_READ, Permission.AUDIT_READ} & ROLE_PERMISSIONS[Role(PEOPLE[who].role)])
    permission = operation.wants
    if permission is None:
        # A machine client has secrets instead of a password.
        return operation.id != "change_password" or who in PEOPLE
    if who in MACHINES:
        return any(permission in SCOPE_PERMISSIONS[scope] for scope in MACHINES[who].scopes)
    return permission in ROLE_PERMISSIONS[Role(PEOPLE[who].role)]


def code(answer) -> str:
    body = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    return body.get("type", "").rpartition(":")[2]


ONE_OF_EACH_ROLE = [
    "sa_pa_village_collaborator",
    "sa_pa_officer",
    "sa_pa_leader",
    "lao_cai_province_officer",
    "lao_cai_province_leader",
    "bo_y_te_analyst",
    "operator_111",
    "sa_pa_inspector",
    "sa_pa_administrator",
    "hotline_111",
]
