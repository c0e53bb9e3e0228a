"""The runner's front: it answers from its first moment on, first with what it is still doing, then with its engine."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from playground.contracts.errors import Starting
from playground.contracts.request import Device
from playground.contracts.wire import Description
from playground.runner.daemon import Runner
from playground.runner.engine import Engine
from playground.runner.progress import Progress
from playground.runner.service import Connection
from playground.settings import Settings

Compose = Callable[[Progress], Awaitable[Runner]]


class DeviceFront:
    """What listens for one device. ``compose`` makes the runner, and may take its time."""

    def __init__(self, settings: Settings, device: Device, compose: Compose) -> None:
        self._path = settings.runner_socket(device)
        self._compose = compose
        self._progress = Progress(device)
        self._runner: Runner | None = None

    async def serve(self) -> None:
        """Listen at once, compose the runner, and let it serve until cancelled.

        Raises:
            NotStarted: one of the servants does not start.
        """
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(lambda: Connection(self), sock=_listen(self._path))
        try:
            self._runner = await self._compose(self._progress)
            await self._runner.serve(self._progress)
        finally:
            server.close()  # without waiting for its clients, as Python 3.12 would on leaving it: they may stay
            self._path.unlink(missing_ok=True)
            if self._runner is not None:
                await self._runner.close()

    def engine(self) -> Engine:
        """All runs, those that have ended too.

        Raises:
            Starting: there is none yet.
        """
        if self._runner is None:
            raise self._starting()
        return self._runner.engine

    def open_engine(self) -> Engine:
        """The same, where it takes new runs.

        Raises:
            Starting: it does not.
        """
        engine = self.engine()
        if engine.environment is None:
            raise self._starting()
        return engine

    def describe(self) -> Description:
        """What is served.

        Raises:
            Starting: nothing yet, or not at the moment.
        """
        description = None if self._runner is None else self._runner.describe()
        if description is None:
            raise self._starting()
        return description

    def _starting(self) -> Starting:
        return self._progress.starting()


def _listen(path: Path) -> socket.socket:
    """A socket that only this user can open, and its directory's group (unix(7): connecting needs to write)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    if path.stat().st_gid != (group := path.parent.stat().st_gid):
        os.chown(path, -1, group)
    listener.listen(128)
    return listener
