"""What the demo's people already did: a few reports and cases, told through the API so that there is work to see.

A report nobody acknowledged, one whose place is only a province, an emergency that runs, a plan before the leader, one
being carried out, a closed case. Everything is drawn by the seed; the days count back from the day it is loaded.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import httpx
from rich.console import Console

from childcare_api.demo import providers
from childcare_api.demo.loading import SEED
from childcare_api.shared import clock
from childcare_api.tour import bodies
from childcare_api.tour.casework import Case
from childcare_api.tour.telling import HOTLINE, NotAsItShouldBe, Tour

SA_PA, TA_VAN = "sa-pa", "ta-van"
AGES = {"age_from": "6", "age_to": "14"}


class NotTold(Exception):  # noqa: N818 - a fact
    """The demo's cases could not be told; the text says where."""


@dataclass(frozen=True)
class _Office:
    """A commune that works on a case: its people, and itself as its papers name it."""

    key: str
    name: str

    @property
    def officer(self) -> str:
        return f"{self.key}.officer"

    @property
    def leader(self) -> str:
        return f"{self.key}.leader"


_SA_PA, _TA_VAN = _Office(SA_PA, "phường Sa Pa"), _Office(TA_VAN, "xã Tả Van")


async def tell(client: httpx.AsyncClient, password: str) -> None:
    """Tell all of it over an open client of the API, as the demo's people. Raises NotTold."""
    tour = Tour(client, password, Console(quiet=True))
    random = Random(SEED)  # noqa: S311 - the same choice again is what is wanted
    try:
        await providers.tell(tour)
        in_sa_pa, in_ta_van = await _children(tour, random, _SA_PA, 3), await _children(tour, random, _TA_VAN, 2)
        await _unacknowledged(tour, in_sa_pa[0])
        await _with_a_province(tour)
        await _emergency(tour, in_sa_pa[1])
        await _up_to_the_leader(tour, _SA_PA, in_sa_pa[2], began=timedelta(days=5), submitted=timedelta(hours=3))
        await _carried_out(tour, in_ta_van[0])
        await _closed(tour, in_ta_van[1])
    except NotAsItShouldBe as finding:
        raise NotTold(f"The demo's cases could not be told: {finding}") from None


def _ago(**by: float) -> str:
    return (clock.now() - timedelta(**by)).replace(microsecond=0).isoformat()


async def _children(tour: Tour, random: Random, office: _Office, count: int) -> list[dict[str, Any]]:
    found = await tour.ask(office.officer, "GET", "/children", params=AGES | {"limit": "100"})
    return random.sample(found["items"], count)


def _told(child: dict[str, Any], condition: str) -> dict[str, Any]:
    """Return a child of the register as somebody on the telephone describes it."""
    age = (clock.today() - datetime.fromisoformat(child["born_on"]).date()).days // 365
    return {"full_name": child["full_name"], "estimated_age": age, "sex": child["sex"], "condition": condition}


async def _unacknowledged(tour: Tour, child: dict[str, Any]) -> None:
    """Refer a call of yesterday by an old code; nobody has acknowledged it, and the initial assessment is overdue."""
    report = {
        "external_ref": "111-demo-0001",
        "received_at": _ago(hours=20),
        "place": {"code": "03001", "as_of": "2025-06-30", "text": "Gần trường học"},
        "category": "abused",
        "harm_kinds": ["neglect"],
        "harm_doers": [{"relation": "neighbour"}],
        "children": [_told(child, "Thường lang thang ngoài chợ, không được ăn trưa.")],
        "narrative": "Cháu nghỉ học nhiều ngày, đi bán hàng rong cho nhà hàng xóm.",
        "reporter": {"kind": "teacher", "full_name": "Cô giáo (bịa)", "phone": "0900000001"},
    }
    await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=report, status=201)


async def _with_a_province(tour: Tour) -> None:
    """Refer a call that named no more than a province, which has to send it on."""
    report = {
        "external_ref": "111-demo-0002",
        "received_at": _ago(minutes=40),
        "place": {"province": {"code": "15", "as_of": clock.today().isoformat()}, "text": "một bản gần đèo"},
        "category": "at_risk",
        "children": [{"estimated_age": 12, "sex": "female"}],
        "narrative": "Người gọi nghe nói cháu gái sắp bị đưa qua biên giới, không rõ ở xã nào.",
    }
    await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=report, status=201)


async def _emergency(tour: Tour, child: dict[str, Any]) -> None:
    """Refer a child beaten by its father two hours ago; the commune took it up and found an emergency."""
    report = {
        "external_ref": "111-demo-0003",
        "received_at": _ago(hours=2),
        "place": {"code": "03001", "as_of": "2025-06-30", "text": "Tổ dân phố 1"},
        "category": "abused",
        "harm_kinds": ["violence"],
        "harm_doers": [{"relation": "father", "cares_for_child": True}],
        "children": [_told(child, "Bầm tím ở tay và lưng.")],
        "narrative": "Bố uống rượu, đánh cháu nhiều lần trong tối nay.",
    }
    receipt = await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=report, status=201)
    path = f"/intakes/{receipt['intake_id']}"
    taken = await tour.ask(_SA_PA.officer, "POST", f"{path}/acknowledge", body={}, version=receipt["row_version"])
    await _assessed(tour, _SA_PA, path, taken["row_version"], at=_ago(minutes=50), emergency=True)


async def _assessed(
    tour: Tour, office: _Office, path: str, version: int, *, at: str, emergency: bool
) -> dict[str, Any]:
    grade = "high" if emergency else "medium"
    grid = dict.fromkeys(("harm_level", "harm_doer_access", "care_obstacles", "self_protection"), grade)
    conclusion = "Khẩn cấp, cần can thiệp ngay." if emergency else "Không khẩn cấp; cần kế hoạch hỗ trợ."
    body = grid | {"emergency": emergency, "conclusion": conclusion, "happened_at": at}
    return await tour.ask(office.officer, "POST", f"{path}/assess", body=body, version=version)


async def _up_to_the_leader(
    tour: Tour, office: _Office, child: dict[str, Any], *, began: timedelta, submitted: timedelta
) -> tuple[Case, str]:
    """Lead a case from a report at the office to a plan before the leader; return it with the plan's address."""
    received = clock.now() - began

    def after(**by: float) -> str:
        return (received + timedelta(**by)).replace(microsecond=0).isoformat()

    report = {
        "channel": "in_person",
        "received_at": after(),
        "category": "abused",
        "harm_kinds": ["violence"],
        "harm_doers": [{"relation": "neighbour"}],
        "children": [_told(child, "Sợ hãi, ngủ không yên.")],
        "narrative": "Cháu bị người hàng xóm đánh khi đi học về.",
    }
    receipt = await tour.ask(office.officer, "POST", "/intakes", body=report, status=201)
    path = f"/intakes/{receipt['id']}"
    judged = await _assessed(tour, office, path, receipt["row_version"], at=after(hours=3), emergency=False)
    opening = {"children": [{"intake_child_id": judged["children"][0]["id"]}], "happened_at": after(hours=4)}
    opened = await tour.ask(
        office.officer, "POST", f"{path}/open-case", body=opening, version=judged["row_version"], status=201
    )
    case = Case(tour, opened["cases"][0]["id"], officer=office.officer)
    await case.head()
    await case.do(office.officer, "/link-child", {"child_id": child["id"], "happened_at": after(hours=5)})
    assessment = bodies.ASSESSMENT | {"happened_at": after(days=1), "risk_level": "medium"}
    await case.do(office.officer, "/assessments", assessment)
    met_at = received + timedelta(days=2)
    await case.do(office.officer, "/meetings", bodies.meeting(met_at) | {"place": f"UBND {office.name}"})
    starts_on = (clock.now() - submitted).date() + timedelta(days=3)
    services = [one | {"responsible_body": f"Trạm y tế {office.name}"} for one in bodies.services(starts_on)]
    drafted = bodies.PLAN | {"services": services, "happened_at": after(days=2, hours=2)}
    plan = f"/intervention-plans/{(await case.do(office.officer, '/intervention-plans', drafted))['id']}"
    await case.do(office.officer, f"{plan}/submit", {"happened_at": _before_now(submitted)}, status=200)
    return case, plan


def _before_now(by: timedelta) -> str:
    return (clock.now() - by).replace(microsecond=0).isoformat()


async def _approved(
    tour: Tour, office: _Office, child: dict[str, Any], number: str, *, began: timedelta
) -> tuple[Case, str]:
    """Lead a case on to a plan that the leader approved a day later; return it with its first service's id."""
    submitted = began - timedelta(days=3)
    case, plan = await _up_to_the_leader(tour, office, child, began=began, submitted=submitted)
    decided = clock.now() - submitted + timedelta(days=1)
    decision = bodies.decision(number, clock.day_of(decided)) | {"happened_at": decided.isoformat()}
    approved = await case.do(office.leader, f"{plan}/approve", decision, status=200)
    return case, str(approved["services"][0]["id"])


async def _carried_out(tour: Tour, child: dict[str, Any]) -> None:
    """Lead a case to a plan of last month whose first service has begun."""
    case, service = await _approved(tour, _TA_VAN, child, "12/QĐ-UBND", began=timedelta(days=30))
    begun = {"plan_service_id": service, "progress": "begun", "provided_by": "Trạm y tế xã Tả Van"}
    await case.do(_TA_VAN.officer, "/services", begun | {"happened_at": _ago(days=22)})
    note = {"note": "Cháu đã được khám, đi học lại.", "happened_at": _ago(days=9)}
    await case.do(_TA_VAN.officer, "/progress-notes", note)


async def _closed(tour: Tour, child: dict[str, Any]) -> None:
    """Lead a case of last season to its end."""
    case, service = await _approved(tour, _TA_VAN, child, "03/QĐ-UBND", began=timedelta(days=100))
    done = {"plan_service_id": service, "progress": "done", "provided_by": "Trạm y tế xã Tả Van"}
    await case.tell_everybody(happened_at=_ago(days=95))
    await case.do(_TA_VAN.officer, "/services", done | {"happened_at": _ago(days=60)})
    await case.do(_TA_VAN.officer, "/reviews", bodies.REVIEW | {"happened_at": _ago(days=14)})
    await case.do(_TA_VAN.leader, "/close", {"note": "Cháu đã ổn định.", "happened_at": _ago(days=12)}, status=200)
