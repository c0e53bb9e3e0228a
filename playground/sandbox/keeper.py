"""How the container tier starts a run: a user and a directory of its own, and a keeper that ends all of it.

The keeper is a small process of the server's. Its control socket leads to the runner: when that closes, it kills every
process of the run's user, removes the directory and ends. No snippet can send it a signal: its real and saved uid stay
the server's (kill(2)), and Landlock keeps signals inside.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import NoReturn

from playground.sandbox import collector, footprint, kernel, scratch, walls
from playground.sandbox.footprint import Footprint
from playground.sandbox.policy import BASE_UID, UIDS, Place, Policy, base_of

_GONE_EVERY_S = 0.002
_GONE_LOOKS = 5000


class Kept:
    """Starts runs below the scratch directory."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def start(self, slot: int, name: str, control: int) -> tuple[int, int]:
        """Start the keeper of a run; returns its pid and a pidfd.

        Raises:
            OSError: the run's directory could not be made.
        """
        place = self._policy.place(slot, name)
        _end_everything(place.uid)  # of a run before whose keeper was killed
        _make(place)
        pid = os.fork()
        if pid == 0:
            self._become_keeper(place, control)
        return pid, kernel.pidfd_open(pid)

    def _become_keeper(self, place: Place, control: int) -> NoReturn:
        """Never returns."""
        os.setsid()
        walls.set_oom_score(walls.OOM_NEVER)
        walls.keep_only(control, stderr=True)
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the runner has heard enough
                _serve(socket.socket(fileno=0), place, self._policy)
        except Exception:  # noqa: BLE001 - whatever it was, the run must end
            traceback.print_exc()
        _end_everything(place.uid)
        scratch.remove(place.run)
        os._exit(0)


def sweep(own: int) -> None:
    """End the processes of runs whose runner was killed; ``own`` is where this runner's own uids begin."""
    for pid in footprint.processes():
        base = base_of(footprint.living_uid(pid))
        if base not in {-1, own} and not os.path.exists(f"/proc/{(base - BASE_UID) // UIDS}"):
            _end_everything(footprint.living_uid(pid))


def _serve(control: socket.socket, place: Place, policy: Policy) -> None:
    """``{}`` is answered with a footprint, ``{"files", "bytes"}`` with the files, as PID 1 of the full tier does."""
    while request := control.recv(4096):
        asked = json.loads(request)
        if asked:
            _end_everything(place.uid)
            with _as_user(place.uid):
                collector.collect(control, place.home, place.temporary, asked["files"], asked["bytes"])
        else:
            collector.say(control, asdict(_measure(place, policy)))


def _measure(place: Place, policy: Policy) -> Footprint:
    """Processes as their own user, for only it may look into them; files as root, from whom none can be hidden."""
    shared = place.uid == os.getuid()  # then nothing tells its processes from the server's
    with _as_user(place.uid):
        used = Footprint() if shared else footprint.of_processes(footprint.of_user(place.uid))
    disk_bytes, inodes = footprint.of_directories(place.writable, policy.inodes)
    return replace(used, disk_bytes=used.disk_bytes + disk_bytes, inodes=inodes)


def _make(place: Place) -> None:
    os.mkdir(place.run, 0o711)
    for path in place.writable:
        os.mkdir(path, 0o700)
        os.chown(path, place.uid, place.uid)


@contextlib.contextmanager
def _as_user(uid: int) -> Iterator[None]:
    """See and open what the run's user may, no more; the real and the saved uid stay the server's."""
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        os.setegid(os.getgid())


def _end_everything(uid: int) -> None:
    """Kill every process of a user, and wait until the kernel has taken them down."""
    if uid == os.getuid():
        return  # one user for everything, in the unconfined tier: nothing tells theirs from ours
    for _ in range(_GONE_LOOKS):
        if not any(footprint.of_user(uid)):
            return
        _kill_all(uid)
        time.sleep(_GONE_EVERY_S)


def _kill_all(uid: int) -> None:
    """One kill(-1) of a child that may signal this user alone: no fork in between escapes it.

    Its real and saved uid are the reaper's, which the snippet can't signal.
    """
    pid = os.fork()
    if pid == 0:
        try:
            os.setresuid(uid + 1, uid, uid + 1)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    with contextlib.suppress(ProcessLookupError):  # SIGCHLD is ignored, so the kernel has reaped it
        pidfd = kernel.pidfd_open(pid)
        select.select([pidfd], [], [])
        os.close(pidfd)
