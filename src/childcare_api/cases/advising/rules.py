"""What the grids of Mẫu 02 and 06 and the assessments of Mẫu 03 show beside one another. People conclude, not sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from childcare_api.cases.assessing.rules import LEVELS, totals

Change = Literal["higher", "lower", "same", "unknown"]


@dataclass(frozen=True, slots=True)
class Grid:
    """One assessment of risk: which form, when, and the level of each item, as far as it was given."""

    step_id: UUID
    form: str
    happened_at: datetime
    items: Mapping[str, str | None]

    @property
    def totals(self) -> dict[str, int]:
        """How often each level was found."""
        return totals(self.items.values())


def change(before: str | None, after: str | None) -> Change:
    """Say how a level moved; where one of the two was not given, nobody can say."""
    if before is None or after is None:
        return "unknown"
    # LEVELS runs from high to low.
    older, newer = LEVELS.index(before), LEVELS.index(after)
    return "same" if older == newer else "higher" if newer < older else "lower"


def changes(grids: Sequence[Grid]) -> list[tuple[Grid, dict[str, Change]]]:
    """Return each grid, the oldest first, with how its items moved since the last grid that had them."""
    seen: dict[str, str | None] = {}
    found = []
    for grid in sorted(grids, key=lambda one: one.happened_at):
        found.append((grid, {name: change(seen[name], level) for name, level in grid.items.items() if name in seen}))
        seen |= {name: level for name, level in grid.items.items() if level is not None}
    return found
