"""Finding children by name: without accents, with a mistake, in order, and no further than the own unit."""

from uuid import UUID

import asyncpg
import pytest
from tests.children.lists import aged, listed
from tests.people import LAO_CAI, PEOPLE, SA_PA_VILLAGE, TA_VAN

from childcare_api.access.scope import open_connection
from childcare_api.access.tokens import verify_access_token


def initials(name: str) -> str:
    """Return what the province reads of a name in a list."""
    return " ".join(f"{word[0]}." for word in name.split())


NAMES = ("Giàng A Sà", "Giàng Thị Sáo", "Sùng A Giàng", "Đặng Văn Đức", "Nguyễn Thị Ánh Nguyệt", "Tẩn Tả Mẩy")


SEARCHES = (
    ("giang a sa", ["Giàng A Sà"]),
    ("GIÀNG A SÀ", ["Giàng A Sà"]),
    ("sa a giang", ["Giàng A Sà"]),
    ("sà giàng", ["Giàng A Sà"]),
    ("Nguyệt thi anh nguyen", ["Nguyễn Thị Ánh Nguyệt"]),
    ("nguyen thi an nguyet", ["Nguyễn Thị Ánh Nguyệt"]),
    ("giang thi sao", ["Giàng Thị Sáo"]),
    ("giang thi soa", ["Giàng Thị Sáo"]),
    ("dang duc", ["Đặng Văn Đức"]),
    ("đức", ["Đặng Văn Đức"]),
    ("may tan", ["Tẩn Tả Mẩy"]),
    ("nguyen nguyt", ["Nguyễn Thị Ánh Nguyệt"]),
    ("nguyen nguyett", ["Nguyễn Thị Ánh Nguyệt"]),
    ("nguyen ngyuet", ["Nguyễn Thị Ánh Nguyệt"]),
    ("nguyen nguyat", ["Nguyễn Thị Ánh Nguyệt"]),
    ("ngueyn thi anh", ["Nguyễn Thị Ánh Nguyệt"]),
    ("ngyuen nguyat", []),
    ("nguy", ["Nguyễn Thị Ánh Nguyệt"]),
    ("xyz", []),
    ("%", []),
    ("'; DROP TABLE children; --", []),
)


async def test_names_are_found_without_accents_in_any_order_and_with_one_mistake(
    sa_pa_officer, lao_cai_province_officer, ta_van_officer, register
):
    for name in NAMES:
        await register(sa_pa_officer, full_name=name)
    for q, expected in SEARCHES:
        found = await listed(sa_pa_officer, q=q)
        assert (q, found[: len(expected)], bool(found)) == (q, expected, bool(expected))
        whole = [initials(name) for name in expected if len(name.split()) == len(q.split())]
        assert (q, await listed(lao_cai_province_officer, q=q)) == (q, whole)
        assert await listed(ta_van_officer, q=q) == []


async def test_the_nearest_name_comes_first(sa_pa_officer, lao_cai_province_officer, register):
    for name in ("Lù Giàng A Sà", "Giàng A Sùng", "Giàng A Sà", "Sà A Giàng", "Giàng A Sả Pa"):
        await register(sa_pa_officer, full_name=name)
    found = await listed(sa_pa_officer, q="giang a sa")
    assert found[0] == "Giàng A Sà"
    assert set(found[1:3]) == {"Lù Giàng A Sà", "Giàng A Sả Pa"}
    assert found[3] == "Sà A Giàng"
    assert await listed(lao_cai_province_officer, q="giang a sa") == ["G. A. S.", "S. A. G."]


async def test_a_name_as_it_is_typed_comes_before_the_same_with_other_accents(
    sa_pa_officer, lao_cai_province_officer, register
):
    ids = {
        name: (await register(sa_pa_officer, full_name=f"Giàng Thị {name}"))["id"] for name in ("Dở", "Dô", "Dợ", "Do")
    }
    for who in (sa_pa_officer, lao_cai_province_officer):
        for q, first in (("Giàng Thị Dợ", "Dợ"), ("giàng thị dô", "Dô"), ("giang thi do", "Dở")):
            found, cursor = [], {}
            while len(found) < 4:
                answer = (await who.get("/children", params={"q": q, "limit": 2, **cursor})).json()
                found += [child["id"] for child in answer["items"]]
                cursor = {"cursor": answer["next_cursor"]}
            assert found == [ids[first], *(one for name, one in ids.items() if name != first)], q


async def test_a_search_pages_filters_and_is_recorded(sa_pa_officer, lao_cai_province_officer, register, events):
    for number in range(5):
        await register(sa_pa_officer, full_name="Giàng A Sà", born_on=aged(number + 1))
    for who, q in ((sa_pa_officer, "giang"), (lao_cai_province_officer, "sa giang a")):
        first = await who.get("/children", params={"q": q, "limit": 2, "age_from": 2})
        second = await who.get(
            "/children", params={"q": q, "limit": 2, "age_from": 2, "cursor": first.json()["next_cursor"]}
        )
        assert second.json()["next_cursor"] is None
        ids = [child["id"] for answer in (first, second) for child in answer.json()["items"]]
        assert len(set(ids)) == 4
    assert len(await events("children.searched")) == 4


@pytest.mark.parametrize(("level", "unit"), [("commune", TA_VAN), ("province", LAO_CAI), ("village", SA_PA_VILLAGE)])
async def test_the_search_function_knows_no_unit_but_the_callers_own(database, keys, app, level, unit):
    """Called past the API, as injected SQL would, it refuses every unit that does not bound the caller's rows."""
    claims = verify_access_token(keys, PEOPLE["sa_pa_officer"].token(keys))
    actor = await app.state.actors.actor_for(claims, request_id="test")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with open_connection(database, actor) as connection:
            await connection.fetch(
                "SELECT * FROM search_children($1, $2, '{a}', '{A}', '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL,"
                " false, false, NULL, NULL, NULL, 20)",
                level,
                unit,
            )


MANY = """
INSERT INTO children SELECT r.* FROM children c CROSS JOIN unnest($2::uuid[], $3::text[]) n (id, name)
CROSS JOIN LATERAL jsonb_populate_record(c, jsonb_build_object('id', n.id, 'full_name', n.name, 'search_name', n.name,
    'name_words', string_to_array(n.name, ' '), 'household_id', NULL)) r
WHERE c.id = $1
"""


def name_of(number: int) -> str:
    """Return names that are frequent at first and rare later on, so that a search goes every way it knows."""
    if number % 300 == 7:
        return "khuyen van thuong"
    if number % 700 == 9:
        return "khuyen thuong vu"
    return "vu thuong khuyen" if (number < 100 and number % 3 == 0) or number % 40 == 0 else "lo phuoc"


def rank_of(name: str, words: list[str]) -> int | None:
    if name.split() == words:
        return 0
    if sorted(name.split()) == sorted(words):
        return 2
    return 3 if name.split() == ["thuong" if word == "thuon" else word for word in words] else None


async def test_a_province_is_searched_to_its_end_in_the_order_of_ranks(
    database, sa_pa_officer, lao_cai_province_officer, register
):
    first = await register(sa_pa_officer, full_name="Ma Seng")
    made = [(UUID(int=(0x0193A000_0000_7000_8000 << 48) + number), name_of(number)) for number in range(2_600)]
    async with database.as_superuser() as connection:
        await connection.execute(MANY, UUID(first["id"]), [one[0] for one in made], [one[1] for one in made])

    for q in (
        *("vu thuong khuyen", "khuyen thuong vu", "thuong khuyen vu", "khuyen thuon vu", "khuyen van thuong"),
        *("phuoc lo", "lo phuoc", "phuoc vu", "thuong khuyen", "thuong"),
    ):
        ranked = sorted((rank, str(one)) for one, name in made if (rank := rank_of(name, q.split())) is not None)
        found, cursor = [], {}
        while len(found) < 150:
            answer = await lao_cai_province_officer.get("/children", params={"q": q, "limit": 75, **cursor})
            found += [item["id"] for item in answer.json()["items"]]
            if answer.json()["next_cursor"] is None:
                break
            cursor = {"cursor": answer.json()["next_cursor"]}
        assert (q, found) == (q, [one for _, one in ranked][: len(found)])
        assert len(found) in {150, len(ranked)}
