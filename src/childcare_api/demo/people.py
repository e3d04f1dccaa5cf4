"""The demo's people, machines and villages: who tries what, named `<unit>.<role>`. None of them exists."""

from dataclasses import dataclass
from uuid import UUID, uuid5

_NAMESPACE = UUID("5f6f0c1e-6f53-5b0a-9a3e-0d5a7c2b9e11")


@dataclass(frozen=True)
class Commune:
    """One of today's communes of the demo, with villages to be made in it."""

    key: str
    code: str
    province_code: str
    name: str
    mix: str
    """Whose names its children have, of demo/names.py."""
    old_provinces: tuple[str, ...]
    """The codes that personal ids given there begin with."""
    villages: tuple[str, ...]
    weight: float


COMMUNES = (
    Commune("sa-pa", "03006", "15", "phường Sa Pa", "sa_pa", ("10",), ("Tổ dân phố 1", "Tổ dân phố 2"), 1.2),
    Commune("ta-van", "03037", "15", "xã Tả Van", "ta_van", ("10",), ("Tả Van Giáy 1", "Séo Mý Tỷ", "Hòa Sử Pán"), 1.5),
    Commune("ta-leng", "03405", "12", "xã Tả Lèng", "ta_leng", ("12",), ("Tả Lèng 1", "Pho Lao Chải"), 0.8),
    Commune("hoang-mai", "00331", "01", "phường Hoàng Mai", "lowland", ("01",), ("Tổ dân phố 7", "Tổ dân phố 12"), 1.0),
    Commune("thai-binh", "13225", "33", "phường Thái Bình", "lowland", ("34",), ("Tổ dân phố 3",), 0.5),
)
PROVINCES = (
    ("lao-cai", "15", "tỉnh Lào Cai"),
    ("lai-chau", "12", "tỉnh Lai Châu"),
    ("ha-noi", "01", "thành phố Hà Nội"),
    ("hung-yen", "33", "tỉnh Hưng Yên"),
)


@dataclass(frozen=True)
class DemoPerson:
    """One account with one assignment."""

    username: str
    display_name: str
    role: str
    level: str
    unit_code: str | None
    """The code of the commune or province; none for the country."""
    acting_for: str | None = None

    @property
    def id(self) -> UUID:
        return uuid5(_NAMESPACE, f"user/{self.username}")

    @property
    def assignment_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"assignment/{self.username}")


def _commune_people() -> list[DemoPerson]:
    posts = (
        ("officer", "commune_officer", "Người làm công tác bảo vệ trẻ em"),
        ("leader", "commune_leader", "Phó Chủ tịch UBND"),
        ("inspector", "inspector", "Thanh tra"),
        ("administrator", "administrator", "Quản trị"),
    )
    return [
        DemoPerson(f"{commune.key}.{short}", f"{title} {commune.name}", role, "commune", commune.code)
        for commune in COMMUNES
        for short, role, title in posts
    ]


def _province_people() -> list[DemoPerson]:
    posts = (
        ("province-officer", "province_officer", "Sở Y tế"),
        ("province-leader", "province_leader", "Phó Chủ tịch UBND"),
        ("inspector", "inspector", "Thanh tra"),
        ("administrator", "administrator", "Quản trị"),
    )
    return [
        DemoPerson(f"{key}.{short}", f"{title} {name}", role, "province", code)
        for key, code, name in PROVINCES
        for short, role, title in posts
    ]


DEMO_PEOPLE = (
    *_commune_people(),
    DemoPerson(
        *("ta-van.acting-leader", "Người được giao quyền lãnh đạo xã Tả Van", "commune_leader", "commune", "03037"),
        acting_for="ta-van.leader",
    ),
    *_province_people(),
    DemoPerson("bo-y-te.analyst", "Cục Bà mẹ và Trẻ em", "central_analyst", "central", None),
    DemoPerson("bo-y-te.inspector", "Thanh tra Bộ Y tế", "inspector", "central", None),
    DemoPerson("bo-y-te.administrator", "Quản trị Bộ Y tế", "administrator", "central", None),
    DemoPerson("tong-dai-111.operator", "Tư vấn viên Tổng đài 111", "hotline_operator", "central", None),
)
COLLABORATOR_NAME = "Cộng tác viên {village}"

HOTLINE_CLIENT_ID = "tong-dai-111"
HOTLINE_ID = uuid5(_NAMESPACE, "machine/tong-dai-111")
HOTLINE_SOURCE_ID = uuid5(_NAMESPACE, "source/tong-dai-111")
HOTLINE_SCOPES = ["hotline:refer", "hotline:read"]
HOTLINE_SECRET_ID = uuid5(_NAMESPACE, "secret/tong-dai-111")
