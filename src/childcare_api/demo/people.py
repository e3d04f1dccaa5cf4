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
NAMES = {
    "sa-pa.officer": "Má Thị Pàng",
    "sa-pa.leader": "Đỗ Văn Tâm",
    "sa-pa.inspector": "Trần Thị Hồng Vân",
    "sa-pa.administrator": "Phạm Quang Huy",
    "sa-pa.collaborator-1": "Lý Thị Mẩy",
    "sa-pa.collaborator-2": "Châu A Dơ",
    "ta-van.officer": "Lù Thị Sen",
    "ta-van.leader": "Sần Văn Phủ",
    "ta-van.acting-leader": "Vàng Văn Kín",
    "ta-van.inspector": "Lý A Chớ",
    "ta-van.administrator": "Nguyễn Thị Thu Hà",
    "ta-van.collaborator-1": "Hoàng Thị Lan",
    "ta-van.collaborator-2": "Giàng A Chỉnh",
    "ta-van.collaborator-3": "Tẩn Sành Phin",
    "ta-leng.officer": "Giàng Thị Dợ",
    "ta-leng.leader": "Sùng A Tủa",
    "ta-leng.inspector": "Lò Văn Inh",
    "ta-leng.administrator": "Tẩn Thị Phượng",
    "ta-leng.collaborator-1": "Sùng Thị Mo",
    "ta-leng.collaborator-2": "Chẻo A Lở",
    "hoang-mai.officer": "Nguyễn Thu Trang",
    "hoang-mai.leader": "Lê Quang Minh",
    "hoang-mai.inspector": "Đặng Thị Hạnh",
    "hoang-mai.administrator": "Vũ Đức Long",
    "hoang-mai.collaborator-1": "Nguyễn Văn Tiến",
    "hoang-mai.collaborator-2": "Đỗ Thị Hòa",
    "thai-binh.officer": "Phạm Thị Ngân",
    "thai-binh.leader": "Đoàn Văn Khải",
    "thai-binh.inspector": "Bùi Thị Loan",
    "thai-binh.administrator": "Ngô Xuân Trường",
    "thai-binh.collaborator-1": "Trần Thị Mười",
    "lao-cai.province-officer": "Nông Thị Bích",
    "lao-cai.province-leader": "Hoàng Minh Sơn",
    "lao-cai.inspector": "Lương Đình Phúc",
    "lao-cai.administrator": "Cao Thị Yến",
    "lai-chau.province-officer": "Lò Thị Hương",
    "lai-chau.province-leader": "Mào Văn Thắng",
    "lai-chau.inspector": "Đinh Văn Toàn",
    "lai-chau.administrator": "Khổng Thị Liên",
    "ha-noi.province-officer": "Nguyễn Thị Quỳnh Anh",
    "ha-noi.province-leader": "Trịnh Hữu Nghĩa",
    "ha-noi.inspector": "Đào Ngọc Tuấn",
    "ha-noi.administrator": "Hà Thị Diệp",
    "hung-yen.province-officer": "Lê Thị Nhung",
    "hung-yen.province-leader": "Vũ Văn Cường",
    "hung-yen.inspector": "Phan Thị Mai",
    "hung-yen.administrator": "Tạ Đức Thịnh",
    "bo-y-te.analyst": "Nguyễn Hoài Thu",
    "bo-y-te.inspector": "Trần Đình Khoa",
    "bo-y-te.administrator": "Mai Xuân Lộc",
    "tong-dai-111.operator": "Phùng Thị Kim Oanh",
}
"""Made up like all the demo, so that a paper looks as one of an office does. The user name says what somebody is."""

# The others lead as chairs: so papers of the demo are signed in both ways.
_DEPUTIES = frozenset({"sa-pa.leader", "ta-van.acting-leader", "lao-cai.province-leader"})


@dataclass(frozen=True)
class DemoPerson:
    """One account with one assignment."""

    username: str
    display_name: str
    role: str
    level: str
    unit_code: str | None
    """The code of the commune or province; none for the country."""
    position: str | None = None
    """What a leader is, as papers name it."""
    acting_for: str | None = None

    @property
    def id(self) -> UUID:
        return uuid5(_NAMESPACE, f"user/{self.username}")

    @property
    def assignment_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"assignment/{self.username}")


def _commune_people() -> list[DemoPerson]:
    posts = (
        ("officer", "commune_officer"),
        ("leader", "commune_leader"),
        ("inspector", "inspector"),
        ("administrator", "administrator"),
    )
    return [
        _person(f"{commune.key}.{short}", role, "commune", commune.code)
        for commune in COMMUNES
        for short, role in posts
    ]


def _province_people() -> list[DemoPerson]:
    posts = (
        ("province-officer", "province_officer"),
        ("province-leader", "province_leader"),
        ("inspector", "inspector"),
        ("administrator", "administrator"),
    )
    return [_person(f"{key}.{short}", role, "province", code) for key, code, _ in PROVINCES for short, role in posts]


def _person(username: str, role: str, level: str, unit_code: str | None, acting_for: str | None = None) -> DemoPerson:
    leads = role.endswith("_leader")
    position = ("deputy_chair" if username in _DEPUTIES else "chair") if leads else None
    return DemoPerson(username, NAMES[username], role, level, unit_code, position, acting_for)


DEMO_PEOPLE = (
    *_commune_people(),
    _person("ta-van.acting-leader", "commune_leader", "commune", "03037", acting_for="ta-van.leader"),
    *_province_people(),
    _person("bo-y-te.analyst", "central_analyst", "central", None),
    _person("bo-y-te.inspector", "inspector", "central", None),
    _person("bo-y-te.administrator", "administrator", "central", None),
    _person("tong-dai-111.operator", "hotline_operator", "central", None),
)

HOTLINE_CLIENT_ID = "tong-dai-111"
HOTLINE_ID = uuid5(_NAMESPACE, "machine/tong-dai-111")
HOTLINE_SOURCE_ID = uuid5(_NAMESPACE, "source/tong-dai-111")
HOTLINE_SCOPES = ["hotline:refer", "hotline:read"]
HOTLINE_SECRET_ID = uuid5(_NAMESPACE, "secret/tong-dai-111")
