"""The people and machines that tests speak as. Synthetic, each in one assignment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import asyncpg

from childcare_api.access.tokens import KeySet
from childcare_api.identity.tokens import mint_access_token, mint_machine_token
from childcare_api.shared.text import fold

NAMESPACE = UUID("018f6f2e-0000-7000-8000-000000000001")
VIET_NAM = 1
LAO_CAI, LAI_CHAU, HA_NOI, HUNG_YEN = 260015, 260012, 260001, 260033
SA_PA, TA_VAN, TA_LENG, HOANG_MAI, THAI_BINH = 203006, 203037, 203405, 200331, 213225
SA_PA_VILLAGE, SA_PA_OTHER_VILLAGE, TA_VAN_VILLAGE = 1_000_001, 1_000_002, 1_000_003
OLD_SA_PA_TOWN, OLD_LAO_CAI = 150088, 160010
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
PROVINCE_OF = {SA_PA: LAO_CAI, TA_VAN: LAO_CAI, TA_LENG: LAI_CHAU, HOANG_MAI: HA_NOI, THAI_BINH: HUNG_YEN}
COMMUNE_OF = {SA_PA_VILLAGE: SA_PA, SA_PA_OTHER_VILLAGE: SA_PA, TA_VAN_VILLAGE: TA_VAN}
HOTLINE_SOURCE = uuid5(NAMESPACE, "tong-dai-111")


@dataclass(frozen=True)
class Person:
    """Somebody with one assignment; `key` is the name of the fixture that speaks as them."""

    key: str
    username: str
    role: str
    level: str
    unit_id: int

    @property
    def position(self) -> str | None:
        if self.role not in {"commune_leader", "province_leader"}:
            return None
        return "deputy_chair" if self.key.endswith("acting_leader") else "chair"

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.key}.user")

    @property
    def assignment_id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.key}.assignment")

    @property
    def session_id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.key}.session")

    @property
    def holder(self) -> dict[str, int | None]:
        commune = self.unit_id if self.level == "commune" else COMMUNE_OF.get(self.unit_id)
        province = {
            "province": self.unit_id,
            "district": LAO_CAI,
            "central": None,
        }.get(self.level, PROVINCE_OF.get(commune or 0))
        return {
            "village_id": self.unit_id if self.level == "village" else None,
            "commune_id": commune,
            "district_id": self.unit_id if self.level == "district" else None,
            "province_id": province,
        }

    def token(self, keys: KeySet) -> str:
        return mint_access_token(
            keys,
            subject=self.id,
            session_id=self.session_id,
            assignment_id=self.assignment_id,
        )


@dataclass(frozen=True)
class Machine:
    """A machine client."""

    key: str
    client_id: str
    scopes: tuple[str, ...]
    unit_id: int
    source_id: UUID

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.key}.machine")

    @property
    def session_id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.key}.session")

    def token(self, keys: KeySet) -> str:
        return mint_machine_token(keys, subject=self.id, session_id=self.session_id, client_id=self.client_id)


def _at(key: str, role: str, level: str, unit_id: int, username: str | None = None) -> Person:
    return Person(key, username or key.replace("_", "-"), role, level, unit_id)


PEOPLE = {
    person.key: person
    for person in (
        *(
            _at(f"{place}_{short}", role, "commune", unit)
            for place, unit in (("sa_pa", SA_PA), ("ta_van", TA_VAN), ("ta_leng", TA_LENG), ("hoang_mai", HOANG_MAI),
                                ("thai_binh", THAI_BINH))
            for short, role in (("officer", "commune_officer"), ("leader", "commune_leader"),
                                ("inspector", "inspector"), ("administrator", "administrator"))
        ),
        _at("sa_pa_second_officer", "commune_officer", "commune", SA_PA),
        _at("ta_van_second_officer", "commune_officer", "commune", TA_VAN),
        _at("ta_van_acting_leader", "commune_leader", "commune", TA_VAN),
        _at("sa_pa_village_collaborator", "village_collaborator", "village", SA_PA_VILLAGE),
        _at("sa_pa_other_village_collaborator", "village_collaborator", "village", SA_PA_OTHER_VILLAGE),
        _at("ta_van_village_collaborator", "village_collaborator", "village", TA_VAN_VILLAGE),
        *(
            _at(f"{place}_{short}", role, "province", unit)
            for place, unit in (("lao_cai", LAO_CAI), ("lai_chau", LAI_CHAU), ("ha_noi", HA_NOI),
                                ("hung_yen", HUNG_YEN))
            for short, role in (("province_officer", "province_officer"), ("province_leader", "province_leader"),
                                ("inspector", "inspector"), ("administrator", "administrator"))
        ),
        _at("old_sa_pa_town_officer", "district_officer", "district", OLD_SA_PA_TOWN),
        _at("bo_y_te_analyst", "central_analyst", "central", VIET_NAM),
        _at("bo_y_te_inspector", "inspector", "central", VIET_NAM),
        _at("bo_y_te_administrator", "administrator", "central", VIET_NAM),
        _at("operator_111", "hotline_operator", "central", VIET_NAM),
    )
}  # fmt: skip

MACHINES = {
    machine.key: machine
    for machine in (
        Machine("hotline_111", "tong-dai-111", ("hotline:refer", "hotline:read"), VIET_NAM, HOTLINE_SOURCE),
        Machine("hotline_lao_cai", "duong-day-nong-lao-cai", ("hotline:refer", "hotline:read"), LAO_CAI,
                uuid5(NAMESPACE, "duong-day-nong-lao-cai")),
    )
}  # fmt: skip

VILLAGES = ((SA_PA_VILLAGE, "Tổ dân phố 1", SA_PA), (SA_PA_OTHER_VILLAGE, "Tổ dân phố 2", SA_PA),
            (TA_VAN_VILLAGE, "Thôn Tả Van Giáy 1", TA_VAN))  # fmt: skip


async def insert_people(connection: asyncpg.Connection) -> None:
    """Write villages, people, machines and one long session for each, straight into the tables as their owner."""
    await connection.executemany(
        "INSERT INTO units (id, level, name, kind, parent_id, valid_from, search_name)"
        " VALUES ($1, 'village', $2, 'Thôn', $3, $4, $5)",
        [(unit_id, name, commune, date(2025, 7, 1), fold(name)) for unit_id, name, commune in VILLAGES],
    )
    for person in PEOPLE.values():
        holder = tuple(person.holder.values())
        await connection.execute(
            "INSERT INTO users (id, username, display_name, created_at, unit_id, village_id, commune_id, district_id,"
            " province_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            person.id, person.username, person.username, LONG_AGO, person.unit_id, *holder,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO assignments (id, user_id, role, level, unit_id, village_id, commune_id, district_id,"
            " province_id, valid_from, is_default, created_at, position, source_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $11, $12, $13)",
            person.assignment_id, person.id, person.role, person.level, person.unit_id, *holder, LONG_AGO.date(),
            LONG_AGO, person.position, HOTLINE_SOURCE if person.role == "hotline_operator" else None,
        )  # fmt: skip
        await _session(connection, person.session_id, person.id, None, person.assignment_id)
    for machine in MACHINES.values():
        await connection.execute(
            "INSERT INTO machine_clients (id, client_id, name, scopes, source_id, created_at, unit_id)"
            " VALUES ($1, $2, $2, $3, $4, $5, $6)",
            machine.id, machine.client_id, list(machine.scopes), machine.source_id, LONG_AGO, machine.unit_id,
        )  # fmt: skip
        await _session(connection, machine.session_id, None, machine.id, None)


async def _session(
    connection: asyncpg.Connection, session_id: UUID, user: UUID | None, machine: UUID | None, assignment: UUID | None
) -> None:
    await connection.execute(
        "INSERT INTO sessions (id, user_id, machine_client_id, assignment_id, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        session_id, user, machine, assignment, LONG_AGO, datetime(2099, 1, 1, tzinfo=UTC),
    )  # fmt: skip
