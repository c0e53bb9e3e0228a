import asyncio
import hashlib
import json
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contracts.events import Artifact
from playground.runner.files import NOT_KEPT, Bounds, Files, is_plain


@pytest.mark.parametrize("name", ["my_mlp", "a/b.txt", "图.png", "with space"])
def test_names_that_can_be_shown_are_plain(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", "a//b", ".", "a\nb", "a\x00b", "\u202egpj", "x" * 201]
)
def test_names_that_climb_or_deceive_are_not(name: str) -> None:
    assert not is_plain(name)


def collect(tmp_path: Path, messages: list[bytes], bounds: Bounds) -> dict[str, bytes]:
    """Play PID 1: send ``messages``, hang up; return what was kept."""

    async def play() -> dict[str, bytes]:
        files = Files(tmp_path / "files", bounds)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            ours.setblocking(False)
            for message in messages:
                theirs.send(message)
            theirs.shutdown(socket.SHUT_WR)
            kept = await files.collect("run", ours)
            assert json.loads(theirs.recv(1000)) == {"files": bounds.files, "bytes": bounds.bytes}
        artifacts = [event for event in kept if isinstance(event, Artifact)]
        assert artifacts == kept
        for artifact in artifacts:
            path, same = files.find("run", artifact.name) or pytest.fail("kept, but not found")
            assert same == artifact
            assert hashlib.sha256(path.read_bytes()).hexdigest() == artifact.sha256
        return {artifact.name: files.find("run", artifact.name)[0].read_bytes() for artifact in artifacts}  # type: ignore[index]

    return asyncio.run(play())


END = b'{"end": true}'


def test_files_are_kept_with_their_digest(tmp_path: Path) -> None:
    messages = [b'{"name": "a", "size_bytes": 3}', b"abc", b'{"name": "b", "size_bytes": 0}', END]
    assert collect(tmp_path, messages, Bounds(10, 100)) == {"a": b"abc", "b": b""}


def test_more_bytes_than_announced_are_cut(tmp_path: Path) -> None:
    assert collect(tmp_path, [b'{"name": "a", "size_bytes": 3}', b"abcdef", END], Bounds(10, 100)) == {"a": b"abc"}


def test_files_over_the_bounds_end_the_collecting(tmp_path: Path) -> None:
    messages = [b'{"name": "a", "size_bytes": 3}', b"abc", b'{"name": "b", "size_bytes": 98}', b"x" * 98, END]
    assert collect(tmp_path, messages, Bounds(10, 100)) == {"a": b"abc"}


def test_no_more_files_than_the_bound_are_kept(tmp_path: Path) -> None:
    messages = [b'{"name": "%d", "size_bytes": 0}' % number for number in range(5)]
    assert set(collect(tmp_path, [*messages, END], Bounds(2, 100))) == {"0", "1"}


@pytest.mark.parametrize(
    "forged",
    [b"garbage", b'{"name": 3}', b'{"name": "x", "size_bytes": -1}', b'{"name": "../x", "size_bytes": 0}', b"[]"],
)
def test_a_forged_announcement_costs_only_what_comes_after(tmp_path: Path, forged: bytes) -> None:
    kept = collect(tmp_path, [b'{"name": "a", "size_bytes": 3}', b"abc", forged, END], Bounds(10, 100))
    assert kept == {"a": b"abc"}


def test_what_never_was_can_be_forgotten(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", Bounds(1, 1))
    files.forget("never was")
    assert files.find("never was", "x") is None


def test_that_the_disk_takes_no_files_is_said(tmp_path: Path) -> None:
    async def play() -> None:
        files = Files(tmp_path / "files", Bounds(10, 100))
        (tmp_path / "files").rmdir()
        (tmp_path / "files").write_text("a file where the directory should be")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            ours.setblocking(False)
            theirs.send(b'{"name": "a", "size_bytes": 3}')
            assert await files.collect("run", ours) == [NOT_KEPT]
        assert files.find("run", "a") is None

    asyncio.run(play())


def test_half_a_file_leaves_nothing(tmp_path: Path) -> None:
    assert collect(tmp_path, [b'{"name": "a", "size_bytes": 3}', b"ab"], Bounds(10, 100)) == {}
    assert list((tmp_path / "files" / "run").iterdir()) == []


@pytest.mark.parametrize("name", ["kept", "not\\nkept"])
def test_forgetting_a_run_leaves_nothing_on_disk(tmp_path: Path, name: str) -> None:
    async def play() -> None:
        files = Files(tmp_path / "files", Bounds(1, 10))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            ours.setblocking(False)
            for message in (b'{"name": "%s", "size_bytes": 3}' % name.encode(), b"abc", END):
                theirs.send(message)
            await files.collect("run", ours)
        files.forget("run")

    asyncio.run(play())
    assert list((tmp_path / "files").rglob("*")) == []


NAME = st.text(max_size=220) | st.sampled_from(["a", "a/b", "../a", "/a", "a\n", "\u202e"])
HEADER = st.fixed_dictionaries({"name": NAME, "size_bytes": st.integers(-1, 60)}, optional={"end": st.booleans()})
MESSAGE = HEADER.map(lambda header: json.dumps(header).encode()) | st.binary(max_size=80)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # collecting starts with an empty directory
@given(messages=st.lists(MESSAGE, max_size=12), files=st.integers(1, 4))
def test_whatever_pid_1_says_only_what_is_allowed_is_kept(tmp_path: Path, messages: list[bytes], files: int) -> None:
    kept = collect(tmp_path, messages, Bounds(files, 100))
    assert len(kept) <= files
    assert all(is_plain(name) for name in kept)
    written = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(written) <= files
    assert sum(path.stat().st_size for path in written) <= 100
