"""What of a machine is kept with a run's times."""

import os
from pathlib import Path

from playground.contracts.events import Machine
from playground.runner import fingerprint


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_this_machine_has_a_fingerprint() -> None:
    machine = fingerprint.now()
    assert Machine.model_validate_json(machine.model_dump_json()) == machine
    assert machine.processors == len(os.sched_getaffinity(0))
    assert machine.memory_bytes > 2**28
    assert machine.versions["numpy"]


def test_two_threads_of_a_core_are_one_core(tmp_path: Path) -> None:
    for cpu, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        write(tmp_path / f"cpu{cpu}/topology/thread_siblings_list", f"{siblings}\n")
    assert fingerprint.cores(tmp_path) == 2


def test_a_machine_that_does_not_tell_has_the_processors_it_shows_and_no_governor(tmp_path: Path) -> None:
    assert fingerprint.cores(tmp_path) == os.cpu_count()
    assert fingerprint.governor(tmp_path) is None


def test_governors_are_said_each_once(tmp_path: Path) -> None:
    for cpu, name in enumerate(["schedutil", "performance", "schedutil"]):
        write(tmp_path / f"cpu{cpu}/cpufreq/scaling_governor", f"{name}\n")
    assert fingerprint.governor(tmp_path) == "performance, schedutil"
