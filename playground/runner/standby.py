"""Ready sandboxes: forked, walled in and warmed before a request comes; used once, replaced after."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import structlog

from playground.contracts.wire import Tag
from playground.runner.servants import Servant, ServantLost, close_all
from playground.sandbox.cgroups import Group, Hierarchies, Limits

log = structlog.get_logger()
READY_TIMEOUT_S = 30
FAILURE_PAUSE_S = 1.0
BUILDERS = 3
"""At a time: much of a build is waiting for the kernel, so one at a time leaves the cores idle."""
REMOVE_PAUSES_S = (*[0.02] * 50, *[1.0] * 60)
"""The kernel takes its time with hundreds of processes."""
CHANNEL_BUFFER = 1 << 20
REQUEST_BYTES = 1 << 20
"""The longest request, every character escaped, fits into the pipe: handing it in never waits for a sandbox."""


@dataclass
class Sandbox:
    """One run's walls and the process that waits inside, by the descriptors that lead to them."""

    name: str
    slot: int
    group: Group
    init: int
    """pidfd of PID 1."""
    control: socket.socket
    channel: socket.socket
    request: int
    stdout: int
    stderr: int
    init_pid: int = 0
    pid: int = 0
    exit_status: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def kill(self) -> None:
        """End PID 1 and with it every process of the run."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.init, signal.SIGKILL)

    def close(self) -> None:
        """Close our ends."""
        for descriptor in (self.init, self.request, self.stdout, self.stderr):
            if descriptor >= 0:
                os.close(descriptor)
        self.control.close()
        self.channel.close()


class Standby:
    """Keeps ``size`` sandboxes ready. The servants may die: ``use`` replaces them."""

    def __init__(self, size: int, hierarchies: Hierarchies, limits: Limits, base_uid: int) -> None:
        self._size = size
        self._hierarchies = hierarchies
        self._limits = limits
        self._base_uid = base_uid
        self._names = count(1)
        self._slots: deque[int] = deque()
        self._next_slot = count(0)
        self._ready: deque[Sandbox] = deque()
        self._by_pid: dict[int, Sandbox] = {}
        self._early_exits: dict[int, int] = {}
        self._waiting: deque[asyncio.Future[Sandbox]] = deque()
        self._building: set[asyncio.Task[None]] = set()
        self._cleaning: set[asyncio.Task[None]] = set()
        self._servants: tuple[Servant, Servant] | None = None

    @property
    def ready(self) -> int:
        """How many wait now."""
        return len(self._ready)

    @property
    def memory_counted(self) -> bool:
        """Whether control groups count the memory of a sandbox."""
        return "memory" in self._hierarchies.parents

    def use(self, warden: Servant, zygote: Servant) -> None:
        """Build from now on with these."""
        self._servants = (warden, zygote)
        self.refill()

    def abandon(self) -> None:
        """The servants are gone: end every sandbox that was theirs."""
        self._servants = None
        for sandbox in tuple(self._by_pid.values()):
            sandbox.kill()
            if not sandbox.exit_status.done():
                sandbox.exit_status.cancel()
        while self._ready:
            self.discard(self._ready.popleft())
        self._by_pid.clear()

    def take_ready(self) -> Sandbox | None:
        """A ready sandbox if there is one now; one that died waiting is passed over."""
        while self._ready:
            sandbox = self._ready.popleft()
            if not sandbox.exit_status.done():
                return sandbox
            self.discard(sandbox)
        return None

    async def take(self) -> Sandbox:
        """A ready sandbox, as soon as there is one."""
        if sandbox := self.take_ready():
            return sandbox
        waiter: asyncio.Future[Sandbox] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self.refill()
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():  # it came in the same moment: somebody else's now
                self._ready.append(waiter.result())
            raise

    def refill(self) -> None:
        """Build what is missing, in the background."""
        missing = self._size + len(self._waiting) - len(self._ready)
        while self._servants and len(self._building) < min(missing, BUILDERS):
            task = asyncio.ensure_future(self._build_one(*self._servants))
            self._building.add(task)
            task.add_done_callback(self._built)

    def exited(self, pid: int, status: int) -> None:
        """The fork server says that a snippet's process has ended."""
        sandbox = self._by_pid.pop(pid, None)
        if sandbox is None:
            self._early_exits[pid] = status
        elif not sandbox.exit_status.done():
            sandbox.exit_status.set_result(status)

    def discard(self, sandbox: Sandbox) -> None:
        """End a sandbox for good and remove what it leaves."""
        sandbox.kill()
        sandbox.close()
        self._by_pid.pop(sandbox.pid, None)
        self._spawn(self._remove(sandbox))

    async def settle(self) -> None:
        """Wait until everything discarded is removed."""
        while self._cleaning:
            await asyncio.gather(*self._cleaning)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._cleaning.add(task)
        task.add_done_callback(self._cleaning.discard)

    async def _remove(self, sandbox: Sandbox) -> None:
        """The group empties when the kernel has taken the processes down; the uid may be used again only then."""
        for pause_s in REMOVE_PAUSES_S:
            if sandbox.group.remove():
                self._slots.append(sandbox.slot)
                return
            await asyncio.sleep(pause_s)
        log.error("sandbox_not_removed", sandbox=sandbox.name)

    def _built(self, task: asyncio.Task[None]) -> None:
        self._building.discard(task)
        self.refill()

    async def _build_one(self, warden: Servant, zygote: Servant) -> None:
        try:
            sandbox = await self._build(warden, zygote)
        except (ServantLost, OSError, RuntimeError) as error:
            log.warning("sandbox_not_built", error=str(error) or type(error).__name__)
            await asyncio.sleep(FAILURE_PAUSE_S)
        else:
            self._offer(sandbox, (warden, zygote))

    def _offer(self, sandbox: Sandbox, servants: tuple[Servant, Servant]) -> None:
        if servants != self._servants:  # abandoned in the meantime
            self.discard(sandbox)
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(sandbox)
                return
        self._ready.append(sandbox)

    async def _build(self, warden: Servant, zygote: Servant) -> Sandbox:
        name = f"run-{next(self._names)}"
        slot = self._slots.popleft() if self._slots else next(self._next_slot)
        group = Group(self._hierarchies, name, self._limits)
        parts = _Parts(name, slot, group)
        try:
            sandbox = await self._furnish(parts, warden, zygote)
            await _until_ready(sandbox)
        except BaseException:
            parts.undo(self)
            raise
        finally:
            close_all(parts.theirs)
        return sandbox

    async def _furnish(self, parts: "_Parts", warden: Servant, zygote: Servant) -> Sandbox:
        uid = 0 if self._base_uid < 0 else self._base_uid + parts.slot
        entrances = parts.group.entrances()
        parts.theirs += entrances
        answer, descriptors = await warden.ask({"uid": uid}, [parts.their_control])
        parts.sandbox.init, parts.sandbox.init_pid = descriptors[0], answer["pid"]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        asked = {"name": parts.sandbox.name, "warm": not self._waiting}
        answer, _ = await zygote.ask(asked, [parts.sandbox.init, *parts.for_snippet, *entrances])
        sandbox = parts.sandbox
        sandbox.pid = answer["pid"]
        if sandbox.pid in self._early_exits:
            sandbox.exit_status.set_result(self._early_exits.pop(sandbox.pid))
        else:
            self._by_pid[sandbox.pid] = sandbox
        return sandbox


class _Parts:
    """A sandbox in the making: our ends, and theirs, which are passed on and closed here."""

    def __init__(self, name: str, slot: int, group: Group) -> None:
        control, their_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel, their_channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        their_channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHANNEL_BUFFER)
        their_request, request = os.pipe2(os.O_CLOEXEC)
        fcntl.fcntl(request, fcntl.F_SETPIPE_SZ, REQUEST_BYTES)
        os.set_blocking(request, False)
        stdout, their_stdout = os.pipe2(os.O_CLOEXEC)
        stderr, their_stderr = os.pipe2(os.O_CLOEXEC)
        for ours in (control, channel):
            ours.setblocking(False)
        for pipe in (stdout, stderr):
            os.set_blocking(pipe, False)
        self.group, self.slot = group, slot
        self.their_control = their_control.detach()
        self.for_snippet = [their_channel.detach(), their_request, their_stdout, their_stderr]
        self.theirs = [self.their_control, *self.for_snippet]
        self.sandbox = Sandbox(name, slot, group, -1, control, channel, request, stdout, stderr)

    def undo(self, standby: Standby) -> None:
        """Building failed halfway."""
        if self.sandbox.init >= 0:
            standby.discard(self.sandbox)
        else:
            self.sandbox.close()
            self.group.remove()


async def _until_ready(sandbox: Sandbox) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(READY_TIMEOUT_S):
        first = asyncio.ensure_future(loop.sock_recv(sandbox.channel, 64))
        await asyncio.wait((first, sandbox.exit_status), return_when=asyncio.FIRST_COMPLETED)
    if not first.done() or first.result() != Tag.READY.value:
        first.cancel()
        raise RuntimeError(_last_words(sandbox))


def _last_words(sandbox: Sandbox) -> str:
    try:
        return os.read(sandbox.stderr, 8192).decode(errors="replace") or "the sandbox ended before it was ready"
    except BlockingIOError:
        return "the sandbox did not get ready"
