"""The runner's two helper processes, seen from the runner: the warden and the fork server, each behind a socket."""

import asyncio
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
Message = tuple[dict[str, Any], list[int]]


class ServantLost(Exception):  # noqa: N818 - named for what happened
    """The process has ended, or does not answer."""


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
            )
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    @property
    def last_words(self) -> str:
        """Which it was; not how it ended, for whoever reaps first has that."""
        return f"{self.module} ended"

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    async def begin(self, configuration: dict[str, Any]) -> dict[str, Any]:
        """Send the first message and wait until the process is ready.

        Raises:
            ServantLost: it ended first.
        """
        answer, _ = await self._exchange(configuration, [], START_TIMEOUT_S)
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
        if not self.lost.done():
            self.lost.set_result(None)

    async def _exchange(self, request: dict[str, Any], descriptors: list[int], timeout_s: float) -> Message:
        async with self._asking:
            if self.lost.done():
                raise ServantLost(self.last_words)
            wire.send(self._socket, request, descriptors)
            answer = asyncio.ensure_future(self._answers.get())
            done, _ = await asyncio.wait((answer, self.lost), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if answer in done:
                return answer.result()
            answer.cancel()
            self.stop()
            raise ServantLost(self.last_words)

    def _receive(self) -> None:
        try:
            message, descriptors = wire.receive(self._socket)
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self.stop()
            return
        if "exit" in message:
            self._on_news(message)
        else:
            self._answers.put_nowait((message, descriptors))


def close_all(descriptors: list[int]) -> None:
    """Close descriptors that were passed on."""
    for descriptor in descriptors:
        os.close(descriptor)
