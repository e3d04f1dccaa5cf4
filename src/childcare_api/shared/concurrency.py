"""Whoever changes a record says which version they saw; a version not seen is never overwritten."""

import re
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Header

from childcare_api.shared.problems import BadQuery, FieldError, StaleVersion, VersionRequired

_TAG = re.compile(r'(?:W/)?"([!#-~]*)"')
# A comma may stand inside a tag, so the list is read as a whole and not cut at commas.
_TAGS = re.compile(rf"{_TAG.pattern}(?: *, *{_TAG.pattern})*")
_FORM = FieldError(
    "If-Match",
    "if_match_form",
    'Send the version as its ETag stands there, in quotes: If-Match: "3".',
    'Hãy gửi phiên bản đúng như ETag, trong dấu ngoặc kép: If-Match: "3".',
)


# Shown as required in the document; checked by us, once the record is found.
_SHOWN: dict[str, Any] = {
    "x-required": True,
    "pattern": '^(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*$',
    "examples": ['"3"'],
}


class HasVersion(Protocol):
    """A record that counts its changes."""

    row_version: int


Record = TypeVar("Record", bound=HasVersion)


class Version:
    """The version that a caller saw, from `If-Match`.

    It is judged only by `check`, once the record has been found and locked: before that, a caller from another
    scope could learn from a 428 that the record exists.
    """

    def __init__(self, tags: frozenset[str] | None) -> None:
        """Take the tags; None where none was sent, an empty set where what was sent is no tag."""
        self._tags = tags

    def check(self, record: Record) -> Record:
        """Return the record if it still is at that version; raise VersionRequired, BadQuery or StaleVersion if not."""
        self.check_number(record.row_version)
        return record

    def check_number(self, row_version: int) -> None:
        """Judge a version that was read without its record."""
        if self._tags is None:
            raise VersionRequired
        if not self._tags:
            # Answered as stale, it would send the caller to read again and again what never was the trouble.
            raise BadQuery(errors=(_FORM,))
        if str(row_version) not in self._tags:
            raise StaleVersion(row_version=row_version)


async def if_match(
    if_match: Annotated[
        str | None,
        Header(
            description='The ETag of the record as you read it, in its quotes: `"3"`. Missing, or `*`: 428. Without'
            " quotes: 400. Changed since: 412.",
            json_schema_extra=_SHOWN,
        ),
    ] = None,
) -> Version:
    """Read `If-Match`. `*` would overwrite what was never seen, so it counts as missing; what is no ETag is told so."""
    if if_match is None or if_match.strip() == "*":
        return Version(None)
    sent = if_match.strip()
    return Version(frozenset(_TAG.findall(sent) if _TAGS.fullmatch(sent) else ()))


IfMatch = Annotated[Version, Depends(if_match)]
