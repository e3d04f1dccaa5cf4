"""Which forms there are: by which article, made from which steps, and whether their layout could be verified."""

from dataclasses import dataclass
from importlib.resources import files

import orjson

from childcare_api.cases.file.models import StepKind


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the decree names it. `stands_on` is in the order in which a step is looked for."""

    code: str
    label: str
    title: str
    article: str
    stands_on: tuple[StepKind, ...]
    layout_unverified: bool
    valid_from: str
    valid_to: str | None

    @property
    def note(self) -> str:
        """Return what stands in small letters at the foot of the paper."""
        said = f"{self.label} ({self.article})"
        return f"{said}; bố cục lập theo nội dung quy định, chưa đối chiếu mẫu in" if self.layout_unverified else said


def _read(part: str) -> dict[str, Form]:
    content = orjson.loads((files("childcare_api.exchange.papers") / "data" / "forms.json").read_bytes())
    return {
        entry["code"]: Form(**entry | {"stands_on": tuple(StepKind(kind) for kind in entry["stands_on"])})
        for entry in content[part]
    }


FORMS = _read("forms")
"""The forms that can be printed from a case, by code."""
CARER_FORMS = _read("carer_forms")
"""The forms of the register of carers, by code; they stand on no step."""
