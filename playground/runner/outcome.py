"""How a run ended: one pure function from what was seen to what is said."""

import os
import signal
from dataclasses import dataclass
from enum import Enum

from playground.contracts.events import Limit, Status
from playground.contracts.wire import Done
from playground.sandbox.cgroups import Reading


class Cause(Enum):
    """Why a run is over."""

    DONE = "the pipeline ended by itself"
    EXIT = "the process ended without a word"
    TIMEOUT = "the time limit"
    CANCELLED = "somebody stopped it"
    OUTPUT = "it printed too much"
    MEMORY = "it uses too much memory, seen by us where no control group counts it"
    DISK = "it wrote too much, seen by us where no file system bounds it"
    PROCESSES = "it forks without end"
    LOST = "our fault"


@dataclass(frozen=True)
class Ceilings:
    """The limits of a run, in the units in which they are told."""

    timeout_s: float
    memory_bytes: int
    output_bytes: int
    processes: int
    disk_bytes: int
    inodes: int

    def limit(self, status: Status) -> Limit | None:
        """The limit that a status speaks of."""
        match status:
            case Status.TIMEOUT:
                whole = float(self.timeout_s).is_integer()
                value, unit = (self.timeout_s, "s") if whole else (self.timeout_s * 1000, "ms")
                return Limit(name="time", value=round(value), unit=unit)
            case Status.MEMORY_LIMIT:
                return Limit(name="memory", value=self.memory_bytes, unit="bytes")
            case Status.OUTPUT_LIMIT:
                return Limit(name="output", value=self.output_bytes, unit="bytes")
            case Status.PROCESS_LIMIT:
                return Limit(name="processes", value=self.processes, unit="processes")
            case Status.DISK_LIMIT:
                return Limit(name="disk", value=self.disk_bytes, unit="bytes")
            case _:
                return None

    def all(self) -> tuple[Limit, ...]:
        """Every limit in force."""
        struck = (Status.TIMEOUT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.PROCESS_LIMIT, Status.DISK_LIMIT)
        return tuple(limit for status in struck if (limit := self.limit(status)))


@dataclass(frozen=True)
class Outcome:
    """What ``finished`` says of the end."""

    status: Status
    exit_code: int | None = None
    signal: str | None = None


_BY_CAUSE = {
    Cause.TIMEOUT: Status.TIMEOUT,
    Cause.CANCELLED: Status.CANCELLED,
    Cause.OUTPUT: Status.OUTPUT_LIMIT,
    Cause.MEMORY: Status.MEMORY_LIMIT,
    Cause.DISK: Status.DISK_LIMIT,
    Cause.PROCESSES: Status.PROCESS_LIMIT,
    Cause.LOST: Status.INTERNAL,
}
_BY_HINT = {"memory": Status.MEMORY_LIMIT, "processes": Status.PROCESS_LIMIT, "disk": Status.DISK_LIMIT}


def conclude(cause: Cause, done: Done | None, wait_status: int | None, reading: Reading) -> Outcome:
    """Name the end of a run.

    Args:
        cause: why it is over.
        done: the pipeline's last word, if it had one.
        wait_status: of the snippet's process as waitpid(2) gives it, if it ended by itself.
        reading: the counters of the run's control group at the end.
    """
    if cause in _BY_CAUSE:
        return Outcome(_BY_CAUSE[cause])
    if done is not None:
        return Outcome(_of_done(done, reading), done.exit_code)
    if wait_status is None:
        return Outcome(Status.INTERNAL)
    return _of_exit(os.waitstatus_to_exitcode(wait_status), reading)


def _of_done(done: Done, reading: Reading) -> Status:
    if not done.failed:
        return Status.OK
    return _BY_HINT[done.limit] if done.limit else _struck(reading) or Status.ERROR


def _of_exit(code: int, reading: Reading) -> Outcome:
    if code >= 0:
        return Outcome(Status.OK if code == 0 else _struck(reading) or Status.ERROR, code)
    if -code == signal.SIGXFSZ:
        return Outcome(Status.DISK_LIMIT, signal="SIGXFSZ")
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"SIG{-code}"
    return Outcome(_struck(reading) or Status.KILLED, signal=name)


def _struck(reading: Reading) -> Status | None:
    """Which limit the kernel enforced; a failure right after is taken to be its consequence."""
    if reading.oom_kills:
        return Status.MEMORY_LIMIT
    if reading.refused_forks:
        return Status.PROCESS_LIMIT
    return None
