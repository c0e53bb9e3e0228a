"""The tables, as the newest migration leaves them."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


def now() -> datetime:
    """Now, with its zone."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """All tables."""


class RunRow(Base):
    """The server's own record of a run."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    result: Mapped[str] = mapped_column(Text)
    """The result, as JSON."""
    environment: Mapped[str | None] = mapped_column(Text)
    """Where it happened, as JSON: to be searched without reading results."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class SnippetRow(Base):
    """What was shared."""

    __tablename__ = "snippets"

    id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(Text)
    """The canonical JSON that the digest is of."""
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.run_id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    run: Mapped[RunRow | None] = relationship()
