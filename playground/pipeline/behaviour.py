"""What a program does that somebody could see: run in a forked child, in a directory of its own, under watch."""

import contextlib
import hashlib
import os
import pickle
import resource
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NoReturn

from playground.lowering.text import clean
from playground.measure.randomness import Randomness
from playground.pipeline import capture, ending, failure
from playground.pipeline.sources import Sources

MAX_CAPTURED = 2 << 20
"""Bytes of one stream; a program that prints more is ended, as the runner would."""
MAX_FILES, MAX_FILE = 64, 8 << 20
MAX_SHOWN = 20_000
MAX_HELD_MIB = 128
"""Of memory that the first process may still hold while a program runs again."""
LOOK_EVERY_MS, SOON_S = 20, 0.0005
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Ended:
    """How a program came to its end, as far as its process could still say so."""

    exit_code: int
    exception: str | None = None
    shown: str | None = None
    """What a last expression displays."""
    read_input: bool = False
    wall_ns: int = 0


@dataclass(frozen=True)
class Behaviour:
    """All of one run. ``ended`` is None where the process was left by ``os._exit``, killed, or stopped by us."""

    stdout: bytes = b""
    stderr: bytes = b""
    files: tuple[tuple[str, str], ...] = ()
    """Names and hashes of what lay in the working directory in the end."""
    ended: Ended | None = None
    code: int = 0
    """Of the process as the kernel has it; negative: the signal."""
    stopped: Literal["late", "flood"] | None = None


@dataclass(frozen=True)
class Surroundings:
    """Where a program begins: its place in the input, and what lay in its working directory.

    Args:
        programs: files whose frames a traceback may name.
    """

    programs: Container[str]
    input_at: int | None
    randomness: Randomness
    """Python's own generator is seeded anew in every fork."""
    files: Path | None
    """A copy, made only of what is not empty: a program may look at what lies in the directory for such things."""

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A place for working directories, for as long as it is needed."""
        scratch = self.files.parent if self.files else Path(tempfile.mkdtemp())
        try:
            yield scratch / "home"
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def here(programs: Container[str]) -> Surroundings:
    """The surroundings of this moment.

    Raises:
        OSError: the working directory cannot be read or copied.
    """
    files = None
    if os.listdir():  # noqa: PTH208 - as elsewhere: pathlib is slow, and this is on the way to the answer
        files = Path(tempfile.mkdtemp()) / "before"
        shutil.copytree(".", files, symlinks=True)
    return Surroundings(programs, _tell_input(), Randomness(), files)


def _tell_input() -> int | None:
    try:
        return os.lseek(0, 0, os.SEEK_CUR)
    except OSError:  # a pipe, or closed
        return None


def observe(run: Callable[[], object], place: Surroundings, home: Path, within_s: float) -> Behaviour:
    """Run a program in a child and watch it to its end, for at most ``within_s`` seconds.

    ``home`` becomes its working directory: the same for every run that is to be compared, for programs print paths.
    """
    furnish(place, home)
    pipes = [os.pipe() for _ in range(3)]
    child = os.fork()
    if child == 0:
        _be_program(run, place, home, *(writing for _, writing in pipes))
    for _, writing in pipes:
        os.close(writing)
    seen = _Watch(child, [reading for reading, _ in pipes]).until_end(within_s)
    return replace(seen, files=_files(home))


def furnish(place: Surroundings, home: Path) -> None:
    """Make a working directory as the program found it."""
    shutil.rmtree(home, ignore_errors=True)
    if place.files:
        shutil.copytree(place.files, home, symlinks=True)
    else:
        home.mkdir(parents=True)


def settle(place: Surroundings, home: Path, printer: capture.Printer) -> None:
    """Let this process, a child, begin where the program began, and print elsewhere."""
    capture.divert(printer)
    os.chdir(home)
    os.environ["HOME"] = str(home)
    place.randomness.restore()
    _leave_memory()
    if place.input_at is not None:
        os.lseek(0, place.input_at, os.SEEK_SET)


def _leave_memory() -> None:
    """Where no control group counts memory, all processes of a run share what each may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_DATA, (max(0, soft - (MAX_HELD_MIB << 20)), hard))


class _Pipes:
    """Prints to descriptors."""

    def __init__(self, stdout: int, stderr: int) -> None:
        self._descriptors = {"stdout": stdout, "stderr": stderr}

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Print all of it."""
        while data:
            data = data[os.write(self._descriptors[stream], data) :]


def _be_program(  # noqa: PLR0913, PLR0917 - three pipes
    run: Callable[[], object], place: Surroundings, home: Path, stdout: int, stderr: int, said: int
) -> NoReturn:
    try:
        os.setpgid(0, 0)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        settle(place, home, _Pipes(stdout, stderr))
        os.write(said, pickle.dumps(_run(run, place)))
    finally:
        os._exit(0)


def _run(run: Callable[[], object], place: Surroundings) -> Ended:
    shown, error = None, None
    began = time.perf_counter_ns()
    try:
        value = run()
        shown = None if value is None else clean(repr(value), MAX_SHOWN)
    except BaseException as exception:  # noqa: BLE001 - whatever a program raises is what it does
        error = exception
    took = time.perf_counter_ns() - began
    code = ending.exit_code(error)
    told = None
    if error is not None and not ending.is_exit(error):
        ending.tell_uncaught(error, place.programs, by_default=False)
        described = failure.describe(error, Sources())
        told = f"{described.error_type}: {described.message}"
    ending.wind_down()
    capture.flush()
    return Ended(code, told, shown, _tell_input() != place.input_at, took)


class _Watch:
    """Reads what a child prints and says until it has ended; then ends what it has started."""

    def __init__(self, child: int, descriptors: list[int]) -> None:
        self._child = child
        self._read = {descriptor: bytearray() for descriptor in descriptors}
        self._poll = select.poll()
        for descriptor in descriptors:
            self._poll.register(descriptor, select.POLLIN)
        self._open = set(descriptors)

    def until_end(self, within_s: float) -> Behaviour:
        """Watch to the end."""
        status, stopped = self._wait(time.monotonic() + within_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child, signal.SIGKILL)  # what it has left behind
        if status is None:
            _, status = os.waitpid(self._child, 0)
        self._drain()
        stdout, stderr, said = (bytes(data) for data in self._read.values())
        for descriptor in self._read:
            os.close(descriptor)
        ended: Ended | None = None
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            ended = pickle.loads(said) if said else None  # noqa: S301 - what runs in the child may run here too
        return Behaviour(stdout, stderr, (), ended, os.waitstatus_to_exitcode(status), stopped)

    def _wait(self, deadline: float) -> tuple[int | None, Literal["late", "flood"] | None]:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return None, "late"
            self._take(min(LOOK_EVERY_MS, left * 1000))
            if max(map(len, self._read.values())) > MAX_CAPTURED:
                return None, "flood"
            pid, status = os.waitpid(self._child, os.WNOHANG)
            if pid:
                return status, None
            if not self._open:  # about to end, if it did not close them itself
                time.sleep(SOON_S)

    def _take(self, for_ms: float) -> bool:
        """Read what is there; whether there was anything."""
        taken = False
        for descriptor, _ in self._poll.poll(for_ms) if self._open else ():
            data = os.read(descriptor, _CHUNK)
            self._read[descriptor] += data
            taken = taken or bool(data)
            if not data:
                self._poll.unregister(descriptor)
                self._open.discard(descriptor)
        return taken

    def _drain(self) -> None:
        """What was printed right before the end; a descendant that escaped us could print for ever."""
        while self._take(0) and max(map(len, self._read.values())) <= MAX_CAPTURED:
            pass


def _files(home: Path) -> tuple[tuple[str, str], ...]:
    """A tree that is too large, or that cannot be read, is known by its first names only."""
    found: list[tuple[str, str]] = []
    with contextlib.suppress(OSError):
        for path in sorted(home.rglob("*"))[:MAX_FILES]:
            name = os.fsencode(path.relative_to(home)).decode(errors="backslashreplace")
            found.append((name, _fingerprint(path)))
    return tuple(found)


def _fingerprint(path: Path) -> str:
    if path.is_symlink():
        return "link"
    if not path.is_file():
        return "directory" if path.is_dir() else "special"
    if path.stat().st_size > MAX_FILE:
        return str(path.stat().st_size)
    return hashlib.sha256(path.read_bytes()).hexdigest()
