import asyncio
import hashlib
import json
import socket
from pathlib import Path

import pytest

from playground.runner.files import Bounds, Files, is_plain


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
        for artifact in kept:
            path, same = files.find("run", artifact.name) or pytest.fail("kept, but not found")
            assert same == artifact
            assert hashlib.sha256(path.read_bytes()).hexdigest() == artifact.sha256
        return {artifact.name: files.find("run", artifact.name)[0].read_bytes() for artifact in kept}  # type: ignore[index]

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


def test_forgetting_a_run_deletes_its_files(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", Bounds(1, 1))
    files.forget("never was")
    assert files.find("never was", "x") is None
