"""Walks the syntax tree of every module: what the conventions forbid and no linter knows."""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "childcare_api"
MODULES = {file.relative_to(PACKAGE).as_posix(): file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")}

READS_THE_TIME = {"now", "utcnow", "today", "time", "time_ns"}
CLOCKS = {"datetime", "date", "time", "dt"}
ENDS_A_TRANSACTION = {"commit", "rollback"}
# Lower case is ruff's business (S608).
VERBS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "SET ", "CREATE ", "ALTER ", "DROP ", "GRANT ", "DO ")

# Roles, tables and columns cannot be parameters, nor can what goes out as one message with BEGIN. Where these files
# put a statement together, its words are constants or quoted there.
NAMES_IN_SQL = {
    "access/bootstrap.py",
    "access/scope.py",
    "action_plans/actions.py",
    "demo/loading.py",
    "installation.py",
    "units/actions.py",
}


def readings_of_time(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name)) if (
                owner in CLOCKS and name in READS_THE_TIME
            ):
                yield node.lineno


def ends_of_transactions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in ENDS_A_TRANSACTION:
                yield node.lineno
            case ast.Constant(value=str() as text) if text.strip(" ;").upper() in {"COMMIT", "ROLLBACK"}:
                yield node.lineno


def sql_with_values_in_it(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str() as start), *_]) if start.lstrip().startswith(VERBS):
                yield node.lineno


Finder = Callable[[ast.AST], Iterator[int]]
RULES: dict[str, tuple[Finder, set[str], str]] = {
    "only the clock reads the time": (readings_of_time, {"shared/clock.py"}, "datetime.now(UTC)"),
    "only the scope ends a transaction": (
        ends_of_transactions,
        {"shared/db.py"},
        "async def f(session): await session.commit()",
    ),
    "a statement is not put together from values": (
        sql_with_values_in_it,
        NAMES_IN_SQL,
        "x = f\"SELECT id FROM children WHERE full_name = '{name}'\"",
    ),
}


def test_the_walk_sees_the_whole_package():
    assert {"app.py", "shared/clock.py", "access/scope.py", "cases/file/actions.py"} <= MODULES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_the_house_holds(rule):
    broken, allowed, _ = RULES[rule]
    found = {(name, line) for name, text in MODULES.items() if name not in allowed for line in broken(ast.parse(text))}
    assert found == set()


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_of_a_rule_is_seen(rule):
    broken, _, breach = RULES[rule]
    assert list(broken(ast.parse(breach))) == [1]


def test_no_exception_to_a_rule_is_left_over():
    for broken, allowed, _ in RULES.values():
        for name in allowed:
            assert list(broken(ast.parse(MODULES[name]))), name


def test_what_does_not_fit_points_at_a_field_of_its_body():
    """`unfit(…, at=…)` in a body's own validator names a field of it or within it, or a client would mark none."""
    pointed = []
    for name, source in MODULES.items():
        for body in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)):
            for call in (node for node in ast.walk(body) if getattr(getattr(node, "func", None), "id", "") == "unfit"):
                at = {word.arg: word.value for word in call.keywords}.get("at")
                if isinstance(at, ast.Constant):
                    pointed.append((name, body.name, at.value))
    assert len(pointed) > 40
    for name, body, at in pointed:
        module = import_module("childcare_api." + name.removesuffix(".py").replace("/", "."))
        inner = getattr(module, body)
        for field in at.split("/"):
            assert field in inner.model_fields, (name, body, at)
            inner = inner.model_fields[field].annotation
