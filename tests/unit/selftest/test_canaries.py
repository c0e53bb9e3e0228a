"""A canary that is read, changed or reached says so: without that no attempt could fail."""

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import Headers

from playground.runner.client import RunnerClient
from playground.selftest import canaries as module
from playground.selftest.attempt import Attempt, Category, Outcome
from playground.selftest.canaries import Canaries, plant
from playground.selftest.deployment import Answer, Deployment
from playground.selftest.run import make
from playground.settings import Settings
from tests.support.runner import wait_until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "secret_key").write_text("the server's own")
    return Settings(data_dir=tmp_path)


@pytest.fixture
def canaries(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Canaries]:
    monkeypatch.setattr(module, "GONE_WITHIN_S", 0.0)
    with plant(settings) as planted:
        yield planted


def place(canaries: Canaries, name: str) -> Any:  # noqa: ANN401 - a path, a port or a number
    return canaries.places[name]


def public_file(canaries: Canaries) -> Path:
    return Path(place(canaries, "public files")[0])


def connect(canaries: Canaries, name: str) -> None:
    address = place(canaries, name)
    if name == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x", ("127.0.0.1", address))
    elif name == "tcp":
        socket.create_connection(("127.0.0.1", address)).close()
    else:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(address if name == "unix socket" else "\0" + address)


def change_shared_memory(canaries: Canaries) -> None:
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    address = ctypes.c_void_p(libc.shmat(place(canaries, "shared memory")["id"], None, 0))
    ctypes.memset(address, 0, 1)
    libc.shmdt(address)


def kill_the_process(canaries: Canaries) -> None:
    os.kill(place(canaries, "process"), signal.SIGKILL)
    os.waitid(os.P_PID, place(canaries, "process"), os.WEXITED | os.WNOWAIT)


TOUCHES: dict[str, tuple[str, Callable[[Canaries], object]]] = {
    "overwritten": ("file in /tmp", lambda c: public_file(c).write_text("x")),
    "removed": ("file in /tmp", lambda c: public_file(c).unlink()),
    "linked": ("file in /tmp", lambda c: os.link(public_file(c), str(public_file(c)) + "-linked")),
    "joined": ("file in /tmp", lambda c: public_file(c).with_name("planted").touch()),
    "data overwritten": ("data file", lambda c: Path(place(c, "data file")).write_text("x")),
    "tcp": ("tcp", lambda c: connect(c, "tcp")),
    "udp": ("udp", lambda c: connect(c, "udp")),
    "unix socket": ("unix socket", lambda c: connect(c, "unix socket")),
    "abstract socket": ("abstract socket", lambda c: connect(c, "abstract socket")),
    "killed": ("process", kill_the_process),
    "memory": ("shared memory", change_shared_memory),
}


def test_untouched_ones_say_nothing(canaries: Canaries) -> None:
    assert canaries.touched() == []
    assert canaries.found([b"nothing of importance"]) == []


@pytest.mark.parametrize("how", TOUCHES)
def test_each_says_when_it_was_touched(canaries: Canaries, how: str) -> None:
    name, touch = TOUCHES[how]
    touch(canaries)
    assert canaries.touched() == [name]


def test_a_process_that_outlives_its_run_is_noticed(canaries: Canaries) -> None:
    with subprocess.Popen([place(canaries, "marker"), "1000"], executable="/bin/sleep") as left:
        try:
            wait_until(lambda: canaries.touched() == ["marker"])  # for a moment after exec(2) its words are not there
        finally:
            left.kill()
    assert canaries.touched() == []


def test_what_was_said_names_the_secret_that_it_holds(canaries: Canaries) -> None:
    for name, secret in canaries.secrets.items():
        assert canaries.found([b"before", b"x" + secret + b"x"]) == [name]
    assert canaries.secrets["secret key"] == b"the server's own"


def test_they_are_taken_away_in_the_end(settings: Settings) -> None:
    with plant(settings) as canaries:
        paths = [Path(path) for path in (*place(canaries, "public files"), place(canaries, "data file"))]
        assert all(path.exists() for path in paths)
    assert not any(path.exists() for path in paths)


class Leaking:
    """A web tier that says whatever it is asked for."""

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        del method, body, headers
        return Answer(200, Headers(), Path(path).read_bytes())


def deployment(settings: Settings, canaries: Canaries) -> Deployment:
    client = RunnerClient(settings.data_dir / "nobody.sock")
    return Deployment(settings, client, Leaking(), canaries, "full")


def test_an_attempt_that_meets_what_is_expected_but_leaks_has_escaped(settings: Settings, canaries: Canaries) -> None:
    leak = Attempt(
        "nothing is leaked", lambda d: [str(d.ask("GET", str(public_file(canaries))).status)], {"200": "nothing"}
    )
    finding = make(leak, Category.API, deployment(settings, canaries))
    assert finding.outcome is Outcome.ESCAPED
    assert finding.met == ("200", "touched: file in /tmp")


def test_an_attempt_that_nobody_answers_is_unclear(settings: Settings, canaries: Canaries) -> None:
    asked = Attempt("it is described", lambda d: [d.client.describe().tier], {"full": "nothing"})
    finding = make(asked, Category.API, deployment(settings, canaries))
    assert (finding.outcome, finding.met) == (Outcome.UNCLEAR, ("no answer: The runner does not answer.",))
