"""A blocking client of a runner's socket, for the web tier and the command line. Safe to share among threads.

Connections are kept and used again. Closing an iterator of events early hangs up: nobody listens to that run any more.
"""

import select
import socket
from pathlib import Path
from typing import Self

from playground.contracts.errors import (
    FieldError,
    InvalidRequest,
    NoCapacity,
    NotFound,
    PlaygroundError,
    Starting,
    Unavailable,
)
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
    Recall,
    Recalled,
    Refused,
    Reply,
    Run,
    Startup,
)

CHUNK_BYTES = 1 << 18
ANSWER_WITHIN_S = 10.0
"""How long the first reply may take: a runner answers at once, whatever it answers."""
MAX_IDLE = 64


class RunnerClient:
    """Speaks to the runner that listens at ``path``."""

    def __init__(self, path: Path, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._path = str(path)
        self._answer_within_s = answer_within_s
        self._idle: list[Connection] = []

    def run(
        self, request: RunRequest, *, detached: bool = False, gathered: bool = False, run_id: str | None = None
    ) -> "Events":
        """Run this; the events as they come, many at once if ``gathered``, or ``accepted`` alone if ``detached``.

        With ``run_id`` it is a run that a runner accepted that is no more.

        Raises:
            NoCapacity: all sandboxes are busy and the queue is full.
            Starting: the runner does not serve yet.
            Unavailable: it is gone.
        """
        last = Accepted if detached else Finished
        return Events(self, *self._ask(Run(request=request, detached=detached, gathered=gathered, run_id=run_id)), last)

    def attach(self, run_id: str, after: int = 0) -> "Events":
        """The events of a run after event ``after``.

        Raises:
            NotFound: no such run, or it is forgotten.
        """
        # From the last event seen, which is left out again: so an answer comes at once, even when nothing is new.
        events = Events(self, *self._ask(Attach(run_id=run_id, after=max(0, after - 1))), Finished)
        if after:
            next(events)
        return events

    def cancel(self, run_id: str) -> None:
        """Stop a run and wait until it has stopped.

        Raises:
            NotFound: no such run, or it is forgotten.
        """
        for _ in Events(self, *self._ask(Cancel(run_id=run_id)), Finished):
            pass

    def fetch(self, run_id: str, name: str) -> File:
        """Where an artefact lies.

        Raises:
            NotFound: no such run or file.
        """
        connection, reply = self._ask(Fetch(run_id=run_id, name=name))
        self.keep(connection)
        assert isinstance(reply, File)  # noqa: S101 - the answer to this command
        return reply

    def recall(self, run_id: str) -> RunRequest:
        """What a run was asked to do.

        Raises:
            NotFound: no such run, or it is forgotten.
        """
        connection, reply = self._ask(Recall(run_id=run_id))
        self.keep(connection)
        assert isinstance(reply, Recalled)  # noqa: S101 - the answer to this command
        return reply.request

    def describe(self) -> Description:
        """What is served.

        Raises:
            Starting: the runner does not serve yet.
            Unavailable: it is gone.
        """
        connection, reply = self._ask(Describe())
        self.keep(connection)
        assert isinstance(reply, Description)  # noqa: S101 - the answer to this command
        return reply

    def close(self) -> None:
        """Hang up what is kept; the client can go on, with new connections."""
        while self._idle:
            self._idle.pop().close()

    def keep(self, connection: "Connection") -> None:
        """Take a connection back whose answer has been read to its end."""
        if len(self._idle) < MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def reply(self, connection: "Connection") -> Reply:
        """Read one reply; a refusal ends the answer, and is raised."""
        try:
            reply = REPLY.validate_json(connection.line())
        except OSError as error:
            connection.close()
            raise _gone() from error
        if isinstance(reply, Refused):
            self.keep(connection)
            raise _error(reply)
        return reply

    def _ask(self, command: Command) -> "tuple[Connection, Reply]":
        """Send a command and read the first reply, on a kept connection or a new one."""
        data = command.model_dump_json().encode() + b"\n"
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if connection.send(data):
                return connection, self._first(connection)
        connection = self._connect()
        if not connection.send(data):
            raise _gone()
        return connection, self._first(connection)

    def _first(self, connection: "Connection") -> Reply:
        if not connection.ready(self._answer_within_s):
            connection.close()
            raise _gone()
        return self.reply(connection)

    def _connect(self) -> "Connection":
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.connect(self._path)
        except OSError as error:
            made.close()
            raise _gone() from error
        return Connection(made)


class Events:
    """The events of one answer, as they come. ``close`` before the last one hangs up."""

    def __init__(self, client: RunnerClient, connection: "Connection", first: Reply, last: type[AnyEvent]) -> None:
        self._client = client
        self._connection: Connection | None = connection
        self._next: Reply | None = first
        self._last = last

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AnyEvent:
        """Wait for the next event.

        Raises:
            Unavailable: the runner has gone.
        """
        if self._connection is None:
            raise StopIteration
        reply, self._next = self._next or self._read(self._connection), None
        assert not isinstance(reply, Refused | Description | File | Recalled)  # noqa: S101 - no answer to these commands
        if isinstance(reply, self._last):
            self._client.keep(self._connection)
            self._connection = None
        return reply

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ready(self, timeout_s: float) -> bool:
        """Wait until ``next`` has an answer at hand; False when the time was too short."""
        return self._connection is None or self._next is not None or self._connection.ready(timeout_s)

    def _read(self, connection: "Connection") -> Reply:
        try:
            return self._client.reply(connection)
        except PlaygroundError:
            self._connection = None  # closed, or kept for others
            raise

    def close(self) -> None:
        """Hang up, if the answer has not ended."""
        if self._connection:
            self._connection.close()
            self._connection = None


class Connection:
    """A socket, read by the line."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._poll = select.poll()
        self._poll.register(connected, select.POLLIN)
        self._buffer = bytearray()
        self._searched = 0

    def send(self, data: bytes) -> bool:
        """Send a command; False, and closed, when the other side has hung up in the meantime."""
        try:
            if self.ready(0):  # nothing was asked: this can only be the end
                raise ConnectionResetError
            self._socket.sendall(data)
        except OSError:
            self.close()
            return False
        return True

    def ready(self, timeout_s: float) -> bool:
        """Wait until something can be read: of what came already, of what comes, or the end."""
        return b"\n" in self._buffer or bool(self._poll.poll(timeout_s * 1000))

    def line(self) -> bytes:
        """Read one line, without its end.

        Raises:
            ConnectionError: the other side has hung up.
        """
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            chunk = self._socket.recv(CHUNK_BYTES)
            if not chunk:
                raise ConnectionResetError
            self._buffer += chunk
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __del__(self) -> None:
        self.close()  # whoever drops an iterator half-way has gone away too


def _gone() -> Unavailable:
    return Unavailable("The runner does not answer.")


def _error(refused: Refused) -> PlaygroundError:
    match refused:
        case Refused(kind="starting", startup=Startup(device=device, step=step, since_s=since_s)):
            return Starting(device, step, since_s)
        case Refused(kind="no_capacity"):
            return NoCapacity(refused.retry_after_s or 1)
        case Refused(kind="not_found"):
            return NotFound(refused.message)
        case Refused(kind="invalid"):
            return InvalidRequest((FieldError("request", refused.message),))
        case _:
            return Unavailable(refused.message)
