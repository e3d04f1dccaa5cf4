"""What a change of a child answers: the file as it is now, and what looks wrong about it."""

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import bare_connection, scope_column
from childcare_api.children import actions, reading
from childcare_api.children.models import Child
from childcare_api.shared import reads
from childcare_api.shared.problems import NotFound


async def recorded(
    session: AsyncSession, actor: Actor, child: Child, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return the answer to a change that was just made in this session."""
    # The file is read by SQL, which must see what was changed.
    await session.flush()
    file = await reading.child_file(await bare_connection(session), scope_column(actor), child.id, recorded=False)
    if file is None:
        raise NotFound(child_id=child.id)
    notices = await actions.warnings_about(session, actor, child)
    return reads.answer({**file, "warnings": [notice.told() for notice in notices]}, status=status, headers=headers)
