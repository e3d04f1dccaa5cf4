"""Whoever must say why says it in words: a dot and a dash are no reason, in no command."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.answers import faults_of
from tests.cases.stories import keyed
from tests.intake.test_steps import step

from childcare_api.exchange.schemas import UpdateReferral
from childcare_api.intake.updating.schemas import UpdateIntake
from childcare_api.shared.schemas import Command
from childcare_api.working import MODULES


def every_command(base: type[Command] = Command) -> list[type[Command]]:
    return [one for each in base.__subclasses__() for one in (each, *every_command(each))]


def told_of(annotation: Any, value: str) -> str:
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError as refused:
        return refused.errors()[0]["type"]
    return "taken"


def test_every_reason_of_a_command_has_a_letter_or_a_digit():
    assert MODULES, "all commands are imported with them"
    stating = [(UpdateIntake, "text"), (UpdateReferral, "text")]
    stating += [
        (command, name)
        for command in every_command()
        for name in command.model_fields
        if name == "reason" or name.endswith("_reason")
    ]
    assert len(stating) > 40
    for command, name in stating:
        field = command.model_fields[name]
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        for said in (".", " - ", "— …", "_", "?!"):
            # A reason that is chosen from a list is no text.
            assert told_of(annotation, said) in {"says_nothing", "literal_error"}, (command, name, said)
        assert told_of(annotation, "Ở đó.") in {"taken", "literal_error"}, (command, name)


@pytest.mark.parametrize(("language", "message"), [("vi", "Hãy nêu bằng lời"), ("en", "Say it in words")])
async def test_a_report_is_not_put_aside_for_a_dot(sa_pa_officer, language: str, message: str):
    told = {"harm_doers": [{"relation": "father"}]}
    intake_id = (await sa_pa_officer.post("/intakes", json=told, headers=keyed())).json()["id"]
    spoken = {"Accept-Language": language}
    empty = {"dismiss": {"reason": "."}, "entered-in-error": {"reason": "-"}, "updates": {"text": "."}}
    for command, body in empty.items():
        answer = await step(sa_pa_officer, intake_id, command, body, **spoken)
        assert list(faults_of(answer).values()) == ["says_nothing"]
        assert message in answer.json()["errors"][0]["message"]
    assert (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["status"] == "acknowledged"
