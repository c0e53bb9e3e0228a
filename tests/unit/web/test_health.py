"""Ready means that a snippet really ran, a moment ago."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from playground.contracts.request import Device
from playground.dispatch.memory import MemoryDispatcher
from playground.web.health import FRESH_S, Health

Client = Callable[..., FlaskClient]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def probe(dispatcher: MemoryDispatcher, clock: Clock | None = None) -> FlaskClient:
    app = Flask("x")
    Health(dispatcher, clock or Clock()).add_to(app)
    return app.test_client()


def test_the_process_is_up_even_when_no_runner_is(client_of: Client) -> None:
    dispatcher = MemoryDispatcher()
    dispatcher.answers = False
    answer = client_of(dispatcher).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_runs_a_snippet_on_every_device() -> None:
    dispatcher = MemoryDispatcher(devices=list(Device))
    answer = probe(dispatcher).get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True, "devices": {"cpu": "ok", "cuda": "ok"}})
    assert {run.request.device for run in dispatcher.runs.values()} == set(Device)


def test_however_often_is_asked_one_probe_runs_in_a_while() -> None:
    dispatcher, clock = MemoryDispatcher(), Clock()
    client = probe(dispatcher, clock)
    for _ in range(5):
        client.get("/readyz")
    assert len(dispatcher.runs) == 1
    clock.now += FRESH_S + 1
    client.get("/readyz")
    assert len(dispatcher.runs) == 2


@pytest.mark.parametrize(
    ("dispatcher", "state", "status"),
    [
        (MemoryDispatcher(lambda _: ()), "failed", 503),
        (MemoryDispatcher(capacity=0), "busy", 200),
    ],
)
def test_a_wrong_answer_is_a_failure_and_a_full_house_is_none(
    dispatcher: MemoryDispatcher, state: str, status: int
) -> None:
    answer = probe(dispatcher).get("/readyz")
    assert (answer.status_code, answer.get_json()["devices"]) == (status, {"cpu": state})


def test_a_dead_runner_is_not_ready_and_ready_again_when_it_is_back() -> None:
    dispatcher, clock = MemoryDispatcher(), Clock()
    dispatcher.answers = False
    client = probe(dispatcher, clock)
    assert client.get("/readyz").status_code == 503
    dispatcher.answers = True
    clock.now += FRESH_S + 1
    assert client.get("/readyz").status_code == 200


def test_a_start_is_told_step_by_step_and_asked_for_anew_each_time() -> None:
    dispatcher = MemoryDispatcher()
    client = probe(dispatcher)
    for step in ("imports torch", "rehearses compiling"):
        dispatcher.starting = step
        answer = client.get("/readyz")
        said = {"ready": False, "devices": {"cpu": "starting"}}
        assert (answer.status_code, answer.get_json()) == (
            503,
            said | {"starting": [{"device": "cpu", "step": step, "since_s": 3}]},
        )
    dispatcher.starting = ""
    assert client.get("/readyz").status_code == 200


def test_without_a_device_nothing_is_ready() -> None:
    assert probe(MemoryDispatcher(devices=[])).get("/readyz").status_code == 503
