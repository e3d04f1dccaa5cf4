"""Answers that may be kept: units and code lists, the same for everyone and rarely changed.

Their ETag is made of what they say, and `If-None-Match` spares sending it again. Everything else in the API is nobody's
to keep: there the ETag is a version and guards commands.
"""

import hashlib

from fastapi import Request, Response
from pydantic import BaseModel

KEPT_SECONDS = 300


def cacheable(request: Request, answer: BaseModel) -> Response:
    """Return an answer with its ETag, or 304 where the caller already has it."""
    body = answer.model_dump_json().encode()
    # W/, because compression on the way changes bytes and not the meaning.
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={KEPT_SECONDS}"}
    if _already_has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _already_has(request: Request, tag: str) -> bool:
    stated = request.headers.get("if-none-match", "")
    strong = tag.removeprefix("W/")
    return stated.strip() == "*" or strong in {part.strip().removeprefix("W/") for part in stated.split(",")}
