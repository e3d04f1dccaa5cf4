"""Walks every function of the database: none of them asks for a state that no table has."""

import re

_ASKED = re.compile(r"\bstatus (?:NOT )?IN \(([^)]*)\)|\bstatus (?:=|<>|IS DISTINCT FROM) ('\w+')")
_WORD = re.compile(r"'(\w+)'")


async def test_functions_ask_only_for_states_that_a_table_has(rows):
    """A state that is gone is easily left behind in SQL, where nothing else would ever say so."""
    checks = await rows(
        "SELECT pg_get_constraintdef(oid) AS words FROM pg_constraint WHERE conname LIKE '%status%check'"
    )
    states = {word for check in checks for word in _WORD.findall(check["words"])}
    functions = await rows(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('public', 'access', 'audit')"
    )
    asked = {
        (function["proname"], word)
        for function in functions
        for listed in _ASKED.findall(function["prosrc"])
        for word in _WORD.findall("".join(listed))
    }

    assert len(asked) > 20
    assert [one for one in sorted(asked) if one[1] not in states] == []
