"""The store and its twin keep the same promises."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from playground.contracts import events as ev
from playground.contracts.errors import NotFound, Unavailable
from playground.contracts.request import Device, Mode, RunOptions
from playground.contracts.result import Printed, Result
from playground.store import MemoryStore, Shareable, SqlStore, Store, Stored, open_store, upgrade
from playground.store.tables import RunRow, SnippetRow

TEN = Shareable(
    source="print(10)\n中文\0", mode=Mode.SYMBOLIC, stdin="", options=RunOptions(threads=2), layout={"a": 1}
)
ENVIRONMENT = ev.Environment(python="3", torch="2", device="cpu", device_name="x", threads=1, isolation=("a",))


def run(run_id: str) -> Result:
    return Result(
        run_id=run_id,
        status=ev.Status.OK,
        mode=Mode.SYMBOLIC,
        device=Device.CPU,
        environment=ENVIRONMENT,
        output=(Printed(stream="stdout", text="10\n"),),
    )


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'new' / 'test.db'}"
    upgrade(url)
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = MemoryStore() if request.param == "memory" else request.getfixturevalue("sql")
    return found


def test_what_was_shared_is_found_as_it_was(store: Store) -> None:
    snippet_id, new = store.save(TEN)
    assert (len(snippet_id), new) == (11, True)
    found = store.find(snippet_id)
    assert (found.id, found.snippet, found.recorded) == (snippet_id, TEN, None)


def test_the_same_content_has_the_same_link(store: Store) -> None:
    first = store.save(TEN)
    assert store.save(TEN) == (first[0], False)


def test_a_record_is_kept_beside_it_and_has_a_link_of_its_own(store: Store) -> None:
    plain, _ = store.save(TEN)
    recorded, new = store.save(TEN, run("r1"))
    assert new
    assert plain != recorded != store.save(TEN, run("r2"))[0]
    assert store.save(TEN, run("r1")) == (recorded, False)
    assert store.find(recorded).recorded == run("r1")
    assert store.find(plain).recorded is None


def test_one_record_serves_two_links(store: Store) -> None:
    other = TEN.model_copy(update={"layout": {"a": 2}})
    links = [store.save(snippet, run("r1"))[0] for snippet in (TEN, other)]
    assert links[0] != links[1]
    assert [store.find(link).recorded for link in links] == [run("r1")] * 2


@pytest.mark.parametrize("snippet_id", ["", "none", "'; DROP TABLE snippets", "\0"])
def test_what_was_never_shared_is_not_found(store: Store, snippet_id: str) -> None:
    with pytest.raises(NotFound):
        store.find(snippet_id)


LAYOUTS = st.dictionaries(
    st.text(max_size=40), st.none() | st.booleans() | st.integers() | st.text(max_size=200), max_size=4
)
SHAREABLES = st.builds(
    Shareable,
    source=st.text(),
    stdin=st.none() | st.text(),
    options=st.builds(RunOptions, threads=st.none() | st.integers(1, 64), timeout_s=st.none() | st.floats(0.001, 3600)),
    layout=st.none() | LAYOUTS,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shared=SHAREABLES, other=st.text())
def test_the_store_and_its_twin_agree_on_whatever_is_shared(sql: SqlStore, shared: Shareable, other: str) -> None:
    twin = MemoryStore()
    snippet_id, _ = sql.save(shared)
    assert twin.save(shared) == (snippet_id, True)
    assert sql.save(shared) == (snippet_id, False)
    assert sql.find(snippet_id) == twin.find(snippet_id) == Stored(snippet_id, shared)
    for store in (sql, twin):
        with pytest.raises(NotFound):
            store.find(other)


def test_two_that_meet_get_a_longer_and_a_shorter_id(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(store).__module__
    monkeypatch.setattr(f"{module}.digest", lambda content: "1" * 11 + str(len(content)) + "2" * 20)
    other = TEN.model_copy(update={"source": "another one"})
    first, second = store.save(TEN)[0], store.save(other)[0]
    assert first == "1" * 11
    assert second.startswith(first)
    assert len(second) == 12
    assert (store.find(first).snippet, store.find(second).snippet) == (TEN, other)
    assert (store.save(TEN), store.save(other)) == ((first, False), (second, False))


def test_sharing_the_same_at_the_same_time_makes_one_link(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda _: store.save(TEN, run("r1")), range(16)))
    assert len({snippet_id for snippet_id, _ in saved}) == 1
    assert [new for _, new in saved].count(True) == 1


def test_many_may_share_at_the_same_time(store: Store) -> None:
    snippets = [TEN.model_copy(update={"source": str(number)}) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        ids = [snippet_id for snippet_id, _ in pool.map(store.save, snippets)]
    assert [store.find(snippet_id).snippet for snippet_id in ids] == snippets


def test_the_environment_is_kept_where_it_can_be_searched(sql: SqlStore) -> None:
    sql.save(TEN, run("r1"))
    with Session(sql._engine) as session:
        row = session.scalars(select(RunRow)).one()
    assert row.environment == ENVIRONMENT.model_dump_json()
    assert row.created_at is not None


def test_readers_are_not_held_up_by_a_writer(sql: SqlStore) -> None:
    snippet_id, _ = sql.save(TEN)
    with Session(sql._engine) as writer:
        assert writer.scalar(text("PRAGMA journal_mode")) == "wal"
        writer.execute(update(SnippetRow).values(content="{}"))
        assert sql.find(snippet_id).snippet == TEN


@pytest.fixture
def locked(sql: SqlStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """A store whose database somebody else writes to, without end, and one link in it."""
    monkeypatch.setattr("playground.store.sql.BUSY_MS", 1)
    store = open_store(str(sql._engine.url))
    store.save(TEN)
    other = sqlite3.connect(str(sql._engine.url.database))
    other.execute("BEGIN EXCLUSIVE")
    yield store
    other.close()
    store.close()


@pytest.fixture
def read_only(sql: SqlStore) -> Iterator[SqlStore]:
    """A store on a database that cannot be written to, and one link in it."""
    sql.save(TEN)
    store = open_store(f"sqlite:///file:{sql._engine.url.database}?mode=ro&uri=true")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("broken", "reason"), [("locked", "database is locked"), ("read_only", "attempt to write a readonly database")]
)
def test_where_nothing_can_be_stored_links_still_lead_where_they_led(
    request: pytest.FixtureRequest, broken: str, reason: str
) -> None:
    store: SqlStore = request.getfixturevalue(broken)
    link, new = store.save(TEN)
    assert (new, store.find(link).snippet) == (False, TEN)
    with structlog.testing.capture_logs() as logs, pytest.raises(Unavailable, match="could not be stored"):
        store.save(TEN.model_copy(update={"source": "secret"}))
    assert [(log["event"], log["error"]) for log in logs] == [("database_failed", reason)]


def test_a_database_that_is_gone_is_unavailable_and_says_no_more(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none' / 'test.db'}")
    with pytest.raises(Unavailable) as failure:
        store.find("x")
    assert str(tmp_path) not in str(failure.value)
    store.close()
