"""Ready sandboxes: forked, walled in and warmed before a request comes; used once, replaced after."""

import asyncio
import contextlib
import fcntl
import json
import os
import select
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
from playground.sandbox import footprint
from playground.sandbox.cgroups import Group, Hierarchies, Limits
from playground.sandbox.footprint import Footprint
from playground.sandbox.policy import SLOTS, Policy

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

    namespaced: bool
    name: str
    slot: int
    group: Group
    init: int
    """pidfd of PID 1, or of the keeper."""
    control: socket.socket
    channel: socket.socket
    request: int
    stdout: int
    stderr: int
    init_pid: int = 0
    resting: Footprint = field(default_factory=Footprint)
    """What it used when it was ready, where no control group tells."""
    pid: int = 0
    exit_status: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def kill(self) -> None:
        """End every process of the run: with PID 1 all go; a keeper that hears no more ends them first."""
        if self.namespaced:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.init, signal.SIGKILL)
        elif self.pid and not self.exit_status.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close our ends, but for ``init``: it tells when everything is gone."""
        for descriptor in (self.request, self.stdout, self.stderr):
            if descriptor >= 0:
                os.close(descriptor)
        self.control.close()
        self.channel.close()

    @property
    def gone(self) -> bool:
        """Whether PID 1 or the keeper has ended, and with it the run."""
        if self.init < 0:
            return True
        poll = select.poll()
        poll.register(self.init, select.POLLIN)
        return bool(poll.poll(0))

    async def measure(self) -> Footprint:
        """What the run uses now, where no control group tells.

        Raises:
            OSError: the keeper is gone.
        """
        if self.namespaced:
            return footprint.of_processes(footprint.in_namespace_of(self.init_pid))
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.control, b"{}")
        return Footprint(**json.loads(await loop.sock_recv(self.control, 4096) or b"{}"))


class Standby:
    """Keeps ``size`` sandboxes ready. The servants may die: ``use`` replaces them."""

    def __init__(self, size: int, hierarchies: Hierarchies, limits: Limits, policy: Policy) -> None:
        self._size = size
        self._hierarchies = hierarchies
        self._limits = limits
        self._policy = policy
        self._names = count(1)
        self._slots: deque[int] = deque()
        self._used_slots = 0
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

    @property
    def files_bounded(self) -> bool:
        """Whether a file system of its own bounds what a sandbox writes."""
        return self._policy.rules.namespaced

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
        if sandbox and sandbox in self._ready:
            self._replace(sandbox, status)

    def _replace(self, sandbox: Sandbox, status: int) -> None:
        """One died while it waited; if whatever ended it ends the next one too, this must not become a busy loop."""
        log.warning("sandbox_died_waiting", sandbox=sandbox.name, exit_code=os.waitstatus_to_exitcode(status))
        self._ready.remove(sandbox)
        self.discard(sandbox)
        asyncio.get_running_loop().call_later(FAILURE_PAUSE_S, self.refill)

    def discard(self, sandbox: Sandbox) -> None:
        """End a sandbox for good and remove what it leaves."""
        sandbox.kill()
        sandbox.close()
        self._by_pid.pop(sandbox.pid, None)
        self._spawn(self._remove(sandbox))

    def free(self, slot: int) -> None:
        """Nothing was built there; it may be used again."""
        self._slots.append(slot)

    async def settle(self) -> None:
        """Wait until everything discarded, and what was being built, is removed."""
        for task in self._building:
            task.cancel()
        while tasks := self._cleaning | self._building:
            await asyncio.wait(tasks)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._cleaning.add(task)
        task.add_done_callback(self._cleaning.discard)

    async def _remove(self, sandbox: Sandbox) -> None:
        """The group empties when the kernel has taken the processes down; the uid may be used again only then."""
        for pause_s in REMOVE_PAUSES_S:
            if sandbox.gone and sandbox.group.remove():
                self._slots.append(sandbox.slot)
                break
            await asyncio.sleep(pause_s)
        else:
            log.error("sandbox_not_removed", sandbox=sandbox.name)
        if sandbox.init >= 0:
            os.close(sandbox.init)

    def _built(self, task: asyncio.Task[None]) -> None:
        self._building.discard(task)
        if not self._building:
            self._early_exits.clear()  # of sandboxes that were discarded; their pids come again
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
        slot = self._slot()
        group = Group(self._hierarchies, name, self._limits)
        parts = _Parts(name, slot, group, namespaced=self._policy.rules.namespaced)
        try:
            sandbox = await self._furnish(parts, warden, zygote)
            await _until_ready(sandbox)
            if not self.memory_counted:
                sandbox.resting = await sandbox.measure()
        except BaseException:
            parts.undo(self)
            raise
        finally:
            close_all(parts.theirs)
        return sandbox

    def _slot(self) -> int:
        if not self._slots and self._used_slots == SLOTS:
            message = f"all {SLOTS} slots are taken, by runs that do not end"
            raise RuntimeError(message)
        if self._slots:
            return self._slots.popleft()
        self._used_slots += 1
        return self._used_slots - 1

    async def _furnish(self, parts: "_Parts", warden: Servant, zygote: Servant) -> Sandbox:
        who = {"slot": parts.slot, "name": parts.sandbox.name}
        entrances = parts.group.entrances()
        parts.theirs += entrances
        answer, descriptors = await warden.ask(who, [parts.their_control])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        parts.sandbox.init, parts.sandbox.init_pid = descriptors[0], answer["pid"]
        asked = {**who, "warm": not self._waiting}
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

    def __init__(self, name: str, slot: int, group: Group, *, namespaced: bool) -> None:
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
        self.sandbox = Sandbox(namespaced, name, slot, group, -1, control, channel, request, stdout, stderr)

    def undo(self, standby: Standby) -> None:
        """Building failed halfway."""
        if self.sandbox.init >= 0:
            standby.discard(self.sandbox)
        else:
            self.sandbox.close()
            self.group.remove()
            standby.free(self.slot)


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
