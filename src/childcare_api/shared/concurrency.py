"""Whoever changes a record says which version they saw; a version not seen is never overwritten."""

import re
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header

from childcare_api.shared.problems import StaleVersion, VersionRequired

_TAG = re.compile(r'(?:W/)?"([!#-~]*)"')


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
        self._tags = tags

    def check(self, record: Record) -> Record:
        """Return the record if it still is at that version; raise VersionRequired or StaleVersion if not."""
        self.check_number(record.row_version)
        return record

    def check_number(self, row_version: int) -> None:
        """Judge a version that was read without its record."""
        if self._tags is None:
            raise VersionRequired
        if str(row_version) not in self._tags:
            raise StaleVersion(row_version=row_version)


async def if_match(
    if_match: Annotated[
        str | None,
        Header(description='The ETag of the record as you read it: `"3"`. Missing: 428. Changed since: 412.'),
    ] = None,
) -> Version:
    """Read `If-Match`. `*` would overwrite what was never seen, so it counts as missing; what is no ETag fits none."""
    if if_match is None or if_match.strip() == "*":
        return Version(None)
    tags = (_TAG.fullmatch(tag.strip()) for tag in if_match.split(","))
    return Version(frozenset(tag[1] for tag in tags if tag))


IfMatch = Annotated[Version, Depends(if_match)]
