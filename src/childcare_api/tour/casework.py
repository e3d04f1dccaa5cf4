"""Steps 4 to 6: the commune of residence works on the case, its leaders decide, and the case is closed."""

import asyncio
from typing import Any

from childcare_api.shared import clock
from childcare_api.tour import bodies
from childcare_api.tour.plans import supported_in_time
from childcare_api.tour.telling import HOTLINE, Tour, clock_of, instant, local

OFFICER, LEADER, ACTING = "ta-van.officer", "ta-van.leader", "ta-van.acting-leader"
FEED_SECONDS = 30


class Case:
    """The case that the tour works on, at the version it saw last."""

    def __init__(self, tour: Tour, case_id: str, *, officer: str = OFFICER) -> None:
        self.tour = tour
        self.path = f"/cases/{case_id}"
        self.officer = officer
        self.version = 0

    async def head(self) -> dict[str, Any]:
        """Read the head of the case."""
        head = await self.tour.ask(self.officer, "GET", self.path)
        self.version = int(head["row_version"])
        return head

    async def do(self, who: str, path: str, body: dict[str, Any], *, status: int = 201) -> dict[str, Any]:
        """Send a command that has to succeed."""
        answer = await self.tour.ask(who, "POST", f"{self.path}{path}", body=body, version=self.version, status=status)
        self.tour.check(answer["row_version"] > self.version, "every change counts in the version")
        self.version = int(answer["row_version"])
        return answer

    async def refused(
        self, who: str, path: str, body: dict[str, Any], code: str, *, status: int = 409
    ) -> dict[str, Any]:
        """Send a command that has to be refused."""
        return await self.tour.refused(
            who, "POST", f"{self.path}{path}", code, body=body, version=self.version, status=status
        )

    async def tell_everybody(self, *, happened_at: str | None = None) -> None:
        """Send the decision in force to whom it names, and to a parent or carer (Điều 28.5)."""
        waiting = (await self.tour.ask(self.officer, "GET", f"{self.path}/sendings"))["still_to_be_told"]
        for one in waiting:
            decision_id = one.pop("decision_id")
            body = one | {"recipient": one["recipient"] or "Gia đình trẻ em", "way": "in_person"}
            body |= {} if happened_at is None else {"happened_at": happened_at}
            await self.do(self.officer, f"/decisions/{decision_id}/sendings", body)

    async def stands(self, status: str) -> dict[str, Any]:
        """Read the head and see that the case stands there."""
        head = await self.head()
        self.tour.check(head["status"] == status, f"the case should be {status}, and is {head['status']}")
        return head


async def assess(tour: Tour) -> None:
    """Step 4: the child's record, measures, the detailed assessment, the meeting, and the plan."""
    tour.begin("4. The commune of residence assesses, meets and plans")
    case = Case(tour, tour.facts["case"])
    head = await case.stands("opened")
    tour.check(head["siblings"] == [tour.facts["sibling"]], "the two cases are linked as siblings")
    tour.check(head["emergency"] and head["harm_doer_is_carer"], "it is an emergency because a carer did the harm")
    tour.tell(OFFICER, "opens the case", f"{head['child_name']}, its sibling beside it")
    child = {"full_name": head["child_name"], "estimated_age": 8}
    link = await case.do(OFFICER, "/register-child", {"child": child})
    record = await tour.ask(OFFICER, "GET", f"/children/{link['child_id']}")
    tour.check(
        (record["sex"], record["born_on_precision"]) == ("unknown", "estimated"), "what is unknown stays unknown"
    )
    tour.facts["child"] = link["child_id"]
    tour.tell(OFFICER, "registers the child: no papers, no birthday, sex unknown", "registered and linked")
    await case.do(OFFICER, "/emergency-measures", bodies.MEASURE)
    tour.tell(OFFICER, "records an emergency measure", "recorded")
    wishes = bodies.ASSESSMENT | {"carers_wishes": [{"relation": "father", "wishes": "Đón con về."}]}
    refused = await case.refused(OFFICER, "/assessments", wishes, "harm_doer_is_not_asked")
    tour.check(refused["relations"] == ["father"], "the harm-doer is named")
    await case.do(OFFICER, "/assessments", bodies.ASSESSMENT)
    tour.tell(OFFICER, "assesses in eight contents (Mẫu 03)", "recorded; the harm-doer's own wishes were refused")
    await case.stands("assessed")
    await case.do(OFFICER, "/meetings", bodies.meeting(clock.now()))
    task = await tour.task(OFFICER, tour.facts["case"], "plan.submit")
    tour.check(task["as_soon_as_possible"] is True, "in an emergency the plan is due as soon as possible (Điều 28.1)")
    tour.check("28.1" in task["article"], "the task cites the article")
    tour.tell(OFFICER, "records the meeting with its minutes", "the plan is due", clock_of(task))
    await _plan(tour, case)


async def _plan(tour: Tour, case: Case) -> None:
    draft = await case.do(OFFICER, "/intervention-plans", bodies.PLAN | {"services": [bodies.BARE_SERVICE]})
    plan = f"/intervention-plans/{draft['id']}"
    incomplete = await case.refused(OFFICER, f"{plan}/submit", {}, "dossier_incomplete")
    lacks = [(one["what"], one["article"].split()[-1]) for one in incomplete["missing"]]
    tour.check(
        lacks
        == [
            ("service_start", "28.3.a"),
            ("service_expected_end", "28.3.a"),
            ("service_responsible_body", "28.3.b"),
            ("service_provider", "28.3.c"),
            ("service_cost", "28.3.d"),
        ],
        "what the dossier lacks is named by article",
    )
    tour.tell(OFFICER, "submits a draft too early", f"refused: {', '.join(what for what, _ in lacks)}")
    changed = await tour.ask(
        OFFICER, "PATCH", f"{case.path}{plan}", body={"services": bodies.services()}, version=case.version
    )
    tour.check(changed["missing"] == [], "the completed dossier lacks nothing")
    case.version = int(changed["row_version"])
    submitted = await case.do(OFFICER, f"{plan}/submit", {}, status=200)
    tour.check(submitted["status"] == "submitted", "the plan is before the leader")
    task = await tour.task(LEADER, tour.facts["case"], "plan.decide")
    tour.tell(OFFICER, "completes and submits the plan (Mẫu 04)", f"{changed['total_cost_vnd']:,} đồng", clock_of(task))
    tour.facts["plan"], tour.facts["version"] = draft["id"], case.version


async def decide(tour: Tour) -> None:
    """Step 5: returned, approved by an acting leader with a wrong number, marked, and decided again."""
    tour.begin("5. The leader decides")
    case, plan_id = Case(tour, tour.facts["case"]), tour.facts["plan"]
    await case.stands("awaiting_decision")
    plan = f"/intervention-plans/{plan_id}"
    await case.refused(OFFICER, f"{plan}/approve", bodies.decision("01/QĐ-UBND"), "forbidden", status=403)
    tour.tell(OFFICER, "tries to approve the plan", "403: only a leader may")
    returned = await case.do(LEADER, f"{plan}/return", {"reason": "Bổ sung hỗ trợ tâm lý."}, status=200)
    tour.check(returned["status"] == "returned", "the plan is returned")
    changed = {"objectives": "Hai cháu an toàn, khỏe, bớt sợ, đi học đều."}
    await tour.refused(OFFICER, "PATCH", f"{case.path}{plan}", "plan_unchangeable", body=changed, version=case.version)
    revised = await case.do(OFFICER, f"{plan}/revise", changed)
    tour.check(revised["revises_id"] == plan_id and revised["version"] == 2, "what was submitted stays beside it")  # noqa: PLR2004 - the second
    plan = f"/intervention-plans/{revised['id']}"
    await case.do(OFFICER, f"{plan}/submit", {}, status=200)
    tour.tell(LEADER, "returns it with a reason; the officer revises it and submits the next version", "submitted")
    wrong = await case.do(ACTING, f"{plan}/approve", bodies.decision("91/QĐ-UBND"), status=200)
    (decision,) = wrong["decisions"]
    tour.check(decision["acting_for_assignment_id"] is not None, "an acting leader signs for somebody")
    tour.tell(ACTING, "approves, acting for the leader", f"decision {decision['decision_number']}")
    mark = {"reason": "Ghi sai số quyết định."}
    await case.do(ACTING, f"/decisions/{decision['id']}/entered-in-error", mark, status=200)
    await case.stands("awaiting_decision")
    right = await case.do(LEADER, f"{plan}/approve", bodies.decision("19/QĐ-UBND"), status=200)
    found = [(one["decision_number"], one["counts"]) for one in right["decisions"]]
    tour.check(
        found == [("91/QĐ-UBND", False), ("19/QĐ-UBND", True)], "the wrong number stays readable and counts no more"
    )
    tour.tell(LEADER, "marks the wrong number and decides again", "decision 19/QĐ-UBND")
    await tour.refused(
        OFFICER,
        "PATCH",
        f"{case.path}{plan}",
        "plan_unchangeable",
        body={"objectives": "Khác."},
        version=case.version,
    )
    tour.tell(OFFICER, "tries to change the approved plan", "refused: an approved version never changes")
    await case.stands("implementing")
    tour.facts["service"] = right["services"][0]["id"]


async def follow(tour: Tour) -> None:
    """Step 6: services, a review that finds risk, a second cycle, closing, and what the hotline hears of it."""
    tour.begin("6. Services, reviews, a second cycle, and the end")
    tour.facts["supported"] = await supported_in_time(tour)
    case = Case(tour, tour.facts["case"])
    await case.head()
    service = {"plan_service_id": tour.facts["service"], "progress": "begun", "provided_by": "Trạm y tế xã Tả Van"}
    await case.do(OFFICER, "/services", service)
    await case.do(OFFICER, "/progress-notes", {"note": "Cháu đã được khám, đi học lại."})
    tour.tell(OFFICER, "begins a service and notes how it goes", "recorded")
    review = await case.do(OFFICER, "/reviews", bodies.RISKY_REVIEW)
    tour.check(review["outcome"] == "continue", "remaining risk runs the plan cycle again (Điều 30.1 c)")
    head = await case.stands("replanning")
    tour.check(head["cycle"] == 2, "it is the second cycle")  # noqa: PLR2004 - the second
    await case.refused(LEADER, "/close", {}, "risk_remains")
    task = await tour.task(OFFICER, tour.facts["case"], "plan.submit")
    tour.tell(OFFICER, "reviews (Mẫu 06): risk remains", "a new cycle; the leader cannot close", clock_of(task))
    draft = await case.do(OFFICER, "/intervention-plans", bodies.PLAN | {"services": bodies.services()})
    await case.do(OFFICER, f"/intervention-plans/{draft['id']}/submit", {}, status=200)
    await case.do(LEADER, f"/intervention-plans/{draft['id']}/approve", bodies.decision("27/QĐ-UBND"), status=200)
    tour.tell(LEADER, "approves the second plan", "decision 27/QĐ-UBND")
    review = await case.do(OFFICER, "/reviews", bodies.REVIEW)
    tour.check(review["outcome"] == "end", "without risk and with a stable child the plan ends (Điều 30.1 b)")
    unsent = await case.refused(LEADER, "/close", {}, "decision_not_sent")
    tour.tell(LEADER, "tries to close", f"refused: {len(unsent['still_to_be_told'])} still have to be told")
    await case.tell_everybody()
    closed = await case.do(LEADER, "/close", {"note": "Cháu đã ổn định."}, status=200)
    tour.check(closed["status"] == "closed", "the case is closed")
    tour.tell(LEADER, "closes the case after a review without risk", "closed", local(closed["closed_at"]))
    await _feedback(tour)


async def _feedback(tour: Tour) -> None:
    """Let the hotline read what became of its referral; the worker needs a moment to tell."""
    wanted = {"acknowledged", "assessed", "case_opened", "plan_approved", "case_closed"}
    heard: list[dict[str, Any]] = []
    for _ in range(FEED_SECONDS * 2):
        heard = await _own_feedback(tour)
        if wanted <= {item["kind"] for item in heard}:
            break
        await asyncio.sleep(0.5)
    missing = wanted - {item["kind"] for item in heard}
    tour.check(not missing, f"the hotline should hear of its own referral: {', '.join(sorted(missing))}")
    tour.check("Vàng" not in str(heard), "feedback names nobody")
    newest = max(heard, key=lambda item: instant(item["recorded_at"]))
    tour.tell(HOTLINE, "reads the feed", f"{len(heard)} messages on its referral", local(newest["recorded_at"]))


async def _own_feedback(tour: Tour) -> list[dict[str, Any]]:
    """Follow the feed to its end. Everything in it is about referrals of this hotline."""
    found: list[dict[str, Any]] = []
    cursor: str | None = tour.facts.get("feed")
    while True:
        feed = await tour.ask(HOTLINE, "GET", "/hotline/feedback", params={"cursor": cursor} if cursor else None)
        tour.check(
            all(item["source"] == HOTLINE for item in feed["items"]), "a hotline hears of its own referrals only"
        )
        found += [item for item in feed["items"] if item["external_ref"] == tour.facts["ref"]]
        cursor = feed["next_cursor"]
        if not feed["has_more"]:
            return found
