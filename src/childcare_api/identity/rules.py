"""What holds for roles, assignments and sessions, in words and as pure functions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from childcare_api.access.permissions import Level, Role

REFRESH_UNUSED = timedelta(days=30)
"""A refresh token that is not used for so long has ended."""

SESSION_LONGEST = timedelta(days=90)
"""However often it is refreshed, after so long a person logs in again."""

REFRESH_GRACE = timedelta(seconds=60)
"""For so long the token before the last is taken again: on a bad line the answer with its successor gets lost."""

MACHINE_SECRETS_AT_ONCE = 2
"""One in use and one to change over to."""

_ANY = frozenset({Level.CENTRAL, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.VILLAGE})

LEVELS_OF_ROLE: dict[Role, frozenset[Level]] = {
    Role.VILLAGE_COLLABORATOR: frozenset({Level.VILLAGE}),
    Role.COMMUNE_OFFICER: frozenset({Level.COMMUNE}),
    Role.COMMUNE_LEADER: frozenset({Level.COMMUNE}),
    Role.DISTRICT_OFFICER: frozenset({Level.DISTRICT}),
    Role.PROVINCE_OFFICER: frozenset({Level.PROVINCE}),
    Role.PROVINCE_LEADER: frozenset({Level.PROVINCE}),
    Role.CENTRAL_ANALYST: frozenset({Level.CENTRAL}),
    Role.HOTLINE_OPERATOR: frozenset({Level.CENTRAL, Level.PROVINCE}),
    # Nobody inspects or administers a single village: its registry is the commune's.
    Role.INSPECTOR: _ANY - {Level.VILLAGE},
    Role.ADMINISTRATOR: _ANY - {Level.VILLAGE},
}


def role_fits(role: Role, level: Level) -> bool:
    """Say whether a role exists in units of that level."""
    return level in LEVELS_OF_ROLE[role]


def position_fits(role: Role) -> bool:
    """Say whether who has a role signs as chair or deputy of a People's Committee (NĐ 30/2020, Điều 13)."""
    return role in {Role.COMMUNE_LEADER, Role.PROVINCE_LEADER}


def hotline_fits(level: Level) -> bool:
    """Say whether a machine client of a unit of that level may be a hotline: where its operators could be."""
    return role_fits(Role.HOTLINE_OPERATOR, level)


def in_force(*, valid_from: date, valid_to: date | None, revoked_at: datetime | None, today: date) -> bool:
    """Say whether an assignment counts on a day; its last day belongs to it."""
    return revoked_at is None and valid_from <= today and (valid_to is None or valid_to >= today)


class Refresh(Enum):
    """What a refresh token that was shown is worth."""

    ROTATE = "rotate"
    REPEAT = "repeat"
    REUSED = "reused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ShownToken:
    """What is known of a refresh token and of the session it belongs to."""

    expires_at: datetime
    used_at: datetime | None
    successor_used: bool
    session_revoked: bool
    session_expires_at: datetime


def judge_refresh(token: ShownToken, now: datetime) -> Refresh:
    """Say what to do with a refresh token.

    A token is used once. The one before the last may come again within a minute and gets the same successor, unless
    that successor was used already: then two parties hold the family, and it ends.
    """
    if token.session_revoked or now >= token.session_expires_at:
        return Refresh.ENDED
    if token.used_at is not None:
        lost_answer = not token.successor_used and now - token.used_at <= REFRESH_GRACE
        return Refresh.REPEAT if lost_answer else Refresh.REUSED
    return Refresh.ROTATE if now < token.expires_at else Refresh.ENDED
