"""``playground serve``: a runner per device and the web server, each its own process, watched by this one.

One that dies is started again, later each time. What they share, the address and the data directory, this one holds.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import time
import urllib.request
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial

import click

from playground.command import children, webuser
from playground.command.local import until_ready
from playground.settings import Settings

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_AFTER_S = 60.0
"""One that lived this long has proven itself: the next pause is short again."""
WEB_READY_WITHIN_S = 60.0


Up = Callable[[], bool]
"""Called by a child's keeper when the child serves; whether it is the first time."""


class FailedError(Exception):
    """A part could not be started; the text is for the operator."""


def serve(settings: Settings, environment: Mapping[str, str]) -> None:
    """Serve until told to stop (SIGTERM, SIGINT).

    Raises:
        FailedError: something did not start.
    """
    with alone(settings), listen(settings.host, settings.port) as listener:
        asyncio.run(Supervisor(settings, listener, environment).run())


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data directory: two servers in one would take each other's runners.

    Raises:
        FailedError: another one holds it.
    """
    webuser.prepare(settings)
    with settings.runner_socket("").with_name("serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Another playground serves from {settings.data_dir}; PLAYGROUND_DATA_DIR names a second one."
            raise FailedError(message) from None
        yield


def listen(host: str, port: int) -> socket.socket:
    """Open the address to serve on.

    Raises:
        FailedError: somebody else has it, or it is not ours to take.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((address[0], port), family=family, backlog=2048)
    except OSError as error:
        message = f"Cannot listen on {host}, port {port}: {error.strerror}."
        raise FailedError(message) from error


def url(listener: socket.socket) -> str:
    """Say where a listening socket is reached from this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Supervisor:
    """Holds the processes of one ``playground serve``. ``environment`` is what the children see beside our own."""

    def __init__(self, settings: Settings, listener: socket.socket, environment: Mapping[str, str]) -> None:
        self.settings = settings
        self.listener = listener
        self.environment = environment

    async def run(self) -> None:
        """Run everything until a signal or a failure."""
        _cancel_on_signal()
        try:
            await self._run_parts()
        except asyncio.CancelledError:
            say("Stopped.")
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _run_parts(self) -> None:
        """Leaving, however, ends the web server first and then the runners, so that no run is cut behind its back."""
        async with asyncio.TaskGroup() as group:
            ready = {device: asyncio.Event() for device in self.settings.devices}
            for device, event in ready.items():
                group.create_task(self._keep_running(f"{device} runner", event, partial(self._run_runner, device)))
            if os.getpid() == 1:
                group.create_task(children.reap_strangers())
            web = asyncio.Event()
            group.create_task(self._say_when_ready([web, *ready.values()]))
            await self._keep_running("web server", web, self._run_web)

    async def _say_when_ready(self, parts: list[asyncio.Event]) -> None:
        """Say once, where others look for it, that all parts serve."""
        for part in parts:
            await part.wait()
        say(f"Torch Playground is ready: {url(self.listener)}", err=False)

    async def _keep_running(self, name: str, ready: asyncio.Event, run: Callable[[Up], Awaitable[str]]) -> None:
        """Keep one child alive. A first start that fails is fatal: what is missing will not come by itself."""
        pause = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            ending = await run(partial(_up, name, ready))
            if not ready.is_set():
                message = f"The {name} did not start: {ending}."
                raise FailedError(message)
            if time.monotonic() - began > SETTLED_AFTER_S:
                pause = FIRST_PAUSE_S
            say(f"The {name} ended: {ending}. Starting it again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _run_web(self, up: Up) -> str:
        descriptor = self.listener.fileno()
        async with self._child("playground.command.webserver", str(descriptor), pass_fds=[descriptor]) as web:
            if not await self._until_web_answers(web):
                return _no_start(web)
            if up():
                say(f"The web server answers on {url(self.listener)}; runs are refused until the runners are ready.")
            return children.how_it_ended(await web.wait())

    async def _run_runner(self, device: str, up: Up) -> str:
        async with self._child("playground.runner", "--device", device) as runner:
            tell = partial(_tell_step, device)
            if not await until_ready(self.settings.runner_socket(device), runner, tell):
                return _no_start(runner)
            up()
            return children.how_it_ended(await runner.wait())

    async def _until_web_answers(self, web: Process) -> bool:
        address = url(self.listener) + "/healthz"
        deadline = time.monotonic() + WEB_READY_WITHIN_S
        while web.returncode is None and time.monotonic() < deadline:
            if await asyncio.to_thread(_answers, address):
                return True
            await asyncio.sleep(0.05)
        return False

    @contextlib.asynccontextmanager
    async def _child(self, module: str, *arguments: str, pass_fds: Sequence[int] = ()) -> AsyncIterator[Process]:
        """Start a child process; end it on the way out."""
        process = await children.start_module(module, *arguments, environment=self.environment, pass_fds=pass_fds)
        try:
            yield process
        finally:
            await children.stop(process)


def _up(name: str, ready: asyncio.Event) -> bool:
    """Note that a child serves; whether it is the first time."""
    first = not ready.is_set()
    if not first:
        say(f"The {name} is back.")
    ready.set()
    return first


def _tell_step(device: str, step: str) -> None:
    say(f"The {device} runner {step}.")


def _no_start(child: Process) -> str:
    return "not ready in time" if child.returncode is None else children.how_it_ended(child.returncode)


def _cancel_on_signal() -> None:
    """Let the first signal cancel the current task; a second one finds no handler and ends us at once."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def cancel(number: int) -> None:
        loop.remove_signal_handler(number)
        if task is not None:
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, cancel, number)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except OSError:
        return False


def say(line: str, *, err: bool = True) -> None:
    """Tell the operator, at once even through a pipe."""
    click.echo(line, err=err)
