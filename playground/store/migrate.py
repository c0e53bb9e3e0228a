"""Brings a database's tables to this version, whoever starts first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url

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
    if path := _file(make_url(url)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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


def _file(url: URL) -> Path | None:
    """The file of an SQLite database, whose name may be a URI (sqlite.org/uri.html)."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database.removeprefix("file:"))


@contextmanager
def _alone(database: Engine) -> Iterator[None]:
    """Let one process at a time in: workers start together."""
    path = _file(database.url)
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONLY_US})
            yield
    elif path:
        lock = os.open(f"{path}.lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)  # works on a read-only disk
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
    else:
        yield
