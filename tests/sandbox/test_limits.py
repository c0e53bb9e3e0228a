"""Every limit ends a run with its name and value, keeps what was there before, and leaves the next run in peace."""

import pytest

from playground.contracts.events import Limit, Status
from tests.support.runner import Bench

MIB = 1 << 20


@pytest.fixture(autouse=True)
def next_run_is_fine(bench: Bench) -> object:
    """After each of these the service answers as if nothing had happened."""
    yield
    assert bench.run("print(1 + 1)").stdout == "2\n"


def test_an_endless_loop_ends_at_the_time_limit(bench: Bench) -> None:
    result = bench.run("print('before')\nwhile True: pass", options={"timeout_s": 1})
    assert (result.status, result.limit) == (Status.TIMEOUT, Limit(name="time", value=1, unit="s"))
    assert result.stdout == "before\n"


def test_a_sleeper_ends_at_the_time_limit(bench: Bench) -> None:
    result = bench.run("import time; time.sleep(1000)", options={"timeout_s": 0.5})
    assert result.limit == Limit(name="time", value=500, unit="ms")


def test_asking_for_more_time_than_the_server_gives_does_not_help(bench: Bench) -> None:
    limits = {limit.name: limit for limit in bench.client.describe().limits}
    assert limits["time"] == Limit(name="time", value=20, unit="s")
    assert bench.run("print(1)", options={"timeout_s": 3600}).status is Status.OK


@pytest.mark.parametrize(
    "flood",
    [
        "while True: print('x' * 1000)",
        "import os\nwhile True: os.write(1, b'x' * 60000)",
        "import sys\nwhile True: sys.stderr.write('x')",
        "import subprocess\nsubprocess.run('yes')",
    ],
)
def test_a_flood_of_output_ends_at_the_output_limit_and_that_much_is_kept(bench: Bench, flood: str) -> None:
    result = bench.run(flood)
    assert (result.status, result.limit) == (Status.OUTPUT_LIMIT, Limit(name="output", value=64 << 10, unit="bytes"))
    assert sum(len(piece.text) for piece in result.output) == 64 << 10


def test_hoarding_memory_ends_at_the_memory_limit(bench: Bench) -> None:
    result = bench.run("print('before')\nhoard = []\nwhile True: hoard.append(bytearray(10_000_000))")
    assert result.stdout == "before\n"
    if bench.tier == "full":
        assert result.status is Status.MEMORY_LIMIT
        assert result.limit == Limit(name="memory", value=400 * MIB, unit="bytes")
    else:  # RLIMIT_DATA speaks as Python does, before anybody has looked
        assert result.status is Status.MEMORY_LIMIT or (result.error and result.error.error_type == "MemoryError")


def test_memory_hoarded_by_children_counts_too(bench: Bench) -> None:
    source = "import os\nfor _ in range(8):\n  if not os.fork():\n    x = bytearray(100 * 2**20)\n    while True: pass\nwhile True: pass"
    result = bench.run(source, options={"timeout_s": 10})
    assert result.status in {Status.MEMORY_LIMIT, Status.TIMEOUT}
    if bench.tier == "full":  # else it is counted five times a second
        assert result.peak_rss_bytes <= 401 * MIB


def test_memory_hidden_in_shared_memory_and_files_counts_too(bench: Bench) -> None:
    result = bench.run("f = open('/dev/shm/x', 'wb')\nfor _ in range(100): f.write(b'x' * 2**20)")
    if bench.tier == "full":
        assert result.status is Status.DISK_LIMIT
    else:  # there is none
        assert result.error is not None
        assert result.error.error_type == "PermissionError"


def test_forking_without_end_ends_at_the_process_limit(bench: Bench) -> None:
    result = bench.run("import os\nprint('before', flush=True)\nwhile True:\n  try: os.fork()\n  except OSError: pass")
    assert (result.status, result.limit) == (Status.PROCESS_LIMIT, Limit(name="processes", value=40, unit="processes"))
    assert "before\n" in result.stdout


def test_a_refused_fork_that_nobody_handles_is_a_process_limit(bench: Bench) -> None:
    source = "import subprocess\nkept = [subprocess.Popen(['sleep', '100']) for _ in range(100)]"
    assert bench.run(source).status is Status.PROCESS_LIMIT


def test_too_many_threads_are_a_process_limit(bench: Bench) -> None:
    source = "import threading, time\nfor _ in range(100): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    assert bench.run(source).status is Status.PROCESS_LIMIT


@pytest.mark.parametrize(
    "filler",
    [
        "open('big', 'wb').write(b'x' * (200 << 20))",
        "for n in range(200): open(f'part{n}', 'wb').write(b'x' * 2**20)",
        "import tempfile\nfor n in range(10**6): open(f'{tempfile.gettempdir()}/{n}', 'w')",
    ],
)
def test_filling_the_disk_ends_at_the_disk_limit(bench: Bench, filler: str) -> None:
    result = bench.run(f"print('before')\n{filler}")
    assert (result.status, result.limit) == (Status.DISK_LIMIT, Limit(name="disk", value=64 * MIB, unit="bytes"))
    assert result.stdout == "before\n"


def test_a_sparse_file_costs_nothing_and_is_not_collected(bench: Bench) -> None:
    result = bench.run("f = open('sparse', 'wb'); f.truncate(2**40)")
    assert result.status is (Status.OK if bench.tier == "full" else Status.DISK_LIMIT)  # RLIMIT_FSIZE
    assert sum(artifact.size_bytes for artifact in result.artifacts) == 0
