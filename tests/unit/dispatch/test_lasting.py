"""However a runner goes, the events of a run end with ``finished``. Real runners die in the integration tests."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.contracts import events as ev
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.wire import Refused
from playground.dispatch import lasting
from playground.dispatch.local import LocalDispatcher
from playground.settings import Settings

RUN_ID = "0123456789abcdef" * 2
TEN = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)
ENVIRONMENT = ev.Environment(python="3", torch="2", device="cpu", device_name="x", threads=1, isolation=())
ACCEPTED = ev.Accepted(id=1, run_id=RUN_ID, position=1)
STARTED = ev.Started(id=2, environment=ENVIRONMENT)
PRINTED = ev.Output(id=3, stream="stdout", text="10\n")
FINISHED = ev.Finished(id=4, status=ev.Status.OK)
WHOLE = [ACCEPTED, STARTED, PRINTED, FINISHED]
FORGOTTEN = Refused(kind="not_found", message="gone")
FULL = Refused(kind="no_capacity", message="full", retry_after_s=1)
Replies = list[Any]


class Runners:
    """One runner after the other: each answers one command, and then is gone."""

    def __init__(self, path: Path) -> None:
        self.commands: list[dict[str, Any]] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._playing: threading.Thread | None = None

    def play(self, *lives: Replies) -> None:
        self._playing = threading.Thread(target=self._live, args=lives)
        self._playing.start()

    def _live(self, *lives: Replies) -> None:
        for replies in lives:
            connection, _ = self._listener.accept()
            with connection, connection.makefile("rb") as lines:
                self.commands.append(json.loads(lines.readline()))
                connection.sendall(b"".join(reply.model_dump_json().encode() + b"\n" for reply in replies))
        self._listener.close()

    def close(self) -> None:
        if self._playing:
            self._playing.join()
        self._listener.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def runners(settings: Settings) -> Iterator[Runners]:
    path = settings.runner_socket(Device.CPU)
    path.parent.mkdir()
    made = Runners(path)
    yield made
    made.close()


@pytest.fixture
def dispatcher(settings: Settings) -> LocalDispatcher:
    return LocalDispatcher(settings)


def test_a_connection_that_is_lost_is_taken_up_where_it_was(runners: Runners, dispatcher: LocalDispatcher) -> None:
    runners.play(WHOLE[:2], WHOLE[1:])
    assert list(dispatcher.run(TEN)) == WHOLE
    assert (runners.commands[1]["op"], runners.commands[1]["run_id"]) == ("attach", RUN_ID)


def test_a_run_that_had_begun_when_its_runner_died_has_an_end(runners: Runners, dispatcher: LocalDispatcher) -> None:
    runners.play(WHOLE[:3], [FORGOTTEN])
    assert list(dispatcher.run(TEN)) == [*WHOLE[:3], ev.Finished(id=4, status=ev.Status.INTERNAL)]


def test_so_has_one_that_somebody_came_back_to(runners: Runners, dispatcher: LocalDispatcher) -> None:
    runners.play([STARTED, PRINTED])
    assert list(dispatcher.attach(RUN_ID, 2)) == [PRINTED, ev.Finished(id=4, status=ev.Status.INTERNAL)]


@pytest.mark.parametrize("meanwhile", [[], [[FULL]], [[], [FULL], []]])
def test_a_run_that_was_only_accepted_is_run_by_the_next_runner_that_takes_it(
    runners: Runners, dispatcher: LocalDispatcher, meanwhile: list[Replies]
) -> None:
    runners.play(WHOLE[:1], *meanwhile, WHOLE)
    assert list(dispatcher.run(TEN, gathered=True)) == WHOLE
    first, *_, last = runners.commands
    assert (first["run_id"], last["run_id"]) == (None, RUN_ID)
    assert (last["op"], last["gathered"], last["request"]) == ("run", True, first["request"])


def test_it_is_handed_on_once(runners: Runners, dispatcher: LocalDispatcher) -> None:
    runners.play(WHOLE[:1], WHOLE[:1], [FORGOTTEN])
    assert list(dispatcher.run(TEN)) == [ACCEPTED, ev.Finished(id=2, status=ev.Status.INTERNAL)]
    assert [command["op"] for command in runners.commands] == ["run", "run", "attach"]


def test_it_does_not_wait_for_ever(
    runners: Runners, dispatcher: LocalDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "BACK_WITHIN_S", 0.0)
    runners.play(WHOLE[:1])
    assert list(dispatcher.run(TEN)) == [ACCEPTED, ev.Finished(id=2, status=ev.Status.INTERNAL)]


def test_whoever_asks_meanwhile_is_not_held_up(runners: Runners, dispatcher: LocalDispatcher) -> None:
    runners.play(WHOLE[:1])
    events = dispatcher.run(TEN)
    assert next(events) == ACCEPTED
    runners.close()
    assert not events.ready(0)
    events.close()
    assert list(events) == []
