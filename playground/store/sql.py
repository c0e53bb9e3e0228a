"""The store in a database, by SQLAlchemy: SQLite, or another by its URL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, joinedload

from playground.contracts.errors import NotFound, Unavailable
from playground.contracts.result import Result
from playground.store.base import Shareable, Stored
from playground.store.ids import ALPHABET, candidates, canonical, digest
from playground.store.tables import RunRow, SnippetRow

log = structlog.get_logger()
BUSY_MS = 5_000
"""How long a writer waits for another one's turn to end."""
NOT_STORED = "The link could not be stored. Links that were made before still work."
NOT_READ = "The database does not answer."


def open_store(url: str) -> "SqlStore":
    """Open the store of a database that has its tables."""
    return SqlStore(engine(url))


def engine(url: str) -> Engine:
    """Connect, and set SQLite up for several readers beside a writer."""
    made = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _set_up_sqlite)
    return made


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver, which is not annotated
    """Readers go on beside a writer (WAL), and a link that was given holds even if the power fails (FULL)."""
    for setting in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}").close()


class SqlStore:
    """Keeps what is shared in a database."""

    def __init__(self, database: Engine) -> None:
        self._engine = database

    def save(self, snippet: Shareable, recorded: Result | None = None) -> tuple[str, bool]:
        """Keep it; the id of its link, and whether that is new."""
        content = canonical(snippet, recorded)
        hashed = digest(content)
        while True:
            try:
                with self._session(NOT_STORED) as session:
                    there = session.scalar(select(SnippetRow.id).where(SnippetRow.digest == hashed))
                    return (there, False) if there else (_add(session, content, hashed, recorded), True)
            except IntegrityError:
                continue  # somebody shared the same, or took the same prefix, between our look and our write

    def find(self, snippet_id: str) -> Stored:
        """What a link leads to."""
        with self._session(NOT_READ) as session:
            known = set(snippet_id) <= set(ALPHABET)  # not every database takes every text for a question
            row = session.get(SnippetRow, snippet_id, options=[joinedload(SnippetRow.run)]) if known else None
            if row is None:
                message = f"There is no snippet {snippet_id!r}."
                raise NotFound(message)
            recorded = Result.model_validate_json(row.run.result) if row.run else None
            return Stored(row.id, _read(row.content), recorded)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _session(self, refusal: str) -> Iterator[Session]:
        """A transaction; ``refusal`` is what a reader is told when the database fails."""
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else type(error)
            log.error("database_failed", error=str(reason))  # noqa: TRY400 - a traceback quotes what was to be stored
            raise Unavailable(refusal) from error


def _add(session: Session, content: str, hashed: str, recorded: Result | None) -> str:
    """Add what is shared under its shortest free id."""
    free = next(one for one in candidates(hashed) if session.get(SnippetRow, one) is None)
    if recorded and session.get(RunRow, recorded.run_id) is None:
        session.add(_record(recorded))
        session.flush()
    run_id = recorded.run_id if recorded else None
    session.add(SnippetRow(id=free, digest=hashed, content=content, run_id=run_id))
    session.flush()
    return free


def _record(result: Result) -> RunRow:
    environment = result.environment.model_dump_json() if result.environment else None
    return RunRow(run_id=result.run_id, result=result.model_dump_json(), environment=environment)


def _read(content: str) -> Shareable:
    fields = json.loads(content)
    fields.pop("run_id", None)
    return Shareable.model_validate(fields)
