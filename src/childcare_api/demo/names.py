"""Names of made-up people, drawn as often as real ones occur; `data/names.json` says where the numbers are from."""

from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from random import Random

import orjson

_DATA = orjson.loads((files("childcare_api.demo") / "data" / "names.json").read_bytes())


class Table:
    """Words with weights, to draw from."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._words = list(weights)
        self._sums = list(accumulate(weights.values()))

    def draw(self, random: Random) -> str:
        """Return one word, each as often as its weight says."""
        return random.choices(self._words, cum_weights=self._sums)[0]


@dataclass(frozen=True)
class People:
    """How one people names its children."""

    ethnicity: str
    family: Table
    middle: dict[str, Table]
    given: dict[str, Table]

    def family_name(self, random: Random) -> str:
        """Return a family name."""
        return self.family.draw(random)

    def full_name(self, random: Random, sex: str, family: str) -> str:
        """Return a full name with a family name given."""
        middle, given = self.middle[sex].draw(random), self.given[sex].draw(random)
        if middle == given:
            given = self.given[sex].draw(random)
        return f"{family} {middle} {given}"


PEOPLES = {
    key: People(
        ethnicity=people["ethnicity"],
        family=Table(people["family"]),
        middle={sex: Table(people[f"{sex}_middle"]) for sex in ("male", "female")},
        given={sex: Table(people[sex]) for sex in ("male", "female")},
    )
    for key, people in _DATA["peoples"].items()
}
MIXES = {name: Table(mix) for name, mix in _DATA["mixes"].items()}
