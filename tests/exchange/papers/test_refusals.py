"""What is not printed, for whom, and that nothing of it is recorded as printed."""

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import File, tag
from tests.people import PEOPLE

from childcare_api.shared.ids import new_id

WHY = {"reason": "Vụ việc bị báo chí chú ý."}
PATHS = ("", "/mau-01", "/timeline", "/case-file")


async def answers_of(who, case_id) -> list[tuple[int, str]]:
    answers = [await who.get(f"/cases/{case_id}/forms{path}") for path in PATHS]
    return [(answer.status_code, code_of(answer)) for answer in answers]


async def test_papers_of_a_sealed_case_are_there_for_its_recipients_its_leader_and_who_opened_it(
    case_id,
    sa_pa_officer,
    sa_pa_second_officer,
    sa_pa_leader,
    lao_cai_province_officer,
    lao_cai_province_leader,
    events,
):
    first = (await sa_pa_officer.get(f"/cases/{case_id}/forms")).json()
    assert first["items"][0]["steps"], "it can be printed before"
    body = {"level": "sealed", "recipients": [str(PEOPLE["lao_cai_province_officer"].id)], **WHY}
    sealed = await sa_pa_leader.put(f"/cases/{case_id}/confidentiality", json=body, headers=tag(first["row_version"]))
    assert sealed.status_code == 200, sealed.text
    nowhere = await answers_of(sa_pa_second_officer, new_id())
    assert nowhere == [(404, "not_found")] * len(PATHS)
    for outside in (sa_pa_second_officer, lao_cai_province_leader):
        assert await answers_of(outside, case_id) == nowhere
    assert await events("form.printed") == []
    for inside in (sa_pa_officer, sa_pa_leader, lao_cai_province_officer):
        for path in PATHS:
            answer = await inside.get(f"/cases/{case_id}/forms{path}")
            assert answer.status_code == 200, (path, answer.text)
    assert len(await events("form.printed")) == 3 * (len(PATHS) - 1)


async def test_papers_of_a_case_do_not_exist_for_whoever_is_related_to_it(
    case_id, sa_pa_officer, sa_pa_leader, nobody, events
):
    related = {"user_id": str(PEOPLE["sa_pa_officer"].id)} | WHY
    named = await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=related)
    assert named.status_code == 201, named.text
    assert await answers_of(sa_pa_officer, case_id) == [(404, "not_found")] * len(PATHS)
    assert {status for status, _ in await answers_of(nobody, case_id)} == {401}
    assert await events("form.printed") == []


@pytest.mark.parametrize(
    ("form", "params", "refused"),
    [
        ("mau-17", {}, (404, "not_found")),
        ("mau-01", {"format": "odt"}, (400, "bad_query")),
        ("mau-01", {"step_id": "7"}, (400, "bad_query")),
        ("mau-01", {"format": "svg"}, (409, "format_not_possible")),
        ("mau-07", {}, (409, "form_without_step")),
        ("mau-12", {"format": "docx"}, (409, "form_without_step")),
    ],
)
async def test_a_paper_that_cannot_be_is_refused_with_what_is_wrong(
    case_id, sa_pa_officer, events, form, params, refused
):
    answer = await sa_pa_officer.get(f"/cases/{case_id}/forms/{form}", params=params)
    assert (answer.status_code, code_of(answer)) == refused
    if answer.status_code == 400:
        assert set(faults_of(answer)) == set(params)
    assert await events("form.printed") == []


async def test_a_step_of_another_kind_is_no_step_of_the_form(case_id, sa_pa_officer):
    step = (await File(case_id).do(sa_pa_officer, "/progress-notes", {"note": "Cháu đi học lại."}))["id"]
    for form in ("mau-01", "mau-03", "case-file"):
        answer = await sa_pa_officer.get(f"/cases/{case_id}/forms/{form}", params={"step_id": step})
        assert (answer.status_code, code_of(answer)) == (409, "form_without_step"), form
