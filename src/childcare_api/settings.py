"""Every setting of an installation: one name, one meaning, one place. `.env.example` says the same for operators."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split(value: Any) -> Any:  # noqa: ANN401 - whatever the environment or a test hands in
    """Read `a, b` as two entries, and nothing as none."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _nothing_if_empty(value: Any) -> Any:  # noqa: ANN401 - as above
    """Read `NAME=` as not set, as it stands in a copied .env.example."""
    return None if value == "" else value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
OptionalText = Annotated[str | None, BeforeValidator(_nothing_if_empty)]
OptionalPath = Annotated[Path | None, BeforeValidator(_nothing_if_empty)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_nothing_if_empty)]


class Settings(BaseSettings):
    """Read from the environment, each field under its own name in capitals. Secrets have no default.

    Without DATABASE_URL the program runs a private PostgreSQL under DATA_DIR and makes the secrets it needs there;
    with it, every secret must be given.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: OptionalText = None
    """Where `serve` works: a login that is no superuser, owns nothing and inherits nothing."""
    database_owner_url: OptionalText = None
    """Where `migrate` works: the login childcare_owner."""
    database_admin_url: OptionalText = None
    """Where `bootstrap` makes roles and the database: a login with CREATEROLE and CREATEDB."""
    database_pool_size: int = Field(default=10, ge=1, le=200)
    """Connections in each of a process's two pools."""

    data_dir: Path = Path(".data")
    """What this machine keeps: the private cluster, secrets made here, the newest audit seal."""
    pg_bindir: OptionalPath = None
    """The folder of initdb and postgres for the private cluster, where the wheel's are not wanted."""

    access_log: bool = True
    """One line for each request on stderr: the route as it is written, never an address, a body or a name."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    """Processes that answer requests."""

    break_glass_hours: int = Field(default=4, ge=1, le=72)
    """For how many hours somebody may read another commune's child after breaking the glass."""

    jwt_issuer: str = "childcare-api"
    jwt_audience: str = "childcare-api"
    jwt_private_key_file: OptionalPath = None
    """The P-256 private key in PEM that signs access tokens."""
    jwt_public_key_files: CommaSeparated = ()
    """Further public keys in PEM that are still accepted, while keys rotate."""
    cursor_key: OptionalSecret = None
    """Signs the cursors of lists; the same in every process."""

    cors_origins: CommaSeparated = ()
    """Origins whose pages may call the API from a browser."""
    trusted_proxies: CommaSeparated = ()
    """Addresses or networks whose X-Forwarded-For is believed."""

    childcare_demo_password: OptionalSecret = None
    """The password of every demo person; without it one is made and kept in DATA_DIR/demo-password."""


_OF_OTHERS = frozenset({"owner_password", "api_password", "new_password", "database_admin_password"})
"""What commands ask for and what compose.yaml hands to containers: they may stand in the same file."""


def misspelt(file: Path) -> Iterator[str]:
    """Yield a sentence for each name in a file of settings that is none, with the one that may have been meant."""
    names = [name for name in dotenv_values(file) if name.lower() not in Settings.model_fields.keys() | _OF_OTHERS]
    for name in names:
        near = get_close_matches(name.lower(), Settings.model_fields, n=1)
        meant = f"was {near[0].upper()} meant?" if near else ".env.example names all there are."
        yield f"{name} in {file} is no setting and is ignored: {meant}"
