"""Against the API and admission: malformed, oversized, forged and too many requests."""

import contextlib
import json
import pickle
import time
from collections.abc import Iterable, Iterator

from playground.app import create_app
from playground.contracts.errors import NoCapacity
from playground.contracts.events import Accepted
from playground.contracts.request import MAX_SOURCE_BYTES, Mode, RunRequest
from playground.dispatch.local import LocalDispatcher
from playground.runner.client import Events
from playground.selftest.attempt import Attempt, Call
from playground.selftest.deployment import Answer, Deployment, Inside
from playground.selftest.layers import MOUNT, RUNNER, VALIDATION, WEB
from playground.store.memory import MemoryStore

FREE_WITHIN_S = 10.0
RUNS = "/api/v1/runs"
_JSON = {"Accept": "application/json"}
_GUESSES = ("0", "1", "run1", "..", "%2e%2e", "0" * 32, "f" * 32, "' OR 1=1 --")
_REFUSED = {"400": VALIDATION, "413": VALIDATION, "415": VALIDATION, "422": VALIDATION}


def program(source: str = "print(10)", **fields: object) -> dict[str, object]:
    """Write a request for a run."""
    return {"source": source, "mode": "imperative", **fields}


def posting(*bodies: object, content_type: str = "application/json") -> Call:
    """Post bodies to the endpoint of runs, and meet the statuses of the answers."""

    def call(deployment: Deployment) -> Iterator[str]:
        for body in bodies:
            yield str(deployment.ask("POST", RUNS, body, Content_Type=content_type, **_JSON).status)

    return call


def asking(method: str, *paths: str) -> Call:
    """Ask for paths, and meet the statuses of the answers."""

    def call(deployment: Deployment) -> Iterator[str]:
        for path in paths:
            yield str(deployment.ask(method, path, **_JSON).status)

    return call


def run(deployment: Deployment, source: str, **fields: object) -> Answer:
    """Run a snippet through the API."""
    return deployment.ask("POST", RUNS, program(source, **fields), **_JSON)


def _long_timeout(deployment: Deployment) -> Iterator[str]:
    limits = {limit.name: limit for limit in deployment.client.describe().limits}
    answer = run(deployment, "while True: pass", options={"timeout_s": 0.2}).json()
    yield "own limit" if answer["limit"]["value"] < limits["time"].value * 1000 else "no limit"
    yield str(run(deployment, "print(1)", options={"timeout_s": 1e9}).status)


def _threads(deployment: Deployment) -> Iterator[str]:
    yield str(run(deployment, "print(1)", options={"threads": 10**6}).status)
    given = run(deployment, "print(1)", options={"threads": 64}).json()["environment"]["threads"]
    yield "reached" if given > deployment.settings.threads else "lowered"


def _traversal(deployment: Deployment) -> Iterator[str]:
    run_id = run(deployment, "open('kept.txt', 'w').write('kept')").json()["run_id"]
    secret = str(deployment.canaries.places["data file"])
    for name in (
        f"../../..{secret}",
        f"/{secret}",
        f"..%2f..%2f..{secret}",
        "%2e%2e/%2e%2e/secret_key",
        "kept.txt/..",
        "0",
    ):
        yield str(deployment.ask("GET", f"/api/v1/artifacts/{run_id}/{name}").status)


def _resumed_from_nowhere(deployment: Deployment) -> Iterator[str]:
    run_id = run(deployment, "print(1)").json()["run_id"]
    for place in ("-1", "1e9", "x", "0x10", "9" * 40):
        yield str(deployment.ask("GET", f"{RUNS}/{run_id}/events", Last_Event_ID=place).status)


def _occupy(deployment: Deployment) -> Events:
    """Take a place, and keep listening: a run that nobody listens to is stopped after a while."""
    request = RunRequest(source="import time\ntime.sleep(1000)", mode=Mode.IMPERATIVE)
    return deployment.client.run(request)


def _run_id(events: Events) -> str:
    accepted = next(events)
    assert isinstance(accepted, Accepted)  # noqa: S101 - the first event
    return accepted.run_id


def _flood(deployment: Deployment) -> Iterator[str]:
    there = deployment.client.describe()
    with contextlib.ExitStack() as taken:
        try:
            for _ in range(there.concurrency + there.queue_size + 1):
                taken.callback(deployment.client.cancel, _run_id(taken.enter_context(_occupy(deployment))))
            yield "reached"
        except NoCapacity:
            answer = run(deployment, "print(1)")
            yield f"{answer.status} {'with' if int(answer.headers.get('Retry-After', 0)) else 'without'} Retry-After"
    yield f"then {run(deployment, 'print(1)').json()['status']}"
    yield _left(deployment)


def _left(deployment: Deployment) -> str:
    """Say whether every place is free, as soon as those are that runs which have ended still hold."""
    deadline = time.monotonic() + FREE_WITHIN_S
    while time.monotonic() < deadline:
        there = deployment.client.describe()
        if (there.running, there.queued) == (0, 0):
            return "places are free"
        time.sleep(0.02)
    return "places are taken"


def _cancel_twice(deployment: Deployment) -> Iterator[str]:
    with _occupy(deployment) as events:
        run_id = _run_id(events)
        for _ in range(3):
            yield str(deployment.ask("DELETE", f"{RUNS}/{run_id}").status)
    yield _left(deployment)


def _expressions(deployment: Deployment) -> Iterator[str]:
    path = str(deployment.canaries.places["data file"])
    touch = f"__import__('os').system('touch {deployment.canaries.places['public directory']}/reached')"
    for expression in (f"open({path!r}).read()", touch, f"[].append(open({path!r}).read())"):
        for field in ("target", "inputs"):
            options = {"target": "print", "inputs": "()", field: expression}
            answer = run(deployment, "def f(x): return x", mode="compare", options=options).json()
            yield f"inside: {answer['status']}"


_PROXIED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP")


def _spoofed_address(deployment: Deployment) -> Iterator[str]:
    """An application of its own, with a rate low enough to be reached at once."""
    settings = deployment.settings.model_copy(update={"rate_limit": "1 per hour"})
    body = json.dumps(program()).encode()
    with contextlib.closing(LocalDispatcher(settings)) as dispatcher:
        site = Inside(create_app(settings, dispatcher, MemoryStore()))
        for number in range(1, 4):
            spoofed = dict.fromkeys(_PROXIED, f"192.0.2.{number}")
            headers = {"Content-Type": "application/json", **_JSON, **spoofed}
            yield f"{number}: {site.ask('POST', RUNS, body, headers).status}"


def _many(paths: Iterable[str], *names: str) -> tuple[str, ...]:
    return tuple(path.format(name) for path in paths for name in names)


ATTEMPTS = (
    Attempt(
        "unknown fields and wrong types are refused",
        posting(
            program(privileged=True),
            program(options={"network": True}),
            program(options={"timeout_s": "60"}),
            program(stdin=["1"]),
            program(mode="root"),
            program(device="/dev/sda"),
            [],
            None,
        ),
        _REFUSED,
    ),
    Attempt(
        "bodies that are too large, too deep or no JSON are refused",
        posting(
            program("#" * (MAX_SOURCE_BYTES + 1)),
            program(stdin="x" * (1 << 22)),
            b"[" * 1_000_000,
            b'{"source": "\xff"}',
            b"",
            pickle.dumps(program()),
        ),
        _REFUSED,
    ),
    Attempt(
        "what another site's form can send is no request",
        posting(json.dumps(program()).encode(), content_type="text/plain"),
        {"415": VALIDATION},
    ),
    Attempt(
        "an impossible limit of time is refused, and one's own is kept",
        _long_timeout,
        {"own limit": RUNNER, "422": VALIDATION},
    ),
    Attempt("no more threads than the limit are given", _threads, {"lowered": RUNNER, "422": VALIDATION}),
    Attempt(
        "expressions that exhaust a parser are refused",
        posting(
            program(options={"target": "(" * 900}),
            program(options={"target": "-" * 1000 + "1"}),
            program(options={"target": "[" * 400 + "]" * 400}),
            program(options={"target": "x" * 100_000}),
            program(options={"target": "f\0"}),
        ),
        _REFUSED,
    ),
    Attempt(
        "expressions in options are evaluated inside the sandbox alone",
        _expressions,
        {"inside: error": MOUNT, "inside: ok": MOUNT},
    ),
    Attempt("a file's name cannot climb out of its run", _traversal, {"404": RUNNER, "308": WEB}),
    Attempt(
        "ids of runs cannot be guessed or climb",
        asking("GET", *_many((RUNS + "/{}/events", "/api/v1/artifacts/{}/x"), *_GUESSES)),
        {"404": RUNNER, "405": WEB, "308": WEB},
    ),
    Attempt(
        "a run of somebody else's cannot be stopped by guessing",
        asking("DELETE", *_many((RUNS + "/{}",), *_GUESSES)),
        {"404": RUNNER, "405": WEB, "308": WEB},
    ),
    Attempt(
        "ids of links cannot climb",
        asking("GET", *_many(("/s/{}", "/s/{}/raw", "/api/v1/snippets/{}"), *_GUESSES, "%00")),
        {"404": WEB, "308": WEB, "200": WEB},
    ),
    Attempt(
        "the page's own files are all that is served of files",
        asking(
            "GET", *_many(("/static/{}", "/static/dist/{}", "/{}"), "../pyproject.toml", "%2e%2e/cli.py", "/etc/passwd")
        ),
        {"404": WEB, "308": WEB},
    ),
    Attempt(
        "a stream is resumed only from a place that there can be",
        _resumed_from_nowhere,
        {"200": RUNNER, "422": VALIDATION},
    ),
    Attempt(
        "a flood of runs is told when to come back, and frees its places",
        _flood,
        {"429 with Retry-After": RUNNER, "then ok": RUNNER, "places are free": RUNNER},
    ),
    Attempt(
        "a run stopped twice frees one place",
        _cancel_twice,
        {"204": RUNNER, "places are free": RUNNER},
    ),
    Attempt(
        "a spoofed address does not lift the rate limit",
        _spoofed_address,
        {"1: 200": WEB, "2: 429": WEB, "3: 429": WEB},
    ),
)
