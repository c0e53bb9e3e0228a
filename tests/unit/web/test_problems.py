"""Every error is a problem document for programs and a page for people, and ours never leak their text."""

from collections.abc import Callable, Iterable, Sequence

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from playground.contracts import errors
from playground.contracts.request import RunRequest
from playground.dispatch.memory import MemoryDispatcher, Said
from playground.web.problems import STATUS, Problem, describe

Client = Callable[..., FlaskClient]
TEN = {"source": "print(10)", "mode": "imperative"}


def fails(request: RunRequest) -> Iterable[Said]:
    message = f"secret of {request.source}"
    raise ZeroDivisionError(message)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/", 404),
        ("PUT", "/api/v1/runs", 405),
        ("GET", "/api/v1/runs", 405),
        ("POST", "/api/v1/runs", 415),
        ("GET", "/api/v1/snippets/none", 404),
        ("GET", "/api/v1/artifacts/none/file", 404),
    ],
)
def test_an_error_of_the_api_is_a_problem_document(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = Problem.model_validate_json(answer.data)
    assert problem.status == status
    assert problem.title
    assert problem.detail


def test_the_methods_allowed_are_said(client: FlaskClient) -> None:
    assert "POST" in client.get("/api/v1/runs").headers["Allow"]


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/s/nothing", 404), ("/s/nothing/raw", 404)])
def test_an_error_of_the_site_is_a_page_for_people(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert str(status) in answer.text
    assert client.get(path, headers={"Accept": "application/json"}).mimetype == "application/problem+json"


def test_our_own_fault_is_logged_and_not_told(client_of: Client) -> None:
    with capture_logs() as logs:
        answer = client_of(MemoryDispatcher(fails)).post("/api/v1/runs", json=TEN)
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "secret" not in answer.text
    assert [(log["event"], type(log["exc_info"])) for log in logs] == [("request_failed", ZeroDivisionError)]


def test_our_own_fault_on_the_page_is_a_page(client_of: Client) -> None:
    with capture_logs():
        answer = client_of(MemoryDispatcher(fails)).post("/", data=TEN, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "secret" not in answer.text


def every_kind() -> Sequence[errors.PlaygroundError]:
    wrong = errors.FieldError("mode", "is wrong")
    return [
        errors.InvalidRequest([wrong]),
        errors.TooLarge(10),
        errors.NotFound("gone"),
        errors.DeviceUnavailable("cuda", ["cpu"]),
        errors.NoCapacity(3),
        errors.Unavailable("gone"),
        errors.Starting("cpu", "imports torch", 3),
    ]


@pytest.mark.parametrize("error", every_kind(), ids=lambda error: type(error).__name__)
def test_each_kind_of_error_has_its_status(error: errors.PlaygroundError) -> None:
    problem, _ = describe(error)
    assert problem.status == STATUS[type(error)][0]
    assert problem.detail == str(error)


def test_no_kind_of_error_was_forgotten() -> None:
    direct = errors.PlaygroundError.__subclasses__()
    there = {*direct, *(kind for above in direct for kind in above.__subclasses__())}
    assert {type(error) for error in every_kind()} == there == set(STATUS)


def test_a_start_says_its_step_and_when_to_come_back() -> None:
    problem, headers = describe(errors.Starting("cpu", "imports torch", 3))
    assert (problem.status, problem.step, problem.since_s) == (503, "imports torch", 3)
    assert problem.detail == "The cpu runner is starting: it imports torch (3 s so far)."
    assert int(headers["Retry-After"]) > 0
