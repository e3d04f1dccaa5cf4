"""Who has to be told of a decision (NĐ 56/2017, Điều 28.5): whom its plan names, and a parent or carer."""

from collections.abc import Iterable

from childcare_api.shared.text import fold

BODY, PROVIDER, FAMILY = "implementing_body", "service_provider", "parent_or_carer"

Recipient = tuple[str, str | None]
"""A kind, and the name that the plan gives; a parent or carer is named by whoever tells them."""


def to_be_told(services: Iterable[tuple[str | None, str | None]]) -> list[Recipient]:
    """Return whom a plan names, each once: `services` are the responsible bodies and providers of its lines."""
    wanted: dict[str, Recipient] = {}
    for body, provider in services:
        for kind, name in ((BODY, body), (PROVIDER, provider)):
            if name is not None:
                wanted.setdefault(fold(name), (kind, name))
    return [*wanted.values(), (FAMILY, None)]


def waiting(wanted: Iterable[Recipient], told: Iterable[tuple[str, str]]) -> list[Recipient]:
    """Return who was not told yet; a name is the same however its accents and letters are written."""
    sent = list(told)
    names, family = {fold(name) for _, name in sent}, any(kind == FAMILY for kind, _ in sent)
    return [one for one in wanted if not (family if one[1] is None else fold(one[1]) in names)]
