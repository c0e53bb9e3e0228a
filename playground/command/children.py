"""Child processes of a command: started so that none outlives it, stopped politely, then firmly."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

STOP_WITHIN_S = 10.0
REAP_EVERY_S = 1.0
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl
_ours: set[int] = set()


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent is gone, even when it was killed and could not say goodbye."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Options(TypedDict):
    """How a child is started, whichever way."""

    env: dict[str, str]
    stdin: int
    start_new_session: bool
    preexec_fn: Callable[[], None]


def command(module: str, *arguments: str) -> list[str]:
    """Write the command line that runs a module with this same Python."""
    return [sys.executable, "-m", module, *arguments]


def options(environment: Mapping[str, str]) -> Options:
    """Say how a child is started: in a session of its own, so that Ctrl-C reaches the command alone, which stops it."""
    return {
        "env": {**os.environ, **environment},
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,
        "preexec_fn": die_with_parent,
    }


async def start_module(
    module: str, *arguments: str, environment: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> Process:
    """Start ``python -m module``."""
    words = command(module, *arguments)
    process = await asyncio.create_subprocess_exec(*words, pass_fds=pass_fds, **options(environment))
    _ours.add(process.pid)
    return process


async def stop(process: Process) -> None:
    """End a child: SIGTERM, and SIGKILL for one that does not listen."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
    _ours.discard(process.pid)


async def reap_strangers() -> None:
    """Bury the orphans that come to the first process of a container, for ever; asyncio buries only its own."""
    while True:
        await asyncio.sleep(REAP_EVERY_S)
        while _reap_one_stranger():
            pass


def _reap_one_stranger() -> bool:
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    if found is None or found.si_pid in _ours:
        return False
    os.waitpid(found.si_pid, 0)
    return True


def how_it_ended(returncode: int) -> str:
    """Say in words what a return code means."""
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"
