"""The table of docs/case-work.md: state × role × command, written from the guards that the program itself uses."""

from childcare_api.access.permissions import ROLE_PERMISSIONS, Permission, Role
from childcare_api.cases.advising.words import STATES
from childcare_api.cases.file.commands import Guard
from childcare_api.cases.file.guards import GUARDS, ON_REPORTS, TOLD_FROM_ELSEWHERE
from childcare_api.cases.file.models import CaseStatus
from childcare_api.units.labels import label

EXITS: tuple[tuple[str, str, str, str], ...] = (
    (
        "unfounded",
        "`dismiss_intake`; back by `reexamine_intake`",
        "– (the decree has no such step); NĐ 56/2017 Điều 25.1, 26.2",
        "the report is put aside, with its reason, danger once assessed as none; when something new is learned, anew",
    ),
    (
        "police",
        "`record_handover`",
        "NĐ 56/2017 Điều 25.3, 31.4",
        "the case goes on: a report of a crime is theirs, the child's protection stays here",
    ),
    (
        "transferred",
        "`accept_case_transfer`",
        "Luật Trẻ em Điều 52.2",
        "the other commune leads in the same state; who led reads on, and follows a child with one of its carers",
    ),
    (
        "child died",
        "`record_death`",
        "– (the decree has no such step)",
        "what is drafted lapses; the leader closes the case",
    ),
    (
        "turned 16",
        "`record_sixteenth`, or the day itself",
        "Luật Trẻ em Điều 1; TT 14/2020/TT-BLĐTBXH Điều 13.4",
        "a plan in force runs to its review; nothing new is planned",
    ),
)
"""How a case leaves the way from opening to closure. None is a state: what was done stays, and the steps tell it."""

SHORT: dict[Role, str] = {
    Role.VILLAGE_COLLABORATOR: "V",
    Role.COMMUNE_OFFICER: "O",
    Role.COMMUNE_LEADER: "L",
    Role.DISTRICT_OFFICER: "D",
    Role.PROVINCE_OFFICER: "PO",
    Role.PROVINCE_LEADER: "PL",
    Role.CENTRAL_ANALYST: "A",
    Role.HOTLINE_OPERATOR: "H",
    Role.INSPECTOR: "I",
    Role.ADMINISTRATOR: "AD",
}

_HEAD = """# Case work: who may do what, when

Written by `childcare-api case-work` from `cases/file/guards.py`, the table that the program itself asks, and compared
in the tests; `tests/cases/test_every_command.py` tries every command in every state by every role, and
`tests/stories/` tells ten stories of the procedure, which is ADR 0020. Nobody sets a state: it is read off the steps.

A command that the table does not allow in a state is refused with a named problem (docs/problems.md), never carried
out in part: each is one transaction, and a process that is killed leaves the case where it was.

What comes next stands in `GET /tasks`, by article and with its last moment, in every state that is open; where the law
names no term, it is a promise of the house and says so. What is kept or sealed from everybody who should do it stands
with who is above them (`left_over`): the leader, else the province. Whom a leader keeps from a case, or tells of a
sealed one, is named by the ids of `GET /colleagues`. Of a sealed case whose child a carer of another commune has, the
leader there sees what concerns that care, and names who visits (`PUT /cases/{id}/recipients-here`).
"""


def page() -> str:
    """Return the page, as Markdown."""
    return f"{_HEAD}\n{_states()}\n{_exits()}\n{_commands()}\n{_matrix()}\n{_readers()}"


def _states() -> str:
    rows = "".join(
        f"| `{state.value}` | {label(state.value, 'case_statuses').vi} | {told.article} | {told.follows_en} |\n"
        for state, told in STATES.items()
    )
    return f"## States\n\n| state | in the office | article | what usually follows |\n|---|---|---|---|\n{rows}"


def _exits() -> str:
    rows = "".join(f"| {name} | {command} | {article} | {becomes} |\n" for name, command, article, becomes in EXITS)
    return f"## Side exits\n\n| exit | command | article | what becomes of the case |\n|---|---|---|---|\n{rows}"


def _commands() -> str:
    rows = "".join(map(_command, (*ON_REPORTS, *TOLD_FROM_ELSEWHERE, *GUARDS)))
    head = "| command (operation) | step | role | article | what it also needs |\n|---|---|---|---|---|\n"
    return f"## Commands\n\n{head}{rows}"


def _command(guard: Guard) -> str:
    step = "–" if guard.kind is None else f"`{guard.kind.value}`"
    roles = ", ".join(f"{role.value} ({SHORT[role]})" for role in guard.roles)
    return f"| `{guard.operation}` | {step} | {roles} | {guard.article} | {guard.needs or '–'} |\n"


def _matrix() -> str:
    states = list(CaseStatus)
    head = "| command | " + " | ".join(f"`{state.value}`" for state in states) + " |\n"
    rule = "|---|" + "---|" * len(states) + "\n"
    rows = "".join(
        f"| `{guard.operation}` | " + " | ".join(_cell(guard, state) for state in states) + " |\n" for guard in GUARDS
    )
    words = (
        "Each cell names the roles that may give the command in that state: "
        + ", ".join(f"{short} = {role.value}" for role, short in SHORT.items() if _works(role))
        + ". No other role gives any.\n"
    )
    return f"## State × role × command\n\n{words}\n{head}{rule}{rows}"


def _cell(guard: Guard, state: CaseStatus) -> str:
    return "/".join(SHORT[role] for role in guard.roles) if state in guard.states else "–"


def _works(role: Role) -> bool:
    return any(role in guard.roles for guard in GUARDS)


def _readers() -> str:
    readers = [role.value for role in Role if Permission.CASE_READ in ROLE_PERMISSIONS[role]]
    return (
        f"Reading is for {', '.join(readers)}, each within its own commune, district or province; another commune"
        " sees what a grant in force names, by kind of step.\n"
    )
