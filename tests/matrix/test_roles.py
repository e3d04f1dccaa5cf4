"""Role × every operation: who is refused, and who is not."""

import pytest
from tests.matrix.declared import WANTS
from tests.matrix.permitted import ONE_OF_EACH_ROLE, may
from tests.people import PEOPLE

from childcare_api.access.permissions import Role


def test_every_operation_declares_whom_it_is_for(every_operation):
    declared = {operation.id for operation in every_operation}
    assert declared == set(WANTS), "say in tests/matrix/declared.py which permission a new operation wants"


def test_one_of_each_role_speaks_here():
    assert {PEOPLE[who].role for who in ONE_OF_EACH_ROLE if who in PEOPLE} == {*Role} - {Role.DISTRICT_OFFICER}


@pytest.mark.parametrize("who", ONE_OF_EACH_ROLE)
async def test_a_role_does_what_it_is_permitted_and_nothing_else(who, every_operation, speak_as):
    client, wrong = speak_as(who), []
    for operation in every_operation:
        answer = await operation.ask(client)
        refused = answer.status_code == 403
        if refused is may(who, operation) or answer.status_code in (401, 422, 500):
            wrong.append((operation.id, answer.status_code, answer.text[:300] if not refused else ""))
    assert not wrong, "\n".join(map(str, wrong))
