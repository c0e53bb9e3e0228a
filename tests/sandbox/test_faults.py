"""What dies or fills up is told and made good: what waited is run, what ran says its end, nothing is left behind."""

import contextlib
import os
import select
import signal
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks.serving import family, running
from playground.contracts.errors import Unavailable
from playground.contracts.events import Accepted, Finished, Output, Started, Status
from playground.contracts.request import Mode, RunRequest
from playground.runner.client import Events
from tests.support.disk import full, small_disk
from tests.support.runner import Bench, start, wait_until

ZYGOTE, WARDEN = "playground.runner.zygote", "playground.sandbox.warden"
SLEEPER = RunRequest(source="print('up', flush=True)\nimport time; time.sleep(1000)", mode=Mode.IMPERATIVE)
QUICK = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)
ONE_TIER = pytest.mark.parametrize("own", ["full"], indirect=True)
"""What does not depend on the walls is tried in one tier: each of these starts torch again."""
LEAVES_A_FILE = "open('left', 'w').write('x' * 100_000)\nprint('done')"


class Place:
    """Where a runner lives: its data, its temporary files and its log."""

    def __init__(self, directory: Path, temporary: Path) -> None:
        self.data = directory / "data"
        self.log = directory / "log"
        self.temporary = temporary
        self.temporary.chmod(0o711)  # in the container tier each run's user must get to its files
        self.data.mkdir()

    def start(self, tier: str) -> Bench:
        settings = {"TMPDIR": str(self.temporary), "PLAYGROUND_READY_SANDBOXES": "2"}
        return start(self.data, self.log, container=tier == "container", **settings)

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as temporary:
        made = Place(tmp_path_factory.mktemp("faults"), Path(temporary))
        with small_disk(made.data) if os.geteuid() == 0 else contextlib.nullcontext():
            yield made


@pytest.fixture(scope="module", params=["full", "container"])
def own(request: pytest.FixtureRequest, place: Place) -> Iterator[Bench]:
    """A runner that is broken here, and must be whole after each test."""
    if request.param == "container" and os.geteuid() != 0:
        pytest.skip("needs root, as in a container")
    made = place.start(request.param)
    yield made
    assert made.stop() == 0


@pytest.fixture(autouse=True)
def next_run_is_fine(own: Bench) -> object:
    yield
    wait_until(lambda: own.client.describe().ready == 2)
    assert own.run("print(1 + 1)").stdout == "2\n"


def begun(bench: Bench) -> Events:
    """A run that goes on, and has printed."""
    events = bench.client.run(SLEEPER)
    assert any(isinstance(event, Output) for event in events)
    return events


@pytest.mark.parametrize("module", [ZYGOTE, WARDEN], ids=["its process", "its PID 1"])
def test_sandboxes_that_die_while_they_wait_are_replaced(own: Bench, place: Place, module: str) -> None:
    killed = waiting(own, module)
    kill_all(killed)
    assert own.run("print(10)").stdout == "10\n"
    wait_until(lambda: own.client.describe().ready == 2 and killed.isdisjoint(running(own.process.pid, module)))
    assert "sandbox_died_waiting" in place.logged()


def test_a_run_whose_sandbox_dies_before_it_begins_is_given_another(own: Bench) -> None:
    stopped = waiting(own, ZYGOTE)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    events = own.client.run(QUICK)
    assert [type(next(events)) for _ in range(2)] == [Accepted, Started]
    kill_all(stopped)
    assert outcome(events) == ("10\n", Status.OK)


def waiting(bench: Bench, module: str) -> set[int]:
    """The processes of the sandboxes that wait: both, when nothing runs."""
    wait_until(lambda: bench.client.describe().ready == 2)
    found = set(running(bench.process.pid, module)[1:])
    assert len(found) == 2
    return found


def kill_all(pids: set[int]) -> None:
    """Kill, and wait until they are dead: a signal takes its time, and what it is sent to may run till then."""
    everybody = handles(pids)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(everybody)


def handles(pids: Iterable[int]) -> list[int]:
    """Descriptors that tell when a process is gone; none for those that are gone already."""
    opened = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            opened.append(os.pidfd_open(pid))
    return opened


def wait_until_gone(everybody: list[int]) -> None:
    wait_until(lambda: len(select.select(everybody, [], [], 0)[0]) == len(everybody))
    for descriptor in everybody:
        os.close(descriptor)


def outcome(events: Events) -> tuple[str, Status]:
    """What is printed from here on, and how it ends."""
    said = list(events)
    assert isinstance(said[-1], Finished)
    return "".join(event.text for event in said if isinstance(event, Output)), said[-1].status


@ONE_TIER
@pytest.mark.parametrize("module", [ZYGOTE, WARDEN])
def test_when_a_servant_dies_what_ran_says_its_end_and_what_waited_is_run(
    own: Bench, place: Place, module: str
) -> None:
    ran = [begun(own) for _ in range(2)]
    waited = own.client.run(QUICK)
    assert isinstance(next(waited), Accepted)
    os.kill(running(own.process.pid, module)[0], signal.SIGKILL)
    assert [outcome(events)[1] for events in ran] == [Status.INTERNAL] * 2
    assert outcome(waited) == ("10\n", Status.OK)
    assert f"{module} ended" in place.logged()


@ONE_TIER
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk to fill")
def test_on_a_full_disk_runs_go_on_without_their_files_and_say_so(own: Bench, place: Place) -> None:
    with full(place.data):
        result = own.run(LEAVES_A_FILE)
    assert (result.status, result.stdout, result.artifacts) == (Status.OK, "done\n", ())
    assert result.diagnostics[0].message == "Not all files that the snippet left were kept."
    assert "files_not_kept" in place.logged()
    assert "No space left on device" in place.logged()
    again = own.run(LEAVES_A_FILE)
    assert ([artifact.name for artifact in again.artifacts], again.diagnostics) == (["left"], ())


def test_a_killed_runner_leaves_nothing_once_the_next_one_has_started(own: Bench, place: Place) -> None:
    artifact = Path(own.client.fetch(own.run(LEAVES_A_FILE).run_id, "left").path)
    ran = begun(own)
    (temporary,) = place.temporary.glob("playground-*")
    everybody = handles(family(own.process.pid)[1:])
    groups = groups_of(own.process.pid)
    own.process.kill()
    own.process.wait()
    with pytest.raises(Unavailable):
        list(ran)
    own.process = place.start(own.tier).process
    wait_until_gone(everybody)
    assert [path for path in (artifact, temporary, *groups) if path.exists()] == []
    assert len(list(place.temporary.glob("playground-*"))) == 1
    assert str(place.temporary) not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


def groups_of(pid: int) -> list[Path]:
    """The control groups of a runner and of its runs."""
    return [Path(path) for path, _, _ in os.walk("/sys/fs/cgroup") if f"/playground-{pid}" in path]
