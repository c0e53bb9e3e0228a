"""A snippet says anything to whoever listens: its run ends in order, the next one is fine, the runner keeps nothing open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contracts.events import Finished, Status
from playground.contracts.request import Mode, RunOptions, RunRequest
from playground.contracts.wire import Done
from playground.settings import Settings
from tests.support.events import said_inside
from tests.support.runner import Bench, wait_until

ONE_RUNNER_FOR_ALL = settings(
    max_examples=settings().max_examples // 2,  # each is two runs
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STEPS = (
    "os.write({fd}, {data})",
    "[os.write({fd}, {data} or b'x') for _ in range(2_000)]",
    "socket.socket(fileno=os.dup({fd})).send(b'')",
    "socket.send_fds(socket.socket(fileno=os.dup({fd})), [{data} or b'x'], [0, 0, 0])",
    "socket.socket(fileno=os.dup({fd})).shutdown(socket.SHUT_RDWR)",
    "os.set_blocking({fd}, False) or os.read({fd}, 99)",
    "os.close({fd})",
    "os.dup2({other}, {fd})",
    "os.fork()",
)
LAST = ("pass", "os._exit(3)", "os.kill(os.getpid(), 9)")
DESCRIPTORS = st.sampled_from([1, 2, 3]) | st.integers(0, 9)
"""Standard output and error, the channel; and whatever else there may be."""
LINES = (
    said_inside().map(lambda event: event.model_dump_json().encode())
    | st.sampled_from([one.model_dump_json().encode() for one in (Done(), Finished(status=Status.OK))])
    | st.binary(max_size=60)
)
DATA = st.builds(lambda tag, line: tag + line, st.sampled_from([b"E", b"P", b"D", b"R", b""]), LINES)
STEP = st.builds(
    lambda step, fd, data, other: step.format(fd=fd, data=repr(data), other=other),
    st.sampled_from(STEPS),
    DESCRIPTORS,
    DATA,
    st.integers(0, 9),
)
SNIPPETS = st.builds(
    lambda steps, last: "\n".join(["import contextlib, os, socket", *steps, last]),
    st.lists(STEP.map("with contextlib.suppress(OSError): {}".format), min_size=1, max_size=6),
    st.sampled_from(LAST),
)


@pytest.fixture
def nothing_is_left_open(bench: Bench) -> Iterator[None]:
    """The runner at rest has no more descriptors after than before, when the last run may still have been going."""

    def at_rest() -> bool:
        there = bench.client.describe()
        return there.ready == Settings().ready_sandboxes and not there.running

    def descriptors() -> int:
        return sum(1 for _ in Path(f"/proc/{bench.process.pid}/fd").iterdir())

    wait_until(at_rest)
    before = descriptors()
    yield
    wait_until(lambda: at_rest() and descriptors() <= before)


@pytest.mark.usefixtures("nothing_is_left_open")
@ONE_RUNNER_FOR_ALL
@given(source=SNIPPETS)
def test_whatever_a_snippet_does_to_its_descriptors_its_run_ends_in_order(bench: Bench, source: str) -> None:
    options = RunOptions(timeout_s=1)
    events = list(bench.client.run(RunRequest(source=source, mode=Mode.IMPERATIVE, options=options)))
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert [event.type for event in events if event.type in {"accepted", "finished"}] == ["accepted", "finished"]
    assert isinstance(events[-1], Finished)
    assert events[-1].status is not Status.INTERNAL
    assert bench.run("print(1 + 1)").stdout == "2\n"
