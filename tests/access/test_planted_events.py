"""What the database refuses of events: nobody tells, in the log or the outbox of others, what was not done there."""

import json
from uuid import uuid4

from tests.access.planting import case_of, refused, second_look
from tests.access.test_scope import actor_of
from tests.cases.stories import REPORT, keyed
from tests.people import HA_NOI, LAI_CHAU, LAO_CAI, SA_PA, TA_VAN

from childcare_api.access import scope
from childcare_api.cases.file.events import EVENT_NAMES

_AUDIT = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
VALUES ($1, $2, $3, '{}', $4, $5)
"""
_EVENT = "INSERT INTO outbox (id, event, payload) VALUES ($1, $2, jsonb_build_object($3::text, $4::text))"


async def test_nobody_writes_into_the_log_of_another_unit_what_was_not_done_there(
    report_of_ta_van, ta_van_officer, database, as_sa_pa
):
    case_of_ta_van = await case_of(ta_van_officer, report_of_ta_van)
    for action, kind, subject in (("case.closed", "case", case_of_ta_van), ("user.changed", "user", uuid4())):
        await refused(database, "sa_pa_officer", _AUDIT, action, kind, str(subject), TA_VAN, LAO_CAI)
        await refused(database, "ta_leng_officer", _AUDIT, action, kind, str(subject), None, LAO_CAI)
        await refused(database, "lai_chau_province_officer", _AUDIT, action, kind, str(subject), TA_VAN, LAO_CAI)
    await as_sa_pa(_AUDIT, "case.closed", "case", str(uuid4()), SA_PA, LAO_CAI)
    for column in ("actor_id", "recorded_at", "actor_unit_id"):
        statement = f"INSERT INTO audit.events (action, subject_kind, {column}) VALUES ('x', 'x', NULL)"  # noqa: S608
        await refused(database, "sa_pa_officer", statement)


_TELL = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7)
"""


async def test_in_another_communes_log_stands_what_was_read_or_recorded_there_and_no_noise(
    report_of_ta_van, sa_pa_officer, lao_cai_province_officer, database, rows
):
    """A commune that has something to do there may tell that, by its name, and nothing else in the same words."""
    taken = await sa_pa_officer.post("/intakes", json={**REPORT, "place": {"unit_id": TA_VAN}}, headers=keyed())
    reported = taken.json()["id"]
    kept = await sa_pa_officer.post("/intakes", json=REPORT, headers=keyed())
    case_id = await case_of(sa_pa_officer, kept.json()["id"])
    [step] = await rows("SELECT * FROM case_steps WHERE case_id = $1 AND kind = 'opening'", case_id)
    said = {"step_id": str(step["id"]), "kind": "opening", "position": step["position"], "row_version": 2}
    there, own_and_foreign = (TA_VAN, LAO_CAI), (SA_PA, LAI_CHAU)
    true = [
        ("intake.read", "intake", reported, {}, there),
        ("case.opened_to_read", "case", case_id, {"part": "timeline"}, there),
        ("case.opened", "case", case_id, said, there),
    ]
    noise = [
        ("intake.read", "intake", report_of_ta_van, {}, there),
        ("intake.read", "intake", reported, {}, (TA_VAN, LAI_CHAU)),
        ("intake.read", "intake", reported, {"note": "x"}, there),
        ("intake.read", "child", reported, {}, there),
        ("intake.received", "intake", reported, {}, there),
        ("intake.received", "intake", uuid4(), {"emergency": True}, there),
        ("case.opened_to_read", "case", uuid4(), {"part": "x"}, there),
        ("case.opened_to_read", "case", case_id, {"part": "x" * 300}, there),
        ("case.opened_to_read", "case", case_id, {"part": "x"}, (SA_PA, LAI_CHAU)),
        ("case.referral_read", "case", case_id, {}, there),
        ("case.transfer_read", "case", case_id, {}, there),
        ("child.move_read", "child", uuid4(), {}, there),
        ("child.read_through_glass", "child", uuid4(), {"glass_id": str(uuid4())}, there),
        ("form.printed", "case", uuid4(), {}, there),
        ("form.printed", "carer", uuid4(), {}, there),
        ("case.closed", "case", case_id, said, there),
        ("case.step_entered_in_error", "case", case_id, said, there),
        ("case.opened", "case", case_id, said | {"position": 9}, there),
        ("case.opened", "case", case_id, said | {"note": "x"}, there),
        ("case.opened", "case", case_id, said, own_and_foreign),
        ("user.changed", "user", uuid4(), {}, own_and_foreign),
    ]
    for action, kind, subject, detail, held in noise:
        await refused(database, "sa_pa_officer", _TELL, action, kind, str(subject), json.dumps(detail), None, *held)
    for about in true:
        action, kind, subject, detail, held = about
        values = (action, kind, str(subject), json.dumps(detail))
        async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
            await connection.execute(_TELL, *values, None, *held)
        await refused(database, "sa_pa_officer", _TELL, *values, "Lời thêm.", *held)
        # Another commune, to which none of it is opened; and of the same one who recorded nothing there.
        await refused(database, "ta_leng_officer", _TELL, *values, None, *held)
    await refused(database, "sa_pa_leader", _TELL, "case.opened", "case", case_id, json.dumps(said), None, *there)
    # At the second look, too, nothing is told but that a case was opened.
    await refused(database, "sa_pa_officer", _TELL, "case.closed", "case", case_id, "{}", None, *there, way=second_look)
    async with second_look(database, actor_of("sa_pa_officer")) as connection:
        await connection.execute(_TELL, "case.opened_to_read", "case", case_id, "{}", None, *there)
    # The database tells of a report itself, once, in the log of who gets it, also in another province.
    far = await lao_cai_province_officer.post(
        "/intakes", json={**REPORT, "place": {"unit_id": HA_NOI}}, headers=keyed()
    )
    assert far.status_code == 201, far.text
    for intake_id, held in ((reported, there), (far.json()["id"], (None, HA_NOI))):
        [event] = await rows(
            "SELECT * FROM audit.events WHERE action = 'intake.received' AND subject_id = $1", intake_id
        )
        assert (event["holder_commune_id"], event["holder_province_id"]) == held
        assert event["actor_province_id"] == LAO_CAI


async def test_a_step_recorded_elsewhere_is_called_there_as_everywhere(rows):
    kinds = [kind.value for kind in EVENT_NAMES]
    named = await rows("SELECT k, audit.name_elsewhere(k) AS name FROM unnest($1::text[]) k", kinds)
    told = {row["k"]: row["name"] for row in named if row["name"]}
    assert len(told) > 10
    assert told.items() <= {kind.value: name for kind, name in EVENT_NAMES.items()}.items()
    in_care = await rows("SELECT k FROM unnest($1::text[]) k WHERE placing_table_of(k) IS NOT NULL", kinds)
    assert {row["k"] for row in in_care} <= told.keys()


async def test_nobody_tells_events_of_another_units_records_or_in_its_place(
    report_of_ta_van, ta_van_officer, database, as_sa_pa
):
    case_of_ta_van = await case_of(ta_van_officer, report_of_ta_van)
    for who in ("sa_pa_officer", "sa_pa_village_collaborator", "lai_chau_province_officer"):
        await refused(database, who, _EVENT, uuid4(), "case.closed", "case_id", str(case_of_ta_van))
        await refused(database, who, _EVENT, uuid4(), "intake.dismissed", "intake_id", str(report_of_ta_van))
    # What the gate alone announces, also of one's own.
    for event in ("case.child_turning_16", "task.escalated", "intake.transferred", "child.moved"):
        await refused(database, "ta_van_officer", _EVENT, uuid4(), event, "case_id", str(case_of_ta_van))
    elsewhere = "INSERT INTO outbox (id, event, payload, unit_id) VALUES ($1, 'case.closed', '{}', $2)"
    await refused(database, "sa_pa_officer", elsewhere, uuid4(), TA_VAN)
    await as_sa_pa(_EVENT, uuid4(), "child.registered", "child_id", str(uuid4()))
