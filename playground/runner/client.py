"""A blocking client of a runner's socket, for the web tier and the command line. Safe to share among threads.

Connections are kept and used again. Closing an iterator of events early hangs up: nobody listens to that run any more.
"""

import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from playground.contracts.errors import FieldError, InvalidRequest, NoCapacity, NotFound, PlaygroundError, Unavailable
from playground.contracts.events import Accepted, AnyEvent, Finished
from playground.contracts.request import RunRequest
from playground.contracts.wire import (
    REPLY,
    Attach,
    Cancel,
    Command,
    Describe,
    Description,
    Fetch,
    File,
    Refused,
    Reply,
    Run,
)

CHUNK_BYTES = 1 << 18
SILENCE_S = 60.0
"""A runner tells of each run's use once a second, and of a waiting one soon after a place is free."""
MAX_IDLE = 64


class RunnerClient:
    """Speaks to the runner that listens at ``path``."""

    def __init__(self, path: Path, silence_s: float = SILENCE_S) -> None:
        self._path = str(path)
        self._silence_s = silence_s
        self._idle: deque[socket.socket] = deque(maxlen=MAX_IDLE)

    def run(self, request: RunRequest, *, detached: bool = False) -> Iterator[AnyEvent]:
        """Run this; the events as they come, or ``accepted`` alone if ``detached``.

        Raises:
            NoCapacity: all sandboxes are busy and the queue is full.
            Unavailable: the runner is starting, or gone.
        """
        last = Accepted if detached else Finished
        return self._events(Run(request=request, detached=detached), last)

    def attach(self, run_id: str, after: int = 0) -> Iterator[AnyEvent]:
        """The events of a run after event ``after``.

        Raises:
            NotFound: no such run, or it is forgotten.
        """
        return self._events(Attach(run_id=run_id, after=after), Finished)

    def cancel(self, run_id: str) -> None:
        """Stop a run and wait until it has stopped.

        Raises:
            NotFound: no such run, or it is forgotten.
        """
        deque(self._events(Cancel(run_id=run_id), Finished), maxlen=0)

    def fetch(self, run_id: str, name: str) -> File:
        """Where an artefact lies.

        Raises:
            NotFound: no such run or file.
        """
        (reply,) = self._replies(Fetch(run_id=run_id, name=name), File)
        assert isinstance(reply, File)  # noqa: S101 - the iterator ends with one
        return reply

    def describe(self) -> Description:
        """What is served.

        Raises:
            Unavailable: the runner is starting, or gone.
        """
        (reply,) = self._replies(Describe(), Description)
        assert isinstance(reply, Description)  # noqa: S101 - the iterator ends with one
        return reply

    def _events(self, command: Command, last: type[AnyEvent]) -> Iterator[AnyEvent]:
        for reply in self._replies(command, last):
            assert not isinstance(reply, Description | File)  # noqa: S101 - no answer to these commands
            yield reply

    def _replies(self, command: Command, last: type[Reply]) -> "Iterator[AnyEvent | Description | File]":
        connection, line = self._send(command)
        try:
            lines = _lines(connection, line)
            for data in lines:
                reply = REPLY.validate_json(data)
                if isinstance(reply, Refused):
                    self._idle.append(connection)
                    raise _error(reply)
                if isinstance(reply, last):
                    self._idle.append(connection)
                    yield reply
                    return
                yield reply
        except OSError as error:
            raise _gone() from error
        finally:
            if connection not in self._idle:
                connection.close()

    def _send(self, command: Command) -> tuple[socket.socket, bytes]:
        """Send on a kept connection, or on a new one where the runner has hung up in the meantime."""
        data = command.model_dump_json().encode() + b"\n"
        while self._idle:
            try:
                return _exchange(self._idle.pop(), data)
            except (OSError, IndexError):
                continue
        try:
            return _exchange(self._connect(), data)
        except OSError as error:
            raise _gone() from error

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._silence_s)
        try:
            connection.connect(self._path)
        except OSError:
            connection.close()
            raise
        return connection


def _exchange(connection: socket.socket, data: bytes) -> tuple[socket.socket, bytes]:
    """Send a command and wait for the first bytes of its answer.

    Raises:
        ConnectionError: the runner hung up without an answer; nothing was done then.
    """
    try:
        connection.sendall(data)
        first = connection.recv(CHUNK_BYTES)
        if not first:
            raise ConnectionResetError
    except OSError:
        connection.close()
        raise
    return connection, first


def _lines(connection: socket.socket, first: bytes) -> Iterator[bytes]:
    rest = first
    while True:
        *lines, rest = rest.split(b"\n")
        yield from lines
        chunk = connection.recv(CHUNK_BYTES)
        if not chunk:
            raise ConnectionResetError
        rest += chunk


def _gone() -> Unavailable:
    return Unavailable("The runner does not answer.")


def _error(refused: Refused) -> PlaygroundError:
    match refused.kind:
        case "no_capacity":
            return NoCapacity(refused.retry_after_s or 1)
        case "not_found":
            return NotFound(refused.message)
        case "invalid":
            return InvalidRequest((FieldError("request", refused.message),))
        case _:
            return Unavailable(refused.message)
