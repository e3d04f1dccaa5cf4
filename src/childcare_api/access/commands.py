"""What a command on one record is given with every request, so that its route says what happens and nothing else."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.shared.concurrency import IfMatch, Version
from childcare_api.shared.idempotency import Once, OnceIfKeyed


@dataclass(frozen=True, slots=True)
class Command:
    """By whom a command is given, on which version of the record, and that it is carried out once.

    Nothing happens before `begin`: a body that does not fit is refused first.
    """

    version: Version
    once: Once
    actor: Actor
    session: AsyncSession

    async def begin(self, permission: Permission) -> None:
        """May I, and not twice."""
        self.actor.require(permission)
        await self.once.begin(self.session)


async def _command(*, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session) -> Command:
    return Command(if_match, once, actor, session)


Given = Annotated[Command, Depends(_command, scope="function")]
