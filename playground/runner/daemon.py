"""The daemon: composes a runner from settings, and replaces servants that die."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from playground.contracts.events import Environment
from playground.contracts.request import Device
from playground.contracts.wire import Bound, Description
from playground.runner import fingerprint, hardware, workshop
from playground.runner.archive import Keeping
from playground.runner.engine import Capacity, Engine
from playground.runner.files import Bounds, Files
from playground.runner.hardware import Hardware
from playground.runner.outcome import Ceilings
from playground.runner.progress import Progress
from playground.runner.servants import NotStarted, Servant, ServantLost
from playground.runner.standby import Standby
from playground.sandbox import cgroups, doctor, policy, seccomp
from playground.sandbox.cgroups import Hierarchies
from playground.sandbox.doctor import Report
from playground.sandbox.policy import Policy
from playground.sandbox.scratch import Scratch
from playground.settings import Settings

log = structlog.get_logger()
MIB = 1 << 20
KIB = 1 << 10
RESTART_PAUSE_S = 1.0
News = Callable[[dict[str, Any]], None]


class Runner:
    """All that runs for one device."""

    def __init__(
        self,
        settings: Settings,
        device: Device,
        hierarchies: Hierarchies,
        report: Report,
        compilers: Path | None,
    ) -> None:
        """Compose a runner; ``compilers`` is what ``workshop`` found.

        Raises:
            NoSuchDevice: this machine does not have the device.
        """
        self._settings = settings
        self._device = device
        self._hardware = hardware.find(device)
        self._hierarchies = hierarchies
        self._report = report
        self._scratch = Scratch(settings.scratch_dir)
        self._compilers = compilers
        if compilers and report.tier != "full":
            self._compilers = workshop.passable(compilers, self._scratch.path)
        shown = (str(self._compilers),) if self._compilers else ()
        self._policy = _policy(settings, self._hardware, report, str(self._scratch.runs), shown)
        self._ceilings = _ceilings(settings)
        limits = cgroups.Limits(self._policy.memory_bytes, settings.processes, float(settings.threads))
        self._standby = Standby(settings.ready_sandboxes, self._hierarchies, limits, self._policy)
        bounds = Bounds(settings.artifact_files, settings.artifact_mb * MIB)
        files = Files(settings.artifacts / device, bounds)
        at_a_time = self._hardware.at_a_time or settings.concurrency
        capacity = Capacity(at_a_time, settings.queue_size, Keeping(settings.keep_runs_s))
        self.engine = Engine(self._standby, files, capacity, self._ceilings, settings.threads)
        self._libraries: dict[str, str] = {}
        self._has_served = False

    async def serve(self, progress: Progress) -> None:
        """Keep the servants alive until cancelled; ``progress`` is told of what they do before they serve.

        Raises:
            NotStarted: the first ones do not start: the next ones would not either.
        """
        while True:
            try:
                await self._with_servants(partial(self._on_news, progress))
            except ServantLost as error:
                if isinstance(error, NotStarted) and not self._has_served:
                    raise
                log.error("servants_lost", error=str(error))  # noqa: TRY400 - where we noticed says nothing
            except OSError as error:
                if not self._has_served:
                    raise NotStarted(str(error)) from error
                log.exception("servants_not_started")
            progress.again("starts its fork server again")
            self.engine.environment = None
            self.engine.stop_all()
            self._standby.abandon()
            await asyncio.sleep(RESTART_PAUSE_S)

    async def close(self) -> None:
        """End all runs, and remove what they leave."""
        await self.engine.close()
        self._standby.abandon()
        await self._standby.settle()
        self._scratch.remove()

    def describe(self) -> Description | None:
        """What is served; None while the fork server starts."""
        if self.engine.environment is None:
            return None
        return Description(
            device=self._device,
            tier=self._policy.rules.name,
            weaker=self._policy.rules.weaker,
            bounds=_bounds(self._settings, self._policy),
            environment=self.engine.environment,
            limits=self._ceilings.all(),
            libraries=self._libraries,
            ready=self._standby.ready,
            running=self.engine.running,
            queued=self.engine.queued,
            concurrency=self._hardware.at_a_time or self._settings.concurrency,
            queue_size=self._settings.queue_size,
        )

    async def _with_servants(self, on_news: News) -> None:
        """One life of warden and fork server.

        Raises:
            NotStarted: one of them did not get ready.
            ServantLost: one of them has ended.
        """
        counting = "memory cgroup" in self._policy.active
        filters = [program.hex() for program in seccomp.programs(self._policy.rules, counting=counting)]
        first: dict[str, Any] = {"policy": self._policy.to_json(), "filters": filters}
        first["compilers"] = str(self._compilers or "")
        first["environment"] = {**policy.environment(), **self._hardware.environment}
        with contextlib.ExitStack() as stack:
            first["base"] = str(self._directory("root"))
            home = self._directory("home")
            warden = self._start(stack, "playground.sandbox.warden", home, on_news)
            zygote = self._start(stack, "playground.runner.zygote", home, on_news)
            begun = await asyncio.gather(warden.begin(first), zygote.begin(first))
            self._standby.use(warden, zygote)
            self._open(begun[1])
            await asyncio.wait((warden.lost, zygote.lost), return_when=asyncio.FIRST_COMPLETED)
            lost = [servant for servant in (warden, zygote) if servant.lost.done()]
            raise ServantLost("; ".join([await servant.ending() for servant in lost]))

    def _start(self, stack: contextlib.ExitStack, module: str, home: Path, on_news: News) -> Servant:
        """A servant's environment is a snippet's, whose memory begins as its copy, but for places outside the walls."""
        places = {"HOME": str(home), "TMPDIR": str(home), "MPLCONFIGDIR": str(home)}
        environment = {**policy.environment(), **self._hardware.environment, **places}
        servant = Servant(module, environment, on_news)
        stack.callback(servant.stop)
        return servant

    def _on_news(self, progress: Progress, news: dict[str, Any]) -> None:
        if "step" in news:
            progress.step(news["step"])
        else:
            self._standby.exited(news["exit"], news["status"])

    def _directory(self, name: str) -> Path:
        path = self._scratch.path / name
        path.mkdir(0o755, exist_ok=True)
        return path

    def _open(self, about: dict[str, Any]) -> None:
        self._has_served = True
        self._libraries = about["libraries"]
        self.engine.environment = Environment(
            python=about["python"],
            torch=self._libraries["torch"],
            device=self._device,
            device_name=hardware.name(self._device),
            threads=self._settings.threads,
            isolation=self._policy.active,
            machine=fingerprint.now(),
        )
        if about["problem"]:
            log.warning("compilers_not_rehearsed", reason=about["problem"])
        log.info("runner_ready", device=self._device, tier=self._policy.tier, isolation=self._policy.active)


def _policy(settings: Settings, device: Hardware, report: Report, scratch: str, readable: tuple[str, ...]) -> Policy:
    assert report.tier is not None  # noqa: S101 - require() has refused
    ids = doctor.ids()
    return Policy(
        tier=report.tier,
        visible=policy.python_paths(),
        readable=(*device.readable, *readable),
        writable=device.writable,
        devices=device.nodes,
        disk_bytes=settings.disk_mb * MIB,
        memory_bytes=settings.memory_mb * MIB,
        processes=settings.processes,
        inodes=settings.inodes,
        active=report.active,
        base_uid=policy.base_uid(os.getpid(), ids) if os.geteuid() == 0 and ids > 1 else -1,
        scratch=scratch,
    )


def _bounds(settings: Settings, policy: Policy) -> tuple[Bound, ...]:
    """The tier's bounds with their values here, and what holds each: the strongest that stands."""
    return tuple(
        Bound(
            name=bound.name,
            value=getattr(settings, bound.setting) if bound.setting else bound.value,
            unit=bound.unit,
            holds=next(what for what in bound.holds if not what.endswith(" cgroup") or what in policy.active),
        )
        for bound in policy.rules.bounds
    )


def _ceilings(settings: Settings) -> Ceilings:
    return Ceilings(
        timeout_s=settings.timeout_s,
        memory_bytes=settings.memory_mb * MIB,
        output_bytes=settings.output_kb * KIB,
        processes=settings.processes,
        disk_bytes=settings.disk_mb * MIB,
        inodes=settings.inodes,
    )
