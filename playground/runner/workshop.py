"""Where what is compiled once for all runs is kept: found or built before the fork server starts, then only read.

One directory for each combination of versions, compiler and processor, made by trusted code alone: it is built beside
its place and moved there whole, so that one that is there is complete; nobody but this user may have written to it.
"""

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import structlog

from playground.sandbox import doctor, kernel
from playground.settings import Settings

log = structlog.get_logger()
FINISHED = "finished"
"""In a workshop to which nothing is added any more; as ``warming`` has it, which imports torch."""
FORM = 2
"""Of what is in a workshop; another number is built anew."""
BUILT_WITHIN_S = 300.0
"""Half a minute on a machine at rest. The server starts all the same when it takes longer: compiling is slow then."""
LATER = 10
LOOK_EVERY_S = 0.1
_WRITABLE_BY_OTHERS = 0o022


class NoWorkshop(Exception):  # noqa: N818 - named for what happened
    """There is none, and none can be made; the text says why."""


def key() -> str:
    """What a workshop depends on: whatever is loaded from it must have been made for exactly this.

    Raises:
        NoWorkshop: there is no g++.
    """
    loader = (Path(__file__).parents[1] / "loaders" / "loader.cpp").read_text()
    versions = (platform.python_version(), sys.prefix, metadata.version("torch"), _torch(), *_compiler())
    parts = (str(FORM), loader, *versions)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def find(directory: Path) -> Path | None:
    """The workshop in ``directory``, if one for this machine is there and only we can have made it.

    Raises:
        NoWorkshop: there is no g++, or others may write there.
    """
    place = directory / key()
    if not place.is_dir():
        return None
    found = place.lstat()
    if found.st_uid not in {0, os.geteuid()} or found.st_mode & _WRITABLE_BY_OTHERS:
        message = f"{place} can be written by others"
        raise NoWorkshop(message)
    return place


async def furnish(settings: Settings, say: Callable[[str], None] = lambda _: None, *, build: bool = True) -> Path:
    """Find the workshop, or build it; what few runs want may still be being added.

    Building is logged step by step, and ``say`` is told what is being done.

    Raises:
        NoWorkshop: what is missing, or went wrong.
    """
    directory = settings.workshops
    if len(str(directory).split()) != 1:
        message = f"Inductor cannot name {directory}, for its spaces; PLAYGROUND_CACHE_DIR names another place"
        raise NoWorkshop(message)
    if place := find(directory):
        with contextlib.suppress(OSError):  # in an image it may be read-only
            os.utime(place)  # what is used is kept
    if place and ((place / FINISHED).exists() or not build):
        return place
    if not build:
        message = "there is none yet"
        raise NoWorkshop(message)
    return await _build(settings, directory / key(), say)


async def _build(settings: Settings, place: Path, say: Callable[[str], None]) -> Path:
    """Let a process of its own build it, and go on when it can be used; there is one at a time, whoever asked first."""
    builder = start_builder(settings, place)
    deadline = time.monotonic() + BUILT_WITHIN_S
    while not _is_built(place, builder):
        if time.monotonic() > deadline:
            builder.kill()
            message = f"it was not built in {BUILT_WITHIN_S:g} s"
            raise NoWorkshop(message)
        say(f"prepares the compilers, once for this machine: {step_of(place) or 'starts'}")
        await asyncio.sleep(LOOK_EVERY_S)
    return place


def _is_built(place: Path, builder: "subprocess.Popen[bytes]") -> bool:
    """Whether it can be used; whoever builds it may go on then.

    Raises:
        NoWorkshop: nobody builds it any more.
    """
    ended = builder.poll() is not None
    if ended and not place.is_dir():
        message = "it could not be built, see the log"
        raise NoWorkshop(message)
    return place.is_dir()


def prepare(settings: Settings) -> Path:
    """Build all that there is to build, and wait for it; nothing is done again.

    Raises:
        NoWorkshop: as ``furnish``.
    """
    place = asyncio.run(furnish(settings))
    if not (place / FINISHED).exists():
        start_builder(settings, place, niceness=0).wait()  # which waits for one that works on it already
    if not (place / FINISHED).exists():
        message = "not all could be built, see above"
        raise NoWorkshop(message)
    return place


def start_builder(settings: Settings, place: Path, niceness: int = LATER) -> "subprocess.Popen[bytes]":
    """Start building, or finishing, what is at ``place``; what a server does not wait for is done with ``niceness``."""
    log.info("compilers_prepared_once", place=str(place), within_s=BUILT_WITHIN_S)
    environment = {**os.environ, "PLAYGROUND_LOG_LEVEL": settings.log_level}
    command = [sys.executable, "-m", "playground.runner.build", str(place), str(niceness)]
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, which takes no lock
    )


def _end_with_parent() -> None:
    """Before the builder imports torch, which takes seconds in which the runner may end."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)


def step_file(place: Path) -> Path:
    """Where whoever builds says what it is doing, for all who wait."""
    return place.with_suffix(".step")


def step_of(place: Path) -> str:
    """What whoever builds there is doing; nothing where nobody does."""
    try:
        return step_file(place).read_text(encoding="utf-8")
    except OSError:
        return ""


def passable(place: Path, scratch: Path) -> Path:
    """``place``, or where runs may not enter it a copy that they may: for tiers without a root of their own."""
    if not doctor.closed_to_others(str(place)):
        return place
    return Path(shutil.copytree(place, scratch / "compilers", symlinks=True))


def _torch() -> str:
    """Where torch is: a precompiled header knows the paths of all that it includes."""
    found = importlib.util.find_spec("torch")
    return (found.origin if found else None) or ""


def _compiler() -> tuple[str, str]:
    """Its version, and what ``-march=native`` means here, which is how Inductor compiles."""
    try:
        return _ask("g++", "--version"), _ask("g++", "-march=native", "-Q", "--help=target")
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"there is no working g++ ({error})"
        raise NoWorkshop(message) from error


def _ask(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed words
