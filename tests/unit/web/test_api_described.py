"""The description of the API holds, for what it allows and for what it does not: no other answer is ever given."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance

from playground.contracts import events as ev
from playground.contracts import measured
from playground.contracts.request import Level, Mode, RunRequest
from playground.dispatch.memory import MemoryDispatcher, Said
from playground.store import MemoryStore, Shareable
from playground.web.openapi import document
from tests.unit.web.conftest import Client

api = schemathesis.openapi.from_dict(json.loads(document()))
Case = schemathesis.Case[Any]
NOT_SAID: list[CheckFunction] = [positive_data_acceptance]
"""A schema cannot say what is a Python expression, how long a text is in UTF-8, or which runs there are."""
ONE_CLIENT_FOR_ALL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
THERE = {"run_id": "run1", "name": "saved", "snippet_id": "CCVQy8XDvg3"}


def one_of_each(request: RunRequest) -> Iterable[Said]:
    del request
    yield ev.Stage(name="execute", phase="begin")
    yield ev.Output(stream="stdout", text="10\n")
    yield ev.Display(mime="image/png", data="")
    yield ev.Code(
        level=Level.AST, title="ast", language="ast", text="x", map=((1, 1, 1, 1),), columns=((1, 0, 1, 1, 1, 1),)
    )
    yield ev.Graph(level=Level.DYNAMO_GRAPH, nodes=(ev.Node(id="x", label="x", op="x"),), edges=(("x", "x"),))
    yield ev.Diagnostic(kind="fallback", message="x")
    yield ev.Statement(line=1, wall_ns=1, hits=1)
    yield measured.Benchmark(
        path="x", compile_ns=1, first_call_ns=1, median_ns=1, iqr_ns=1, runs=1, number_per_run=1, stable=True
    )
    yield measured.Verdict(subject="x", against="y", outcome="close", max_abs_error=0.5)
    yield measured.Profile(
        path="x", parts=(("kernel", 1.5),), operators=(measured.Operator(name="x", calls=1, self_ns=2),)
    )
    yield measured.Lifetime(level=Level.PROGRAM, scope="<module>", name="x", first=1, last=2, ends="left")
    yield measured.Memory(level=Level.PROGRAM, peak_bytes=4_000, line=1)
    yield measured.CompileTime(graph="x", phases=(("dynamo", 1),), cache="miss")
    yield ev.Error(error_type="x", message="x", frames=(ev.Frame(file="x", line=1, function="x", text="x"),))
    yield ev.Artifact(name="saved", size_bytes=9, sha256="x", url="x")
    yield ev.Usage(wall_ns=1, cpu_ns=1, rss_bytes=1)


@pytest.fixture
def visited(client_of: Client, store: MemoryStore, tmp_path: Path) -> FlaskClient:
    """A client of an application in which there is one of everything."""
    saved = tmp_path / "saved"
    saved.write_bytes(b"forty-two")
    client = client_of(MemoryDispatcher(one_of_each, files={"saved": saved}))
    assert (
        client.post("/api/v1/runs", json={"source": "print(10)", "mode": "imperative"}).get_json()["run_id"] == "run1"
    )
    assert store.save(Shareable(source="print(10)", mode=Mode.IMPERATIVE)) == (THERE["snippet_id"], True)
    return client


def check(case: Case, client: FlaskClient, **headers: str) -> None:
    answer = case.call_and_validate(app=client.application, excluded_checks=NOT_SAID, headers=headers, buffered=True)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert answer.json()["status"] == answer.status_code


@api.parametrize()
@ONE_CLIENT_FOR_ALL
def test_every_answer_is_one_that_is_described(visited: FlaskClient, case: Case) -> None:
    check(case, visited)


@api.include(path_regex="{").parametrize()
@ONE_CLIENT_FOR_ALL
def test_what_is_there_is_as_it_is_described(visited: FlaskClient, case: Case) -> None:
    case.path_parameters = {name: THERE[name] for name in case.path_parameters}
    check(case, visited)


@api.include(operation_id="run").parametrize()
@ONE_CLIENT_FOR_ALL
def test_a_stream_is_as_it_is_described(visited: FlaskClient, case: Case) -> None:
    check(case, visited, Accept="text/event-stream")
