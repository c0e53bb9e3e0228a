"""The daemon: composes a runner from settings, listens on a Unix socket, and replaces servants that die."""

import asyncio
import contextlib
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import structlog

from playground.contracts.events import Environment
from playground.contracts.request import Device
from playground.contracts.wire import Description
from playground.runner import hardware
from playground.runner.engine import Capacity, Engine
from playground.runner.files import Bounds, Files
from playground.runner.hardware import Hardware
from playground.runner.outcome import Ceilings
from playground.runner.servants import Servant, ServantLost
from playground.runner.service import Connection
from playground.runner.standby import Standby
from playground.sandbox import cgroups, doctor, policy, seccomp
from playground.sandbox.cgroups import Hierarchies
from playground.settings import Settings

log = structlog.get_logger()
MIB = 1 << 20
KIB = 1 << 10
RESTART_PAUSE_S = 1.0


class Runner:
    """All that runs for one device."""

    def __init__(self, settings: Settings, device: Device, hierarchies: Hierarchies) -> None:
        """Compose a runner.

        Raises:
            NoSuchDevice: this machine does not have the device.
        """
        self._settings = settings
        self._device = device
        self._hardware = hardware.find(device)
        self._hierarchies = hierarchies
        self._policy = _policy(settings, self._hardware, hierarchies.active)
        self._ceilings = _ceilings(settings)
        limits = cgroups.Limits(self._policy.memory_bytes, settings.processes, float(settings.threads))
        self._standby = Standby(settings.ready_sandboxes, self._hierarchies, limits, self._policy.base_uid)
        bounds = Bounds(settings.artifact_files, settings.artifact_mb * MIB)
        files = Files(settings.data_dir / "artifacts" / device, bounds)
        capacity = Capacity(self._hardware.at_a_time or settings.concurrency, settings.queue_size, settings.keep_runs_s)
        self._engine = Engine(self._standby, files, capacity, self._ceilings, settings.threads)
        self._libraries: dict[str, str] = {}

    async def serve(self) -> None:
        """Listen, keep the servants alive, until cancelled."""
        path = self._settings.runner_socket(self._device)
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(lambda: Connection(self._engine, self.describe), sock=_listen(path))
        try:
            async with server:
                await self._keep_servants()
        finally:
            path.unlink(missing_ok=True)
            self._engine.stop_all()
            self._standby.abandon()
            await self._standby.settle()
            for parent in set(self._hierarchies.parents.values()):
                cgroups.remove_tree(parent)

    def describe(self) -> Description | None:
        """What is served; None while the fork server starts."""
        if self._engine.environment is None:
            return None
        return Description(
            device=self._device,
            environment=self._engine.environment,
            limits=self._ceilings.all(),
            libraries=self._libraries,
            ready=self._standby.ready,
            running=self._engine.running,
            queued=self._engine.queued,
            concurrency=self._hardware.at_a_time or self._settings.concurrency,
            queue_size=self._settings.queue_size,
        )

    async def _keep_servants(self) -> None:
        while True:
            try:
                await self._with_servants()
            except (ServantLost, OSError) as error:
                log.exception("servants_lost", error=str(error) or type(error).__name__)
            self._engine.environment = None
            self._engine.stop_all()
            self._standby.abandon()
            await asyncio.sleep(RESTART_PAUSE_S)

    async def _with_servants(self) -> None:
        """One life of warden and fork server; returns when either has ended."""
        filters = [program.hex() for program in seccomp.programs()]
        first: dict[str, Any] = {"policy": self._policy.to_json(), "filters": filters}
        first["environment"] = {**policy.environment(), **self._hardware.environment}
        with tempfile.TemporaryDirectory(prefix="playground-") as own, contextlib.ExitStack() as stack:
            first["base"] = str(_directory(own, "root"))
            home = _directory(own, "home")
            warden = self._start(stack, "playground.sandbox.warden", home)
            zygote = self._start(stack, "playground.runner.zygote", home)
            begun = await asyncio.gather(warden.begin(first), zygote.begin(first))
            self._standby.use(warden, zygote)
            self._open(begun[1])
            await asyncio.wait((warden.lost, zygote.lost), return_when=asyncio.FIRST_COMPLETED)

    def _start(self, stack: contextlib.ExitStack, module: str, home: Path) -> Servant:
        """A servant's environment is a snippet's, whose memory begins as its copy, but for places outside the walls."""
        places = {"HOME": str(home), "TMPDIR": str(home), "MPLCONFIGDIR": str(home)}
        environment = {**policy.environment(), **self._hardware.environment, **places}
        servant = Servant(module, environment, self._on_news)
        stack.callback(servant.stop)
        return servant

    def _on_news(self, news: dict[str, Any]) -> None:
        self._standby.exited(news["exit"], news["status"])

    def _open(self, about: dict[str, Any]) -> None:
        self._libraries = about["libraries"]
        self._engine.environment = Environment(
            python=about["python"],
            torch=self._libraries["torch"],
            device=self._device,
            device_name=hardware.name(self._device),
            threads=self._settings.threads,
            isolation=tuple(layer.name for layer in doctor.examine(self._settings) if layer.active),
        )
        log.info("runner_ready", device=self._device, isolation=self._engine.environment.isolation)


def _directory(parent: str, name: str) -> Path:
    path = Path(parent, name)
    path.mkdir()
    return path


def _policy(settings: Settings, device: Hardware, groups: tuple[str, ...]) -> policy.Policy:
    return policy.Policy(
        visible=policy.python_paths(),
        readable=device.readable,
        writable=device.writable,
        devices=device.nodes,
        disk_bytes=settings.disk_mb * MIB,
        memory_bytes=settings.memory_mb * MIB,
        processes=settings.processes,
        files=max(1024, settings.disk_mb * 64),
        groups=groups,
        base_uid=policy.BASE_UID if os.geteuid() == 0 and not doctor.in_user_namespace() else -1,
    )


def _ceilings(settings: Settings) -> Ceilings:
    return Ceilings(
        timeout_s=settings.timeout_s,
        memory_bytes=settings.memory_mb * MIB,
        output_bytes=settings.output_kb * KIB,
        processes=settings.processes,
        disk_bytes=settings.disk_mb * MIB,
    )


def _listen(path: Path) -> socket.socket:
    """A socket that only this user can open (unix(7): connecting needs write permission on it)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(128)
    return listener
