"""One connection to the runner: a command comes in, replies go out, line by line."""

import asyncio
from collections.abc import Callable
from typing import Literal

import structlog
from pydantic import ValidationError

from playground.contracts.errors import NoCapacity, NotFound, Unavailable
from playground.contracts.wire import (
    COMMAND,
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
from playground.runner.engine import Engine
from playground.runner.record import Record

log = structlog.get_logger()
MAX_COMMAND_BYTES = 2 << 20
MAX_BACKLOG_BYTES = 64 << 20
"""A listener that is so far behind is dropped; it can come back and resume."""


class Service:
    """Answers commands on behalf of an engine."""

    def __init__(self, engine: Engine, describe: Callable[[], Description | None]) -> None:
        self._engine = engine
        self._describe = describe

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one command. A fault of ours is logged, and told as ``internal``."""
        reader._limit = MAX_COMMAND_BYTES  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            await self._answer(await reader.readline(), reader, writer)
        except ValidationError as error:
            _refuse(writer, "invalid", str(error))
        except NoCapacity as error:
            _refuse(writer, "no_capacity", str(error), error.retry_after_s)
        except NotFound as error:
            _refuse(writer, "not_found", str(error))
        except Unavailable as error:
            _refuse(writer, "unavailable", str(error))
        except (ConnectionError, asyncio.LimitOverrunError):
            pass
        except Exception:
            log.exception("command_failed")
            _refuse(writer, "internal", "The runner failed.")
        finally:
            writer.close()

    async def _answer(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not line:
            return
        command: Command = COMMAND.validate_json(line)
        match command:
            case Run(request=request, detached=True):
                record = self._engine.submit(request)
                self._engine.leave(record, writer.write)
                record.tell_first(writer.write)
            case Run(request=request):
                await self._stream(self._engine.submit(request), 0, reader, writer)
            case Attach(run_id=run_id, after=after):
                await self._stream(self._engine.find(run_id), after, reader, writer)
            case Cancel(run_id=run_id):
                record = self._engine.find(run_id)
                self._engine.stop(record)
                await self._stream(record, 0, reader, writer)
            case Fetch(run_id=run_id, name=name):
                _write(writer, self._file(run_id, name))
            case Describe():
                _write(writer, self._description())

    async def _stream(
        self, record: Record, after: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass events on until the last, or until the other side hangs up."""
        ended = asyncio.get_running_loop().create_future()

        def listener(line: bytes) -> None:
            if writer.transport.get_write_buffer_size() > MAX_BACKLOG_BYTES:
                writer.transport.abort()
            elif line:
                writer.write(line)
            elif not ended.done():
                ended.set_result(None)

        self._engine.listen(record, listener, after)
        hung_up = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((ended, hung_up), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hung_up.cancel()
            self._engine.leave(record, listener)

    def _file(self, run_id: str, name: str) -> File:
        path, artifact = self._engine.file(run_id, name)
        return File(path=str(path), size_bytes=artifact.size_bytes, sha256=artifact.sha256)

    def _description(self) -> Description:
        description = self._describe()
        if description is None:
            message = "The runner is starting."
            raise Unavailable(message)
        return description


def _write(writer: asyncio.StreamWriter, reply: Reply) -> None:
    writer.write(reply.model_dump_json().encode() + b"\n")


Kind = Literal["no_capacity", "not_found", "invalid", "unavailable", "internal"]


def _refuse(writer: asyncio.StreamWriter, kind: Kind, message: str, retry_after_s: int | None = None) -> None:
    _write(writer, Refused(kind=kind, message=message, retry_after_s=retry_after_s))
