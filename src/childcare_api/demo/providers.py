"""The demo's service providers, told through the API by the provinces that keep them. None of them exists."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from childcare_api.demo.people import COMMUNES, PROVINCES
from childcare_api.shared import clock
from childcare_api.tour.telling import Tour

_SINCE = date(2025, 7, 1)
_SOURCE = "Dữ liệu mẫu, không có thật."
_ALL = ["prevention", "support", "intervention"]


async def tell(tour: Tour) -> None:
    """Tell who can be called on: a health station and a school in each commune, two centres in each province."""
    for number, (key, code, province) in enumerate(PROVINCES, start=1):
        keeper, issuer = f"{key}.province-officer", f"UBND {province}"
        unit = (await tour.ask(keeper, "GET", "/me"))["unit_id"]
        for provider in _of_province(province, places=20 + 10 * number):
            await _added(tour, keeper, provider | {"unit_id": unit}, issuer)
        for commune in COMMUNES:
            if commune.province_code == code:
                below = (await tour.ask(f"{commune.key}.officer", "GET", "/me"))["unit_id"]
                for provider in _of_commune(commune.name):
                    await _added(tour, keeper, provider | {"unit_id": below}, issuer)
                if commune.key == "sa-pa":
                    await _added(tour, keeper, _SHELTER | {"unit_id": below}, issuer, months=8)


def _provider(name: str, services: list[str], levels: list[str], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    described = {name: more.pop(name) for name in ("places", "terms") if name in more}
    return {
        "ownership": "public",
        "speciality": "partly",
        "valid_from": _SINCE.isoformat(),
        "described_from": _SINCE.isoformat(),
        "description": {"name": name, "phone": "0900 000 000", "services": services, "levels": levels} | described,
        "source": _SOURCE,
    } | more


_SHELTER = _provider(
    "Mái ấm Hoa Đào",
    ["alternative_care", "psychology"],
    ["support", "intervention"],
    places=12,
    terms="Nhận trẻ từ 4 đến dưới 16 tuổi, có giấy giới thiệu của UBND cấp xã.",
    ownership="non_public",
    speciality="specialised",
    is_facility=True,
)


def _of_commune(name: str) -> Iterator[dict[str, Any]]:
    yield _provider(f"Trạm y tế {name}", ["health"], _ALL)
    yield _provider(f"Trường Tiểu học và Trung học cơ sở {name}", ["education"], ["prevention", "support"])


def _of_province(name: str, *, places: int) -> Iterator[dict[str, Any]]:
    yield _provider(
        f"Trung tâm Công tác xã hội {name}",
        ["psychology", "welfare", "protection", "alternative_care"],
        _ALL,
        places=places,
        is_facility=True,
    )
    yield _provider(f"Trung tâm Trợ giúp pháp lý nhà nước {name}", ["legal"], ["support", "intervention"])


async def _added(tour: Tour, keeper: str, provider: dict[str, Any], issuer: str, *, months: int | None = None) -> None:
    """Add a provider with the decision that founded it, or a registration that runs out in some months."""
    made = await tour.ask(keeper, "POST", "/service-providers", body=provider, status=201)
    licence: dict[str, Any] = {
        "kind": "establishment_decision" if months is None else "registration",
        "number": f"{100 + len(provider['description']['name'])}/QĐ-UBND",
        "issued_on": _SINCE.isoformat(),
        "issuer": issuer,
        "scope": "Theo chức năng, nhiệm vụ được giao.",
    }
    if months is not None:
        licence["valid_to"] = (clock.today() + timedelta(days=30 * months)).isoformat()
    path = f"/service-providers/{made['id']}"
    await tour.ask(keeper, "POST", f"{path}/licences", body=licence, version=made["row_version"], status=201)
