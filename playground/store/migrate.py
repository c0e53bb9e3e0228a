"""Brings a database's tables to this version, whoever starts first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from playground.store.sql import engine

MIGRATIONS = Path(__file__).with_name("migrations")
_ONLY_US = 7_026_125_001
"""Any number, as long as nobody else locks it in the same database."""


def config() -> Config:
    """Say where the migrations are, as a command of Alembic needs it."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def upgrade(url: str) -> None:
    """Bring a database to this version. What is there stays; several may call it at once."""
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = engine(url)
    try:
        with _alone(database), database.begin() as connection:
            _bring_up(connection)
    finally:
        database.dispose()


def revision(connection: Connection) -> str | None:
    """Say which version a database has."""
    return MigrationContext.configure(connection).get_current_revision()


def _bring_up(connection: Connection) -> None:
    if revision(connection) == ScriptDirectory.from_config(config()).get_current_head():
        return
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


@contextmanager
def _alone(database: Engine) -> Iterator[None]:
    """Let one process at a time in: workers start together."""
    path = database.url.database
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONLY_US})
            yield
    elif path:
        with Path(f"{path}.lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        yield
