"""What a role may do. Which rows exist for it is the scope's business."""

from enum import StrEnum
from typing import Final

from childcare_api.shared.problems import Spoken


class Role(StrEnum):
    """The roles a person can be assigned, as the API names them."""

    VILLAGE_COLLABORATOR = "village_collaborator"
    COMMUNE_OFFICER = "commune_officer"
    COMMUNE_LEADER = "commune_leader"
    DISTRICT_OFFICER = "district_officer"
    PROVINCE_OFFICER = "province_officer"
    PROVINCE_LEADER = "province_leader"
    CENTRAL_ANALYST = "central_analyst"
    HOTLINE_OPERATOR = "hotline_operator"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


class Level(StrEnum):
    """The levels of administration. Districts ended on 2025-06-30."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"


class Permission(StrEnum):
    """One verb on one kind of record."""

    CHILD_READ = "child:read"
    CHILD_WRITE = "child:write"
    CHILD_MOVE = "child:move"
    INTAKE_CREATE = "intake:create"
    INTAKE_READ = "intake:read"
    INTAKE_WORK = "intake:work"
    INTAKE_TRANSFER = "intake:transfer"
    INTAKE_REVEAL = "intake:reveal"
    CASE_OPEN = "case:open"
    CASE_READ = "case:read"
    CASE_WORK = "case:work"
    CASE_DECIDE = "case:decide"
    CASE_CLOSE = "case:close"
    CASE_REVEAL = "case:reveal"
    CARER_READ = "carer:read"
    CARER_WRITE = "carer:write"
    CARER_APPROVE = "carer:approve"
    FACILITY_LIST_WRITE = "facility_list:write"
    CARE_REPORT_ACCEPT = "care_report:accept"
    CARE_REPORT_SUBMIT = "care_report:submit"
    TASK_READ = "task:read"
    TASK_EXTEND = "task:extend"
    CLOCK_PROMISE = "clock:promise"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_WRITE = "directory:write"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    PLAN_READ = "plan:read"
    PLAN_WRITE = "plan:write"
    PLAN_ISSUE = "plan:issue"
    REPORT_READ = "report:read"
    REPORT_WRITE = "report:write"
    REPORT_SUBMIT = "report:submit"
    REPORT_ACCEPT = "report:accept"
    STATISTICS_READ = "statistics:read"
    COLLEAGUE_READ = "colleague:read"
    USER_READ = "user:read"
    USER_MANAGE = "user:manage"
    MACHINE_MANAGE = "machine:manage"
    AUDIT_READ = "audit:read"
    HOTLINE_REFER = "hotline:refer"
    HOTLINE_READ = "hotline:read"
    REGISTRY_IMPORT = "registry:import"
    WEBHOOKS_MANAGE = "webhooks:manage"


P = Permission
_PLANS_READ = {P.PLAN_READ, P.ACTIVITY_READ, P.REPORT_READ, P.DIRECTORY_READ, P.STATISTICS_READ}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VILLAGE_COLLABORATOR: frozenset({P.CHILD_READ, P.CHILD_WRITE, P.INTAKE_CREATE, P.DIRECTORY_READ}),
    Role.COMMUNE_OFFICER: frozenset(
        {
            P.CHILD_READ,
            P.CHILD_WRITE,
            P.CHILD_MOVE,
            P.INTAKE_CREATE,
            P.INTAKE_READ,
            P.INTAKE_WORK,
            P.INTAKE_TRANSFER,
            P.INTAKE_REVEAL,
            P.CASE_OPEN,
            P.CASE_READ,
            P.CASE_WORK,
            P.CASE_REVEAL,
            P.CARER_READ,
            P.CARER_WRITE,
            P.COLLEAGUE_READ,
            P.TASK_READ,
            P.ACTIVITY_WRITE,
            P.PLAN_WRITE,
            P.REPORT_WRITE,
            *_PLANS_READ,
        }
    ),
    Role.COMMUNE_LEADER: frozenset(
        {
            P.CHILD_READ,
            P.INTAKE_READ,
            P.INTAKE_REVEAL,
            P.CASE_READ,
            P.CASE_DECIDE,
            P.CASE_CLOSE,
            P.TASK_EXTEND,
            P.CLOCK_PROMISE,
            P.CASE_REVEAL,
            P.CARER_READ,
            P.CARER_APPROVE,
            P.COLLEAGUE_READ,
            P.TASK_READ,
            P.PLAN_ISSUE,
            P.REPORT_SUBMIT,
            *_PLANS_READ,
        }
    ),
    Role.DISTRICT_OFFICER: frozenset(
        {P.CHILD_READ, P.INTAKE_READ, P.CASE_READ, P.CARER_READ, P.TASK_READ, *_PLANS_READ}
    ),
    Role.PROVINCE_OFFICER: frozenset(
        {
            P.CHILD_READ,
            P.INTAKE_CREATE,
            P.INTAKE_READ,
            P.INTAKE_TRANSFER,
            P.CASE_READ,
            P.CARER_READ,
            P.FACILITY_LIST_WRITE,
            P.CARE_REPORT_ACCEPT,
            P.COLLEAGUE_READ,
            P.TASK_READ,
            P.DIRECTORY_WRITE,
            P.ACTIVITY_WRITE,
            P.PLAN_WRITE,
            P.REPORT_WRITE,
            P.REPORT_SUBMIT,
            P.REPORT_ACCEPT,
            *_PLANS_READ,
        }
    ),
    Role.PROVINCE_LEADER: frozenset(
        {
            P.CASE_READ,
            P.CARER_READ,
            P.CARE_REPORT_SUBMIT,
            P.COLLEAGUE_READ,
            P.TASK_READ,
            P.TASK_EXTEND,
            P.CLOCK_PROMISE,
            P.PLAN_ISSUE,
            P.REPORT_SUBMIT,
            *_PLANS_READ,
        }
    ),
    Role.CENTRAL_ANALYST: frozenset(
        {P.TASK_READ, P.PLAN_WRITE, P.PLAN_ISSUE, P.REPORT_ACCEPT, P.DIRECTORY_WRITE, *_PLANS_READ}
    ),
    Role.HOTLINE_OPERATOR: frozenset({P.HOTLINE_REFER, P.HOTLINE_READ, P.TASK_READ, P.DIRECTORY_READ}),
    Role.INSPECTOR: frozenset({P.AUDIT_READ, P.DIRECTORY_READ}),
    Role.ADMINISTRATOR: frozenset({P.USER_READ, P.USER_MANAGE, P.MACHINE_MANAGE, P.CLOCK_PROMISE, P.DIRECTORY_READ}),
}

_CALLED: Final[dict[Role, Spoken]] = {
    Role.VILLAGE_COLLABORATOR: Spoken("a village collaborator", "cộng tác viên thôn, tổ dân phố"),
    Role.COMMUNE_OFFICER: Spoken("an officer of the commune", "người làm công tác trẻ em cấp xã"),
    Role.COMMUNE_LEADER: Spoken("a leader of the commune", "lãnh đạo UBND cấp xã"),
    Role.PROVINCE_OFFICER: Spoken("an officer of the province", "người làm công tác trẻ em cấp tỉnh"),
    Role.PROVINCE_LEADER: Spoken("a leader of the province", "lãnh đạo cấp tỉnh"),
    Role.CENTRAL_ANALYST: Spoken("an analyst of the ministry", "chuyên viên cấp trung ương"),
    Role.HOTLINE_OPERATOR: Spoken("an operator of the hotline", "nhân viên Tổng đài 111"),
    Role.INSPECTOR: Spoken("an inspector", "thanh tra viên"),
    Role.ADMINISTRATOR: Spoken("an administrator", "quản trị viên"),
}
"""What roles are called to whoever asks the wrong one; of districts there are none any more."""


def who_may(permission: Permission) -> Spoken:
    """Return in words which roles have a permission. Which is no secret: docs/case-work.md and the API name them."""
    called = [said for role, said in _CALLED.items() if permission in ROLE_PERMISSIONS[role]]
    if not called:
        return Spoken("Only software that was given this scope may.", "Chỉ phần mềm được cấp quyền này mới được phép.")
    return Spoken(
        f"Who may: {', '.join(one.en for one in called)}.", f"Người được phép: {', '.join(one.vi for one in called)}."
    )


SCOPE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "hotline:refer": frozenset({P.HOTLINE_REFER}),
    "hotline:read": frozenset({P.HOTLINE_READ, P.TASK_READ}),
    "registry:import": frozenset({P.REGISTRY_IMPORT}),
    "statistics:read": frozenset({P.STATISTICS_READ}),
    "webhooks:manage": frozenset({P.WEBHOOKS_MANAGE}),
}


def database_role(role: Role | None, level: Level) -> str:
    """Return the database role that draws the wall for a role at a level; a machine client has no role."""
    if role is None or role is Role.HOTLINE_OPERATOR:
        return "childcare_hotline"
    return f"childcare_{level.value}"
