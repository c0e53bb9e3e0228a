"""Many runs, hostile and friendly mixed, and what a runner holds before and after: ``python -m tests.support.soak``.

Bounded in runs; talks to a runner of its own over its Unix socket, to nothing else.
"""

import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from playground.contracts.result import Result
from tests.support.runner import LIMITS, MIB, Bench, start, wait_until

PROC = Path("/proc")
CLIENTS = 2
WARM_RUNS = 60
SETTLED_WITHIN_S = 60
SLACK_MIB = {"runner_mib": 12.0, "zygote_mib": 4.0, "warden_mib": 4.0}
"""What an allocator may keep of what it once needed, whatever the number of runs."""
HOSTILE = {
    "endless loop": "while True: pass",
    "hoarder": "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))",
    "fork bomb": "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
    "daemon": """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    os._exit(0)
""",
    "flood": "while True: print('x' * 1000)",
    "flood of messages": "import socket\nchannel = socket.socket(fileno=3)\nwhile True: channel.send(b'Exx\\n' * 500)",
    "forged end": "import socket\nsocket.socket(fileno=3).send(b'D{\"exit_code\": 0}')",
    "closed descriptors": "import os\nos.closerange(0, 100)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "back door": "import os; os._exit(3)",
    "filled disk": "for n in range(200): open(f'part{n}', 'wb').write(b'x' * 2**20)",
    "deep directories": "import os\nfor _ in range(500): os.mkdir('d'); os.chdir('d')",
    "closed home": "import os\nopen('x', 'w').write('y'); os.chmod('.', 0)",
    "pipes and links": "import os\nos.mkfifo('fifo'); os.symlink('/etc/passwd', 'link'); open('file', 'w').write('x')",
    "threads": """
import threading, time
for _ in range(100):
    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
""",
}
HOSTILE_TIMEOUT_S = 0.5


@dataclass(frozen=True)
class Holding:
    """What a runner at rest holds: numbers, and anonymous memory in MiB of it and its two helpers."""

    processes: int
    descriptors: int
    mounts: int
    groups: int
    temporary_files: int
    runner_mib: float
    zygote_mib: float
    warden_mib: float


@dataclass
class Soak:
    """A runner under load."""

    bench: Bench
    scratch: Path
    wrong: list[str]

    def load(self, runs: int, seed: int) -> None:
        """Run friendly and hostile snippets, half and half, by several clients at once."""
        chooser = random.Random(seed)
        names = [chooser.choice([None, *HOSTILE]) if chooser.random() < 0.5 else None for _ in range(runs)]
        with ThreadPoolExecutor(CLIENTS) as clients:
            for said in clients.map(self._one, names, itertools.count(seed)):
                self.wrong.extend(said)

    def at_rest(self, expected: Holding | None = None) -> Holding:
        """Look, once the runner is at rest; the kernel may take a while until no more is there than ``expected``."""
        wait_until(self._is_ready, SETTLED_WITHIN_S)
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while leaks(expected or self._holding(), seen := self._holding()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return seen

    def _holding(self) -> Holding:
        self.bench.client.close()
        self.bench.client.describe()
        runner = self.bench.process.pid
        zygote, warden = (_module(runner, name) for name in ("playground.runner.zygote", "playground.sandbox.warden"))
        return Holding(
            processes=sum(1 for _ in _below(runner)),
            descriptors=sum(_count(PROC / str(pid) / "fd") for pid in (runner, zygote, warden)),
            mounts=sum(len((PROC / str(pid) / "mountinfo").read_text().splitlines()) for pid in (runner, warden)),
            groups=sum(1 for _ in _groups(runner)),
            temporary_files=sum(1 for _ in self.scratch.rglob("*")),
            runner_mib=_anonymous_mib(runner),
            zygote_mib=_anonymous_mib(zygote),
            warden_mib=_anonymous_mib(warden),
        )

    def _one(self, name: str | None, number: int) -> list[str]:
        if name is None:
            return self._friendly(number)
        result = self.bench.run(HOSTILE[name], options={"timeout_s": HOSTILE_TIMEOUT_S})
        return [f"{name}: {result.status}"] if result.status == "internal" else []

    def _friendly(self, number: int) -> list[str]:
        source = f"import torch\nopen('x', 'w').write('{number}')\nprint(torch.arange({number % 100}).sum().item())"
        result = self.bench.run(source)
        expected = f"{sum(range(number % 100))}\n"
        return [] if _is_right(result, expected, str(number)) else [f"friendly {number}: {result!r}"]

    def _is_ready(self) -> bool:
        there = self.bench.client.describe()
        ready = int(LIMITS["PLAYGROUND_READY_SANDBOXES"])
        return there.ready == ready and not there.running and _count(self._runs) <= ready

    @property
    def _runs(self) -> Path:
        return next(self.scratch.glob("playground-runner-*")) / "runs"


def _is_right(result: Result, stdout: str, file: str) -> bool:
    files = [(artifact.name, artifact.size_bytes) for artifact in result.artifacts]
    return (result.status, result.stdout, files) == ("ok", stdout, [("x", len(file))])


def soak(runs: int, seed: int, *, container: bool) -> tuple[Holding, Holding, list[str]]:
    """What a runner holds before any run (memory: after a warm-up), what after ``runs`` more; which went wrong."""
    with tempfile.TemporaryDirectory(prefix="playground-soak-") as data, tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o711)
        bench = start(
            Path(data),
            container=container,
            PLAYGROUND_SCRATCH_DIR=scratch,
            PLAYGROUND_KEEP_RUNS_S="1",
            PLAYGROUND_QUEUE_SIZE="8",
        )
        try:
            under_load = Soak(bench, Path(scratch), [])
            unused = under_load.at_rest()
            under_load.load(WARM_RUNS, seed + runs)
            warm = under_load.at_rest(unused)
            before = replace(unused, **{name: getattr(warm, name) for name in SLACK_MIB})
            under_load.load(runs, seed)
            return before, under_load.at_rest(before), under_load.wrong
        finally:
            assert bench.stop() == 0


def leaks(before: Holding, after: Holding) -> list[str]:
    """What is more than it was: any number at all, or memory beyond what an allocator keeps."""
    most = {name: value + SLACK_MIB.get(name, 0) for name, value in asdict(before).items()}
    now = asdict(after)
    return [f"{name}: {now[name]} after {value}" for name, value in asdict(before).items() if now[name] > most[name]]


def _count(directory: Path) -> int:
    return sum(1 for _ in directory.iterdir())


def _below(root: int) -> Iterator[int]:
    try:
        children = (PROC / str(root) / "task" / str(root) / "children").read_text().split()
    except OSError:  # it ends while we look
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _module(runner: int, name: str) -> int:
    """The helper itself; its forks have the same command line, but it as their parent."""
    children = map(int, (PROC / str(runner) / "task" / str(runner) / "children").read_text().split())
    return next(pid for pid in children if name in (PROC / str(pid) / "cmdline").read_text())


def _groups(runner: int) -> Iterator[Path]:
    for parent in Path("/sys/fs/cgroup").rglob(f"playground-{runner}"):
        yield from (path for path in parent.iterdir() if path.is_dir())


def _anonymous_mib(pid: int) -> float:
    """Resident memory that is no file's, whoever shares it: what is private depends on which forks live."""
    rows = (line.split() for line in (PROC / str(pid) / "status").read_text().splitlines())
    return round(next(int(row[1]) for row in rows if row[0] == "RssAnon:") * 1024 / MIB, 1)


@click.command()
@click.option("--runs", type=click.IntRange(1, 100_000), default=2_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--tier", type=click.Choice(["full", "container"]), default="full", show_default=True)
def main(runs: int, seed: int, tier: str) -> None:
    """Load a runner of its own, and print what it holds before and after."""
    before, after, wrong = soak(runs, seed, container=tier == "container")
    for name, value in asdict(before).items():
        click.echo(f"{name:16} {value:>8} {getattr(after, name):>8}")
    for problem in (*leaks(before, after), *wrong):
        click.echo(f"WRONG {problem}")
    raise SystemExit(bool(leaks(before, after) or wrong))


if __name__ == "__main__":
    main()
