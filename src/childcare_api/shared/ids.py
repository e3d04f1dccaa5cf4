"""Record identifiers: UUIDv7, so that keys made one after the other stand beside each other in an index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7; a client may as well make its own."""
    return uuid7()
