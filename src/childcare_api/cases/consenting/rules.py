"""The grounds of the law on which a command goes ahead without consent."""

from typing import Final

ARTICLE_OF_GROUND: Final = {
    "necessary_to_protect": "Nghị định 56/2017/NĐ-CP, Điều 24.2, 25.2",
    "nobody_to_ask": "Nghị định 56/2017/NĐ-CP, Điều 24.2, 25.2",
    "harm_doer_is_carer": "Nghị định 56/2017/NĐ-CP, Điều 31.1",
    "plan_decided": "Nghị định 56/2017/NĐ-CP, Điều 29.3",
    "residence_leads": "Luật Trẻ em, Điều 52.2",
    "protection_measure": "Luật Trẻ em, Điều 63.1 b",
    "rights_restricted": "Luật Trẻ em, Điều 63.1 b",
    "no_natural_guardian": "Luật Trẻ em, Điều 66.1",
}
"""Where the law has each: first those for telling another body of a child, then those for giving it into care.

Luật Trẻ em, Điều 100.1 c, is none of them: it speaks to parents, teachers, carers and the family.
"""
