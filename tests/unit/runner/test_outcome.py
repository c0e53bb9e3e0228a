import signal

import pytest

from playground.contracts.events import Limit, Status
from playground.contracts.wire import Done
from playground.runner.outcome import Cause, Ceilings, Outcome, conclude
from playground.sandbox.cgroups import Reading

CEILINGS = Ceilings(
    timeout_s=20, memory_bytes=1 << 30, output_bytes=1 << 20, processes=256, disk_bytes=1 << 28, inodes=64
)
CALM = Reading(memory_bytes=1, peak_bytes=2, cpu_ns=3, oom_kills=0, refused_forks=0)
STARVED = Reading(memory_bytes=1, peak_bytes=2, cpu_ns=3, oom_kills=1, refused_forks=0)
CROWDED = Reading(memory_bytes=1, peak_bytes=2, cpu_ns=3, oom_kills=0, refused_forks=7)


def exited(code: int) -> int:
    return code << 8


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (Cause.TIMEOUT, Status.TIMEOUT),
        (Cause.CANCELLED, Status.CANCELLED),
        (Cause.OUTPUT, Status.OUTPUT_LIMIT),
        (Cause.MEMORY, Status.MEMORY_LIMIT),
        (Cause.PROCESSES, Status.PROCESS_LIMIT),
        (Cause.LOST, Status.INTERNAL),
    ],
)
def test_what_the_runner_decided_stands_whatever_the_snippet_says(cause: Cause, status: Status) -> None:
    assert conclude(cause, Done(), exited(0), CALM) == Outcome(status)


def test_a_pipeline_that_ends_by_itself_is_ok() -> None:
    assert conclude(Cause.DONE, Done(), None, CALM) == Outcome(Status.OK, 0)


def test_a_snippet_that_raised_is_an_error_with_its_exit_code() -> None:
    assert conclude(Cause.DONE, Done(exit_code=3, failed=True), None, CALM) == Outcome(Status.ERROR, 3)


@pytest.mark.parametrize(
    ("hint", "status"),
    [("memory", Status.MEMORY_LIMIT), ("processes", Status.PROCESS_LIMIT), ("disk", Status.DISK_LIMIT)],
)
def test_a_failure_at_a_limit_names_the_limit(hint: str, status: Status) -> None:
    done = Done.model_validate({"exit_code": 1, "failed": True, "limit": hint})
    assert conclude(Cause.DONE, done, None, CALM).status is status


def test_a_failure_after_the_kernel_killed_a_child_is_a_memory_limit() -> None:
    assert conclude(Cause.DONE, Done(exit_code=1, failed=True), None, STARVED).status is Status.MEMORY_LIMIT


def test_a_success_stays_one_although_forks_were_refused() -> None:
    assert conclude(Cause.DONE, Done(), None, CROWDED).status is Status.OK


@pytest.mark.parametrize(("code", "status"), [(0, Status.OK), (3, Status.ERROR)])
def test_leaving_without_a_word_keeps_the_exit_code(code: int, status: Status) -> None:
    assert conclude(Cause.EXIT, None, exited(code), CALM) == Outcome(status, code)


def test_a_signal_is_named() -> None:
    assert conclude(Cause.EXIT, None, signal.SIGSEGV, CALM) == Outcome(Status.KILLED, signal="SIGSEGV")


def test_a_kill_by_the_kernel_for_memory_is_a_memory_limit() -> None:
    assert conclude(Cause.EXIT, None, signal.SIGKILL, STARVED) == Outcome(Status.MEMORY_LIMIT, signal="SIGKILL")


def test_too_large_a_file_is_a_disk_limit() -> None:
    assert conclude(Cause.EXIT, None, signal.SIGXFSZ, CALM).status is Status.DISK_LIMIT


def test_a_real_time_signal_has_a_name_too() -> None:
    assert conclude(Cause.EXIT, None, 40, CALM).signal == "SIG40"


def test_every_limit_that_can_strike_is_told_with_value_and_unit() -> None:
    assert CEILINGS.limit(Status.TIMEOUT) == Limit(name="time", value=20, unit="s")
    assert {limit.name for limit in CEILINGS.all()} == {"time", "memory", "output", "processes", "disk"}
    assert CEILINGS.limit(Status.OK) is None


def test_a_time_limit_of_half_a_second_is_told_in_milliseconds() -> None:
    short = Ceilings(timeout_s=0.5, memory_bytes=1, output_bytes=1, processes=1, disk_bytes=1, inodes=64)
    assert short.limit(Status.TIMEOUT) == Limit(name="time", value=500, unit="ms")
