"""Step 8: the timeline, who read the file, and whether the audit is whole."""

from childcare_api.tour.casework import OFFICER
from childcare_api.tour.telling import Tour, times

INSPECTORS = ("ta-van.inspector", "sa-pa.inspector")
TIMELINE = [
    *("opening", "handover", "grant", "child_linked", "emergency_measure", "assessment", "meeting"),
    *("plan_drafted", "plan_submitted", "plan_returned"),
    *("plan_drafted", "plan_submitted", "plan_approved", "plan_approved"),
    *("service", "progress_note", "review", "plan_drafted", "plan_submitted", "plan_approved", "review"),
    *["decision_sent"] * 4,
    "closure",
]


async def look_back(tour: Tour) -> None:
    """See that everything that was done is there, once, with who did it and who looked."""
    tour.begin("8. Looking back: the timeline, the readers, the seal")
    case_id = tour.facts["case"]
    timeline = await tour.ask(OFFICER, "GET", f"/cases/{case_id}/timeline")
    tour.check([step["kind"] for step in timeline["items"]] == TIMELINE, "every step is in the timeline, once")
    wrong = [step["kind"] for step in timeline["items"] if not step["counts"]]
    tour.check(wrong == ["plan_approved"], "only the wrong decision counts no more")
    tour.tell(OFFICER, "reads the timeline", f"{len(TIMELINE)} steps, one of them entered in error")
    for inspector in INSPECTORS:
        seen = await tour.ask(
            inspector, "GET", "/audit-events", params={"record_id": case_id, "action": "case.opened_to_read"}
        )
        tour.check(seen["items"], f"{inspector} finds who read the file")
        tour.check(all(event["subject_id"] == case_id for event in seen["items"]), "they are about this case")
        readers = {str(event["actor_name"]) for event in seen["items"]}
        tour.check("None" not in readers, "each of them is named")
        how_often = times(len(seen["items"]))
        tour.tell(inspector, "asks who read the file", f"read {how_often}, by {', '.join(sorted(readers))}")
    await tour.refused(OFFICER, "GET", "/audit-events", "forbidden", status=403)
    verified = await tour.ask(INSPECTORS[0], "GET", "/audit/verification")
    tour.check(verified["intact"] is True and verified["first_fault"] is None, "the audit is as it was sealed")
    tour.tell(INSPECTORS[0], "verifies the seals", f"{verified['checked_events']} events as they were sealed")
