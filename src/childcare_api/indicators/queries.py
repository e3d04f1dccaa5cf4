"""Computing indicators for a territory: today's communes that hold what the unit of a plan was."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.shared import clock

_ABUSED: Final = text(
    "SELECT * FROM indicator_abused_children_supported(:province, CAST(:communes AS integer[]), :from, :until, :now)"
)
_SHARE: Final = text(
    "SELECT * FROM indicator_special_circumstance_share(:province, CAST(:communes AS integer[]), :day, :today)"
)
_COMMUNES_TODAY: Final = text(
    """
    WITH RECURSIVE below AS (
        SELECT id, level FROM units WHERE id = :unit
        UNION
        SELECT u.id, u.level FROM units u JOIN below b ON u.parent_id = b.id WHERE u.level <> 'village'
    )
    SELECT DISTINCT heir FROM below b CROSS JOIN LATERAL unit_heirs(b.id, :day) heir
    WHERE b.level = 'commune' ORDER BY heir
    """
)


@dataclass(frozen=True, slots=True)
class Territory:
    """Whose records are counted: a whole province, some communes of one, or with neither the country.

    `successors` says that these are today's communes that hold, wholly or in part, an ended unit's territory.
    """

    province_id: int | None
    commune_ids: list[int] | None
    boundaries: Literal["own", "successors"]


@dataclass(frozen=True, slots=True)
class Computed:
    """A share as it was computed; `covered` of `expected` units is the coverage, where it matters.

    A count is None where it is kept back, since it is so small that it would point at children.
    """

    numerator: int | None
    denominator: int | None
    not_yet_due: int | None = None
    covered: int | None = None
    expected: int | None = None
    details: dict[str, int | None] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """The share in percent, or None of nobody, or of too few to be told."""
        if self.numerator is None or not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator, 4)

    @property
    def is_kept_back(self) -> bool:
        """Whether the share is of too few to be told."""
        return self.numerator is None or self.denominator is None

    @property
    def is_fully_covered(self) -> bool:
        """Whether every unit of the territory is in the register."""
        return self.covered is None or (self.covered == self.expected and self.expected != 0)


async def territory_of(
    session: AsyncSession, *, unit_id: int, commune_id: int | None, province_id: int | None
) -> Territory:
    """Return the territory of what was made for a unit and is held by this commune or province today."""
    if commune_id is not None:
        return Territory(province_id, [commune_id], "own" if commune_id == unit_id else "successors")
    if province_id is None or province_id == unit_id:
        return Territory(province_id, None, "own")
    communes = await session.scalars(_COMMUNES_TODAY, {"unit": unit_id, "day": clock.today()})
    return Territory(province_id, list(communes), "successors")


async def compute(
    session: AsyncSession, code: str, territory: Territory, *, period_from: date, period_to: date
) -> Computed:
    """Compute an indicator of `data.INDICATORS`. A share on a day is taken today, or on the last day of a past period.

    Raises KeyError for a code that has no definition.
    """
    return await _COMPUTE[code](session, territory, period_from, period_to)


async def _abused_children_supported(
    session: AsyncSession, territory: Territory, period_from: date, period_to: date
) -> Computed:
    row = (
        await session.execute(
            _ABUSED,
            {
                "province": territory.province_id,
                "communes": territory.commune_ids,
                "from": _midnight(period_from),
                "until": _midnight(period_to + timedelta(days=1)),
                "now": clock.now(),
            },
        )
    ).one()
    late = {name: getattr(row, name) for name in ("emergency_late", "plan_late", "service_late", "without_case")}
    return Computed(row.supported, row.decided, not_yet_due=row.not_yet_due, details=late)


async def _special_circumstance_share(
    session: AsyncSession, territory: Territory, _period_from: date, period_to: date
) -> Computed:
    today = clock.today()
    row = (
        await session.execute(
            _SHARE,
            {
                "province": territory.province_id,
                "communes": territory.commune_ids,
                "day": min(period_to, today),
                "today": today,
            },
        )
    ).one()
    return Computed(row.in_special, row.registered, covered=row.covered, expected=row.expected)


_COMPUTE = {
    "abused_children_intervened": _abused_children_supported,
    "sc_children_share": _special_circumstance_share,
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.VIET_NAM)
