"""Migrations lead from nothing to the tables as the code has them, whoever starts first."""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from playground.contracts.request import Mode
from playground.store import Shareable, open_store, upgrade
from playground.store.migrate import config, revision
from playground.store.sql import engine
from playground.store.tables import Base


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a b%20' / 'test.db'}"


@pytest.fixture
def database(url: str) -> Engine:
    upgrade(url)
    return engine(url)


def test_they_lead_to_the_tables_of_the_code(database: Engine) -> None:
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert revision(connection) == ScriptDirectory.from_config(config()).get_current_head()
    database.dispose()


def test_upgrading_again_changes_nothing(url: str) -> None:
    upgrade(url)
    store = open_store(url)
    snippet_id, _ = store.save(Shareable(source="kept", mode=Mode.IMPERATIVE))
    upgrade(url)
    assert store.find(snippet_id).snippet.source == "kept"
    store.close()


def test_a_database_that_is_up_to_date_need_not_be_written_to(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    upgrade(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert not Path("file:").exists()
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        upgrade(url)


def test_several_may_upgrade_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(upgrade, [url] * 4)) == [None] * 4


def test_they_lead_back(database: Engine) -> None:
    settings = config()
    with database.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
    assert set(inspect(database).get_table_names()) == {"alembic_version"}
    database.dispose()
