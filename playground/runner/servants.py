"""The runner's two helper processes, seen from the runner: the warden and the fork server, each behind a socket."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from playground.sandbox import wire

START_TIMEOUT_S = 300
"""Ten seconds on a machine at rest; on a busy one to start again would only make it busier."""
ASK_TIMEOUT_S = 30
LOOKS, LOOK_EVERY_S = 250, 0.02
"""One that has hung up is about to end by itself: an interpreter that goes down frees torch first."""
MAX_WORDS = 2_000
Message = tuple[dict[str, Any], list[int]]


class ServantLost(Exception):  # noqa: N818 - named for what happened
    """The process has ended, or does not answer."""


class NotStarted(ServantLost):
    """It was never ready; the text says why."""


_alive: "dict[int, subprocess.Popen[bytes]]" = {}


def bury() -> None:
    """Reap whatever has ended; how a servant ended is kept for whoever asks.

    Sandboxes whose fork server died are ours now: a PID namespace is gone only when the last of it is reaped.
    """
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG):
            pid, status = ended
            if pid == 0:
                return
            if servant := _alive.pop(pid, None):
                servant.returncode = os.waitstatus_to_exitcode(status)


class Servant:
    """A helper process that answers one request at a time and may volunteer news in between."""

    def __init__(self, module: str, environment: dict[str, str], on_news: Callable[[dict[str, Any]], None]) -> None:
        self.module = module
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_news = on_news
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._asking = asyncio.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", module, str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        _alive[self._process.pid] = self._process
        self._words = _Words(self._process)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    async def begin(self, configuration: dict[str, Any]) -> dict[str, Any]:
        """Send the first message and wait until the process is ready.

        Raises:
            NotStarted: it ended first, or was not ready in time.
        """
        try:
            answer, _ = await self._exchange(configuration, [], START_TIMEOUT_S)
        except ServantLost as error:
            raise NotStarted(str(error)) from None
        return answer

    async def ask(self, request: dict[str, Any], descriptors: list[int]) -> Message:
        """One request with descriptors, one answer with its own.

        Raises:
            ServantLost: it ended, or did not answer in time; then it is ended.
        """
        return await self._exchange(request, descriptors, ASK_TIMEOUT_S)

    def stop(self) -> None:
        """End the process, and with it everything that it holds."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        _alive.pop(self.pid, None)
        self._words.close()
        if not self.lost.done():
            self.lost.set_result(None)

    async def ending(self) -> str:
        """Which it was, how it ended, and what it said last; one that has hung up and stays is ended."""
        for _ in range(LOOKS):
            if self._process.poll() is not None:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        self.stop()
        code, said = self._process.returncode, self._words.last
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"{self.module} ended, {how}" + (f": {said}" if said else "")

    async def _exchange(self, request: dict[str, Any], descriptors: list[int], timeout_s: float) -> Message:
        async with self._asking:
            if not self.lost.done():
                self._send(request, descriptors)
            answer = asyncio.ensure_future(self._answers.get())
            done, _ = await asyncio.wait((answer, self.lost), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if answer in done:
                return answer.result()
            answer.cancel()
            if self.lost.done():
                raise ServantLost(await self.ending())
            self.stop()
            message = f"{self.module} did not answer within {timeout_s:g} s"
            raise ServantLost(message)

    def _send(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            wire.send(self._socket, request, descriptors)
        except OSError:
            self._hang_up()

    def _receive(self) -> None:
        try:
            message, descriptors = wire.receive(self._socket)
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self._hang_up()
            return
        if "exit" in message or "step" in message:
            self._on_news(message)
        else:
            self._answers.put_nowait((message, descriptors))

    def _hang_up(self) -> None:
        """It hung up: what is left to learn is how it ended."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self.lost.set_result(None)


class _Words:
    """What a servant writes to standard error: passed on to ours, the last of it kept."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stderr  # noqa: S101 - it was asked for
        self._pipe = process.stderr
        self._kept = bytearray()
        os.set_blocking(self._pipe.fileno(), False)
        asyncio.get_running_loop().add_reader(self._pipe, self._read)

    @property
    def last(self) -> str:
        """The last line: of a traceback the one that says what it was."""
        lines = self._kept.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def close(self) -> None:
        """Pass on what is there, and read no more: a process of a run may hold the other end."""
        if not self._pipe.closed:
            while self._read():
                pass
            asyncio.get_running_loop().remove_reader(self._pipe)
            self._pipe.close()

    def _read(self) -> bool:
        try:
            data = os.read(self._pipe.fileno(), MAX_WORDS)
        except BlockingIOError:
            return False
        if not data:
            asyncio.get_running_loop().remove_reader(self._pipe)
            return False
        self._kept = (self._kept + data)[-MAX_WORDS:]
        sys.stderr.buffer.write(data)
        sys.stderr.buffer.flush()
        return True


def close_all(descriptors: list[int]) -> None:
    """Close descriptors that were passed on."""
    for descriptor in descriptors:
        os.close(descriptor)
