"""The OpenAPI document as the file `openapi/openapi.json`."""

import orjson

from childcare_api.app import create_app
from childcare_api.identity.keys import key_set, new_private_key
from childcare_api.settings import Settings
from childcare_api.shared.db import Database


def content() -> bytes:
    """Return the document of this release. It needs no database, so none is opened."""
    settings = Settings()
    keys = key_set(new_private_key(), issuer=settings.jwt_issuer, audience=settings.jwt_audience)
    described = create_app(settings, database=Database("postgresql://"), keys=keys)
    return orjson.dumps(described.openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
