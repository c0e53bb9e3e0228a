"""Memory, processes and processor time of a run, by control groups: version 2, or the controllers of version 1.

Every run has a group of its own, nested under the runner's own, made before the run and removed after. The runner
writes limits and reads counters; a sandbox only ever receives a descriptor to enter its group.
Sources: kernel admin-guide/cgroup-v2 and cgroup-v1/{memory,pids,cpuacct}.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PERIOD_US = 100_000
RUN_WEIGHT = 256
"""Against 1024 for everything else: the server answers while snippets burn."""


@dataclass(frozen=True)
class Limits:
    """What a run's group is allowed."""

    memory_bytes: int
    processes: int
    cpus: float


@dataclass(frozen=True)
class Reading:
    """A run's counters. Memory is without the page cache of files that the run happened to be the first to read."""

    memory_bytes: int
    peak_bytes: int
    cpu_ns: int
    oom_kills: int
    refused_forks: int


@dataclass(frozen=True)
class Hierarchies:
    """Where each controller's groups of this runner live; a missing controller has no entry."""

    version: int
    parents: dict[str, Path]

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the controllers that hold here."""
        return tuple(name for name in ("memory", "pids", "cpu") if name in self.parents)


class Group:
    """One run's control group."""

    def __init__(self, hierarchies: Hierarchies, name: str, limits: Limits) -> None:
        self._paths = {controller: parent / name for controller, parent in hierarchies.parents.items()}
        for path in set(self._paths.values()):
            path.mkdir()
        for controller, file, value in _settings(hierarchies.version, limits):
            if controller in self._paths:
                (self._paths[controller] / file).write_text(value)
        self._counters = {} if hierarchies.version == 0 else self._open(COUNTERS[hierarchies.version])

    def entrances(self) -> list[int]:
        """Descriptors; a process that writes ``0`` to each has entered the group. The caller closes them."""
        return [os.open(path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for path in set(self._paths.values())]

    def read(self) -> Reading:
        """The counters now; zero where a controller is missing."""
        value = {name: counter.read() for name, counter in self._counters.items()}
        files = value.get("cache", 0) - value.get("shmem", 0)
        return Reading(
            memory_bytes=max(0, value.get("memory", 0) - files),
            peak_bytes=max(0, value.get("peak", 0) - files),
            cpu_ns=value.get("cpu_ns", 0) + value.get("cpu_us", 0) * 1000,
            oom_kills=value.get("oom_kills", 0),
            refused_forks=value.get("refused_forks", 0),
        )

    def remove(self) -> bool:
        """Remove the group; False while a process is still in it."""
        for path in set(self._paths.values()):
            try:
                # Pages that outlive the processes would keep the dead group in the kernel's memory.
                with contextlib.suppress(OSError):
                    (path / "memory.force_empty").write_text("0")
                path.rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                return False
        for counter in self._counters.values():
            counter.close()
        self._counters.clear()
        return True

    def _open(self, rows: "tuple[tuple[str, str, str, str], ...]") -> "dict[str, Counter]":
        counters = {}
        for name, controller, file, field in rows:
            path = self._paths.get(controller)
            if path is not None and (path / file).exists():  # an older kernel lacks some
                counters[name] = Counter(path / file, field)
        return counters


COUNTERS = {
    1: (
        ("memory", "memory", "memory.usage_in_bytes", ""),
        ("peak", "memory", "memory.max_usage_in_bytes", ""),
        ("cache", "memory", "memory.stat", "cache"),
        ("shmem", "memory", "memory.stat", "shmem"),
        ("oom_kills", "memory", "memory.oom_control", "oom_kill"),
        ("refused_forks", "pids", "pids.events", "max"),
        ("cpu_ns", "cpuacct", "cpuacct.usage", ""),
    ),
    2: (
        ("memory", "memory", "memory.current", ""),
        ("peak", "memory", "memory.peak", ""),
        ("cache", "memory", "memory.stat", "file"),
        ("shmem", "memory", "memory.stat", "shmem"),
        ("oom_kills", "memory", "memory.events", "oom_kill"),
        ("refused_forks", "pids", "pids.events", "max"),
        ("cpu_us", "cpu", "cpu.stat", "usage_usec"),
    ),
}
"""What is read of a group, by version: our name, the controller, its file, and the field in it if it has several."""


class Counter:
    """A counter kept open: reading takes 2 us so, 30 us by path, and a run's answer waits for seven of them."""

    def __init__(self, path: Path, field: str) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._field = field.encode()

    def read(self) -> int:
        """The value now."""
        text = os.pread(self._descriptor, 4096, 0)
        if not self._field:
            return int(text)
        rows = (line.split() for line in text.splitlines())
        return next((int(value) for key, value in rows if key == self._field), 0)

    def close(self) -> None:
        """Done with it."""
        os.close(self._descriptor)


def discover(name: str) -> Hierarchies:
    """Make ``name`` under this process's own groups wherever the kernel and the rights allow it."""
    own = dict(_own_groups())
    mounts = dict(_mounts())
    v1 = {c: mounts[c] / own[c].lstrip("/") for c in ("memory", "pids", "cpu", "cpuacct") if c in mounts and c in own}
    if v1:
        return Hierarchies(1, {c: path for c, base in v1.items() if (path := _make(base / name))})
    if "" in own and "" in mounts:
        return Hierarchies(2, _delegate(mounts[""] / own[""].lstrip("/"), name))
    return Hierarchies(0, {})


def sweep(hierarchies: Hierarchies) -> None:
    """Remove groups that a killed runner left beside ours: those whose runner (``playground-PID``) is gone."""
    for parent in set(hierarchies.parents.values()):
        for sibling in parent.parent.glob("playground-*"):
            pid = sibling.name.rpartition("-")[2]
            if sibling != parent and pid.isdigit() and not Path("/proc", pid).exists():
                remove_tree(sibling)


def remove_tree(top: Path) -> None:
    """Remove a group and those below it, as far as they are empty of processes."""
    for directory, _, _ in os.walk(top, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(directory)


def _settings(version: int, limits: Limits) -> Iterator[tuple[str, str, str]]:
    memory, quota = str(limits.memory_bytes), int(limits.cpus * PERIOD_US)
    if version == 2:  # noqa: PLR2004 - the version of the interface
        yield "memory", "memory.max", memory
        yield "memory", "memory.swap.max", "0"
        yield "memory", "memory.oom.group", "0"
        yield "cpu", "cpu.max", f"{quota} {PERIOD_US}"
        yield "cpu", "cpu.weight", str(max(1, RUN_WEIGHT * 100 // 1024))
    else:
        yield "memory", "memory.limit_in_bytes", memory
        if Path("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes").exists():
            yield "memory", "memory.memsw.limit_in_bytes", memory
        yield "cpu", "cpu.cfs_period_us", str(PERIOD_US)
        yield "cpu", "cpu.cfs_quota_us", str(quota)
        yield "cpu", "cpu.shares", str(RUN_WEIGHT)
    yield "pids", "pids.max", str(limits.processes)


def _own_groups() -> Iterator[tuple[str, str]]:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _mounts() -> Iterator[tuple[str, Path]]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        where = Path(before.split(" ")[4])
        if kind == "cgroup2":
            yield "", where
        elif kind == "cgroup":
            yield from ((option, where) for option in options.split(","))


def _make(path: Path) -> Path | None:
    try:
        path.mkdir(exist_ok=True)
    except OSError:
        return None
    return path


def _delegate(own: Path, name: str) -> dict[str, Path]:
    """Version 2: groups with processes can't have children with controllers, so ours move one level down first."""
    parent = _make(own / name)
    if parent is None:
        return {}
    try:
        leaf = _make(own / f"{name}-runner")
        for pid in (own / "cgroup.procs").read_text().split() if leaf and own.name else ():
            (own / f"{name}-runner" / "cgroup.procs").write_text(pid)
        there = set((own / "cgroup.controllers").read_text().split()) & {"memory", "pids", "cpu"}
        for group in (own, parent):
            (group / "cgroup.subtree_control").write_text(" ".join(f"+{controller}" for controller in sorted(there)))
    except OSError:
        shutil.rmtree(parent, ignore_errors=True)
        return {}
    return dict.fromkeys(there, parent)
