"""What a child of the fork server does: through the walls, warm, wait, run one snippet, say so, wait for the end."""

import fcntl
import os
import signal
import socket
import tempfile
import termios
import threading
import time
import traceback
from dataclasses import dataclass
from typing import Literal, NoReturn

from playground import pipeline
from playground.contracts.events import SaidInside
from playground.contracts.request import RunRequest
from playground.contracts.wire import Done, Tag
from playground.sandbox import kernel, policy, walls
from playground.sandbox.policy import Place, Policy

MESSAGE_BYTES = 60_000
"""Of one message at most: well under the socket's buffer, so that a message always fits whole."""
CHANNEL, REQUEST = 3, 4
MOMENTS, MOMENT_S = 200, 0.0001
EXIT_NOT_READY, EXIT_UNHEARD = 70, 1


@dataclass(frozen=True)
class Plan:
    """What every sandbox of a fork server has in common."""

    policy: Policy
    filters: tuple[bytes, ...]
    environment: dict[str, str]


class Channel:
    """The ``Reporter`` of a sandbox: events go to the runner in whole messages, what is printed through pipes."""

    def __init__(self, to: socket.socket) -> None:
        self._to = to
        self._parts = threading.Lock()
        self._pipes = os.dup(1), os.dup(2)  # a snippet may put something else in the place of 1 and 2

    def event(self, *events: SaidInside) -> None:
        """Send events, in parts if they are long."""
        data = b"\n".join(event.model_dump_json().encode() for event in events)
        with self._parts:
            start = 0
            while len(data) - start > MESSAGE_BYTES:
                self._send(Tag.PART, data[start : start + MESSAGE_BYTES])
                start += MESSAGE_BYTES
            self._send(Tag.EVENT, data[start:])

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Print where C code and subprocesses print, so that the kernel keeps the order of all three."""
        pipe, other = self._pipes if stream == "stdout" else self._pipes[::-1]
        _wait_until_read(other)
        while data:
            data = data[os.write(pipe, data) :]

    def ready(self) -> None:
        """The walls stand, and the pages are warm."""
        self._send(Tag.READY, b"")

    def done(self, done: Done, *events: SaidInside) -> None:
        """Say that the pipeline has ended by itself; with the last events, if they are short, in one message."""
        lines = [event.model_dump_json().encode() for event in events]
        if sum(map(len, lines)) > MESSAGE_BYTES // 2:
            self.event(*events)
            lines.clear()
        self._send(Tag.DONE, b"\n".join([*lines, done.model_dump_json().encode()]))

    def _send(self, tag: Tag, data: bytes) -> None:
        self._to.send(tag.value + data)


def _wait_until_read(pipe: int) -> None:
    """What was printed to the other stream before comes first; for a moment only, for nobody need read at all."""
    waiting = bytearray(4)
    for _ in range(MOMENTS):
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        if not any(waiting):
            return
        time.sleep(MOMENT_S)


def live(plan: Plan, place: Place, descriptors: list[int], *, warm: bool) -> NoReturn:
    """Never returns; ``warm`` is for one that will wait, one that is waited for has no time.

    What goes wrong before the snippet is told on stderr, which the runner logs.
    """
    try:
        channel = _enter(plan, place, descriptors)
        pipeline.get_ready(channel, warm=warm)
        channel.ready()
        request = _read_request()
    except BaseException:  # noqa: BLE001 - the process ends here, and says why
        traceback.print_exc()
        os._exit(EXIT_NOT_READY)
    _run(request, channel)


def _enter(plan: Plan, place: Place, descriptors: list[int]) -> Channel:
    init, channel, request, stdout, stderr, *entrances = descriptors
    os.dup2(stderr, 2)
    for entrance in entrances:
        os.write(entrance, b"0")
    walls.set_oom_score(walls.OOM_FIRST)
    os.setsid()
    if plan.policy.rules.namespaced:
        walls.join(init)
    walls.leave_groups()
    _arrange((os.open("/dev/null", os.O_RDONLY), stdout, stderr, channel, request))
    walls.limit_resources(plan.policy)
    walls.lock_up(plan.filters, plan.policy, place)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # changing the uid cleared it, and with it /proc/self
    walls.go_home(place)
    os.environ.clear()
    os.environ.update(plan.environment | policy.directories(place.home, place.temporary))
    tempfile.tempdir = None  # where the fork server looked is not here
    return Channel(socket.socket(fileno=CHANNEL))


def _arrange(descriptors: tuple[int, ...]) -> None:
    """Make ``descriptors`` 0, 1, 2, ... and close all others; first out of each other's way."""
    high = [os.dup(descriptor) for descriptor in descriptors]
    base = max(high) + 1
    for number, descriptor in enumerate(high):
        os.dup2(descriptor, base + number)
    for number in range(len(high)):
        os.dup2(base + number, number)
    kernel.close_from(len(high))


def _read_request() -> RunRequest:
    with open(REQUEST, "rb") as file:
        return RunRequest.model_validate_json(file.read())


def _run(request: RunRequest, channel: Channel) -> NoReturn:
    if request.stdin:
        _provide_stdin(request.stdin)
    try:
        pipeline.run(request, channel)
    except OSError:
        os._exit(EXIT_UNHEARD)  # the snippet closed the channel: the exit code is what is left to say
    while True:
        signal.pause()  # the runner answers first, then ends this process


def _provide_stdin(text: str) -> None:
    """``input()`` reads a file without a name."""
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        os.dup2(file.fileno(), 0)
