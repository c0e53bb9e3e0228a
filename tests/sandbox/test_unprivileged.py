"""A runner without root builds the same walls in namespaces of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.contracts.events import Status
from playground.runner.client import RunnerClient
from playground.sandbox import policy
from tests.support.runner import LIMITS, Bench, serves, wait_until

NOBODY = 65534
PYTHON = Path("/usr/bin/python3")
"""An interpreter that any user may run; the one of these tests may lie in somebody's home."""


def same_version() -> bool:
    if not PYTHON.exists():
        return False
    command = [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
    said: str = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.split() == [str(number) for number in sys.version_info[:2]]


pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not same_version(), reason="needs root and the system's own Python"
)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """Not below pytest's own directory, which each of its processes closes to others."""
    with tempfile.TemporaryDirectory(prefix="playground-test-") as name:
        Path(name).chmod(0o755)
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@pytest.fixture(scope="module")
def unprivileged(data_dir: Path) -> Iterator[Bench]:
    environment = {
        **LIMITS,
        "PLAYGROUND_DATA_DIR": str(data_dir),
        "PYTHONPATH": policy.environment()["PYTHONPATH"],
        "HOME": str(data_dir),
    }
    command = [str(PYTHON), "-m", "playground.runner", "--no-build"]
    process = subprocess.Popen(command, env=environment, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[])
    client = RunnerClient(data_dir / "run" / "cpu.sock")
    wait_until(lambda: process.poll() is not None or serves(client), 120)
    yield Bench(client, process, data_dir)
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def test_it_runs_snippets(unprivileged: Bench) -> None:
    result = unprivileged.run("import torch\nprint(torch.ones(2) + 1)")
    assert (result.status, result.stdout) == (Status.OK, "tensor([2., 2.])\n")


def test_every_namespace_stands(unprivileged: Bench) -> None:
    names = set(unprivileged.client.describe().environment.isolation)
    assert {f"{name} namespace" for name in ("user", "pid", "mount", "net", "ipc", "uts", "cgroup")} <= names
    assert {"landlock", "seccomp"} & names >= {"seccomp"}


def test_a_snippet_is_nobody_and_sees_only_its_own_processes(unprivileged: Bench) -> None:
    source = """
import os
print(os.getuid(), sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))
print([line for line in open('/proc/self/status') if line.startswith('CapEff')])
"""
    assert unprivileged.run(source).stdout == "1000 [1, 2]\n['CapEff:\\t0000000000000000\\n']\n"


def test_the_root_is_read_only_and_the_data_is_not_there(unprivileged: Bench) -> None:
    assert unprivileged.run("open('/etc/x', 'w')").error is not None
    source = f"import os; print(os.path.exists({str(unprivileged.data_dir)!r}))"
    assert unprivileged.run(source).stdout == "False\n"


def test_memory_is_limited_without_a_control_group(unprivileged: Bench) -> None:
    result = unprivileged.run("hoard = []\nwhile True: hoard.append(bytearray(10_000_000))")
    assert result.status in {Status.MEMORY_LIMIT, Status.ERROR}
    if result.status is Status.ERROR:
        assert result.error is not None
        assert result.error.error_type == "MemoryError"


def test_files_left_behind_are_collected(unprivileged: Bench) -> None:
    result = unprivileged.run("open('x', 'w').write('y')")
    assert [(artifact.name, artifact.size_bytes) for artifact in result.artifacts] == [("x", 1)]
