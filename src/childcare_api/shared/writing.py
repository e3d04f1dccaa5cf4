"""Texts of a fixed form, such as numbers and codes: a pattern for programs, and words for whoever breaks it."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic.annotated_handlers import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from childcare_api.shared.schemas import unfit


@dataclass(frozen=True, slots=True)
class Written:
    r"""How a text is written: the document has the pattern for programs, and whoever breaks it is told so in words.

    A pattern names its letters and signs one by one, since `\w` is not the same letters in every language.
    """

    pattern: str
    english: str
    vietnamese: str

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check it last, after all else that is asked of the text."""
        form = re.compile(self.pattern)

        def fits(text: str) -> str:
            if not form.fullmatch(text):
                raise unfit("string_pattern_mismatch", self.english, self.vietnamese)
            return text

        return core_schema.no_info_after_validator_function(fits, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return what the document says."""
        return handler(schema) | {"pattern": self.pattern}


Code = Annotated[
    str,
    Written(
        r"^[a-z0-9_.]{1,100}$",
        "A code of the list: lower case letters without accents, digits, dots and underscores; at most 100.",
        "Một mã trong danh mục: chữ thường không dấu, chữ số, dấu chấm và gạch dưới; nhiều nhất 100 ký tự.",
    ),
]
"""A code of one of the lists."""

Phone = Annotated[
    str,
    Written(
        r"^[0-9+() .-]{3,30}$",
        "3 to 30 digits; spaces, dots, hyphens, a plus and brackets may stand between them.",
        "Từ 3 đến 30 chữ số; có thể có dấu cách, dấu chấm, gạch nối, dấu cộng và ngoặc đơn.",
    ),
]

NumberOnPaper = Annotated[
    str,
    Written(
        r"^[0-9A-Za-z/.-]{1,40}$",
        "At most 40 digits or letters without accents, with / . - between them; no spaces.",
        "Nhiều nhất 40 chữ số hoặc chữ cái không dấu, có thể có / . -; không có dấu cách.",
    ),
]
"""The number that a paper of a person carries."""
