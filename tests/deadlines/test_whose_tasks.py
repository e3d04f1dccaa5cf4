"""Whoever a clock names must be able to do it: a task of somebody who may not is nobody's."""

import re
from typing import get_args
from uuid import uuid4

import pytest
from tests.cases.stories import REPORT, keyed
from tests.matrix.declared import WANTS
from tests.people import SA_PA

from childcare_api.access.permissions import ROLE_PERMISSIONS, Level, Permission, Role
from childcare_api.deadlines.data import packaged_clocks
from childcare_api.deadlines.rules import SubjectKind, path_of

CLOCKS = packaged_clocks()
DONE_BY = {
    "intake.acknowledge": ["acknowledge_intake"],
    "intake.route": ["transfer_intake", "update_referral"],
    "intake.assess": ["assess_intake"],
    "case.open": ["open_cases"],
    "emergency.intervene": ["record_emergency_measure", "decide_separation"],
    "case.assess": ["record_assessment"],
    "case.meet": ["record_meeting"],
    "plan.submit": ["submit_plan"],
    "plan.decide": ["approve_plan"],
    "plan.adjust": ["submit_plan"],
    "plan.refused": ["submit_plan", "decide_separation", "request_court"],
    "plan.review": ["record_review"],
    "case.close": ["close_case"],
    "placement.answer": ["place_child", "decline_placement"],
    "placement.hand_over": ["hand_child_over"],
    # Who was handed over, or whose care was ended before; the officer brings the request to end it before the leader.
    "placement.hand_over_now": ["hand_child_over", "end_placement"],
    # A visit says when the child was brought out, or the leader ends the care.
    "placement.move_out": ["record_placement_visit", "end_placement"],
    "placement.end_temporary": ["end_placement", "place_child", "request_placement_end"],
    "placement.visit_first": ["record_placement_visit"],
    "placement.visit_second": ["record_placement_visit"],
    "placement.report": ["record_placement_visit"],
    "placement.carer_report_first": ["record_carer_report"],
    "placement.carer_report_yearly": ["record_carer_report"],
    "placement.decide_end": ["end_placement"],
    # The officer visits each, and brings out who is not safe; the leader ends the care.
    "carer.see_all": ["record_placement_visit", "end_placement"],
    "carer.end_all": ["end_placement"],
    "placement.end_at_facility": ["end_placement"],
    "placement.send": ["send_decision"],
    "facility.list_review": ["receive_facility_list"],
    "facility.appraise": ["appraise_facility_child"],
    "facility.decide": ["place_child", "decline_facility_child"],
    "facility.end_care": ["end_facility_care"],
    "care.half_year_report": ["send_care_report"],
    "care.yearly_report": ["send_province_care_report"],
    "care.report_read": ["acknowledge_care_report"],
    "carers.list_update": ["send_carer_list"],
    # The leader ends it, or asks the court, on what the officer finds: no separation ends without an assessment (32.3).
    "separation.end": ["cancel_separation", "request_court", "record_assessment"],
    # The leader decides on care, of the needs that the officer records (Mẫu 10), or the officer asks another commune.
    "separation.place": ["place_child", "record_care_needs", "request_placement"],
    "decision.send": ["send_decision"],
    "sixteen.assess": ["record_review"],
    "child_move.answer": ["accept_child_move", "decline_child_move"],
    "case.follow_child": ["offer_case_transfer"],
    "transfer.answer": ["accept_case_transfer", "decline_case_transfer"],
    "referral.answer": ["answer_received_referral"],
    "referral.follow_up": ["write_down_referral_answer", "withdraw_case_referral"],
    "referral.carry_out": ["write_down_referral_answer", "withdraw_case_referral"],
    "referral.perform": ["answer_received_referral"],
    "court.answer": ["record_court_order", "record_court_refusal", "withdraw_court_request"],
    "proceeding.answer": ["answer_proceeding"],
    # The officer records it, on the plan that the leader approved (LQ Điều 73.3).
    "release.prepare": ["record_release_prepared", "approve_plan"],
    "care.find": ["place_child", "request_placement"],
    "family.notice": ["record_family_notice"],
    "birth.register": ["record_care_papers"],
    "request.declined": ["ask_referral", "offer_case_transfer"],
    "glass.review": ["review_broken_glass"],
}
"""What ends each clock, or what its end rests on."""


def test_every_clock_is_told_how_it_ends():
    assert len(CLOCKS) > 30
    assert {clock.code for clock in CLOCKS} == set(DONE_BY)


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: f"{clock.code}-{clock.valid_from}")
def test_whoever_answers_for_a_clock_may_do_what_it_waits_for(clock):
    wanted = {WANTS[operation] for operation in DONE_BY[clock.code]}
    assert clock.answers
    # Each of them, without exception: who presides over a meeting by law and may not record it is not asked to.
    assert {role for role in clock.answers if wanted & ROLE_PERMISSIONS[Role(role)]} == set(clock.answers)
    # Whoever does it is never whom it climbs to; and it climbs to somebody.
    assert clock.escalates_to
    assert not set(clock.answers) & set(clock.escalates_to)


_LEVELS = {"village": Level.VILLAGE, "commune": Level.COMMUNE, "district": Level.DISTRICT, "province": Level.PROVINCE}


def test_nobody_is_sent_where_their_role_is_refused(app):
    """Of every clock, about everything it may be about, to each role that reads tasks."""
    reads = [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path.removeprefix("/api/v1"))), WANTS[item["get"]["operationId"]])
        for path, item in app.openapi()["paths"].items()
        if "get" in item and item["get"]["operationId"] in WANTS
    ]
    given, withheld = set(), set()
    for role, held in ROLE_PERMISSIONS.items():
        level = _LEVELS.get(role.value.partition("_")[0])
        if level is None or Permission.TASK_READ not in held:
            continue
        for clock in CLOCKS:
            for kind in get_args(SubjectKind):
                path = path_of(clock.code, kind, uuid4(), uuid4(), level=level, may=held.__contains__)
                if path is None:
                    withheld.add((role, kind))
                    continue
                (wanted,) = {wants for pattern, wants in reads if pattern.fullmatch(path)}
                assert wanted in held, (role, clock.code, path)
                given.add((role, kind))
    assert {(Role.PROVINCE_LEADER, "intake"), (Role.COMMUNE_LEADER, "child_move")} <= withheld - given
    assert {(Role.PROVINCE_OFFICER, "intake"), (Role.COMMUNE_OFFICER, "child_move")} <= given - withheld


async def test_a_province_leader_is_told_of_a_report_that_its_officer_reads(
    clock, sa_pa_officer, ta_van_officer, lao_cai_province_officer, lao_cai_province_leader
):
    body = REPORT | {"place": {"unit_id": SA_PA}}
    intake_id = (await ta_van_officer.post("/intakes", json=body, headers=keyed())).json()["id"]
    clock.forward(days=2)
    for reader, opens in ((lao_cai_province_leader, False), (lao_cai_province_officer, True), (sa_pa_officer, True)):
        [task] = [
            one
            for one in (await reader.get("/tasks", params={"subject_id": intake_id})).json()["items"]
            if one["rule"] == "intake.acknowledge"
        ]
        assert task["path"] == (f"/intakes/{intake_id}" if opens else None)
        assert (await reader.get(f"/intakes/{intake_id}")).status_code == (200 if opens else 403)
