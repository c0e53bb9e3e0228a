"""The runner's side of a connection from the web tier: a command comes in, replies go out, line by line.

A connection serves one command after another, so that the web tier can keep it. Hanging up while events are coming
means that nobody listens any more. Who asks while an answer is going on, or does not read, is none of ours: we hang up.
"""

import asyncio
from typing import Protocol

import structlog
from pydantic import ValidationError

from playground.contracts.errors import NoCapacity, NotFound, PlaygroundError, Starting
from playground.contracts.request import Device
from playground.contracts.wire import (
    COMMAND,
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
from playground.runner.engine import Engine
from playground.runner.record import Record

log = structlog.get_logger()
MAX_COMMAND_BYTES = 2 << 20
MAX_BACKLOG_BYTES = 64 << 20
"""A client that is so far behind is dropped; it can come back and resume."""
HELD_S = 1.0


class Front(Protocol):
    """What answers. All of it raises ``Starting`` while there is nothing yet that could."""

    def engine(self) -> Engine:
        """All runs, those that have ended too."""
        ...

    def open_engine(self) -> Engine:
        """The same, where it takes new ones."""
        ...

    def describe(self) -> Description:
        """What is served."""
        ...


class Connection(asyncio.Protocol):
    """One client of the runner. Protocol, not streams: three turns of the event loop fewer before a run starts."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._buffer = bytearray()
        self._listening_to: Record | None = None
        self._held: bytearray | None = None
        self._holding: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - what a stream server gives
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone; a run that nobody else listens to is stopped soon."""
        del exc
        if self._listening_to:
            self._front.engine().leave(self._listening_to, self._listen)

    def data_received(self, data: bytes) -> None:
        """Answer each whole line."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            if self._listening_to or self._transport.is_closing():
                self._transport.abort()
                return
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._answer_or_refuse(line)
        if len(self._buffer) > MAX_COMMAND_BYTES:
            self._transport.abort()

    def _answer_or_refuse(self, line: bytes) -> None:
        try:
            self._answer(COMMAND.validate_json(line))
        except ValidationError as error:
            self._write(Refused(kind="invalid", message=str(error)))
        except PlaygroundError as error:
            self._write(_refusal(error))
        except Exception:
            log.exception("command_failed")
            self._write(Refused(kind="internal", message="The runner failed."))

    def _answer(self, command: Command) -> None:
        match command:
            case Run(request=request, detached=True):
                record = self._front.open_engine().submit(request)
                record.tell_first(self._send)
                self._front.engine().leave(record, self._listen)
            case Run(request=request, gathered=gathered, run_id=run_id):
                record = self._front.open_engine().submit(request, run_id)
                if gathered:
                    self._hold()
                self._stream(record, 0)
            case Attach(run_id=run_id, after=after):
                self._stream(self._front.engine().find(run_id), after)
            case Cancel(run_id=run_id):
                record = self._front.engine().find(run_id)
                self._front.engine().stop(record)
                self._stream(record, 0)
            case Fetch(run_id=run_id, name=name):
                path, artifact = self._front.engine().file(run_id, name)
                self._write(File(path=str(path), size_bytes=artifact.size_bytes, sha256=artifact.sha256))
            case Recall(run_id=run_id):
                self._write(Recalled(request=self._front.engine().find(run_id).request))
            case Describe():
                self._write(self._front.describe())

    def _stream(self, record: Record, after: int) -> None:
        self._listening_to = record
        self._front.engine().listen(record, self._listen, after)

    def _hold(self) -> None:
        """Let events wait for each other, but not for long."""
        self._held = bytearray()
        self._holding = asyncio.get_running_loop().call_later(HELD_S, self._release)

    def _release(self) -> None:
        if self._holding:
            self._holding.cancel()
        held, self._held = self._held, None
        if held:
            self._send(held)

    def _listen(self, lines: bytes) -> None:
        if not lines:
            self._listening_to = None
            self._release()
        elif self._held is not None:
            self._held += lines
        else:
            self._send(lines)

    def _write(self, reply: Reply) -> None:
        self._send(reply.model_dump_json().encode() + b"\n")

    def _send(self, lines: bytes | bytearray) -> None:
        if self._transport.get_write_buffer_size() > MAX_BACKLOG_BYTES:
            self._transport.abort()
        else:
            self._transport.write(lines)


def _refusal(error: PlaygroundError) -> Refused:
    match error:
        case NoCapacity(retry_after_s=seconds):
            return Refused(kind="no_capacity", message=str(error), retry_after_s=seconds)
        case NotFound():
            return Refused(kind="not_found", message=str(error))
        case Starting(device=device, step=step, since_s=since_s):
            startup = Startup(device=Device(device), step=step, since_s=since_s)
            return Refused(kind="starting", message=str(error), startup=startup)
        case _:
            return Refused(kind="unavailable", message=str(error))
