"""The root of a run, built for real in namespaces of a child."""

import os
from pathlib import Path

import pytest

from playground.sandbox import kernel, root
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import Policy
from playground.sandbox.tiers import full

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounts as root")


def look(visible: Path, question: str) -> str:
    """Build a root that shows ``visible`` and answer a question inside it: an expression that gives a string."""
    devices = full.TIER.devices
    made = Policy("full", (str(visible),), (), (), devices, 1 << 20, 1 << 20, 8, 1024, (), 1 << 30, "")
    answer, write = os.pipe()
    base = visible.parent / "base"
    base.mkdir()
    if os.fork() == 0:
        kernel.unshare(Namespace.MOUNT | Namespace.PID)
        root.build_base(made, str(base))
        if os.fork() == 0:
            root.complete(made, 1 << 30)
            os.write(write, eval(question).encode())
            os._exit(0)
        os.wait()
        os._exit(0)
    os.close(write)
    os.wait()
    with os.fdopen(answer) as file:
        return file.read()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    directory = tmp_path / "installed"
    directory.mkdir()
    (directory / "module.py").write_text("here")
    assert str(directory).startswith("/tmp/")
    return directory


def test_an_installation_below_tmp_is_there_in_spite_of_the_runs_own_tmp(installed: Path) -> None:
    assert look(installed, f"open({str(installed / 'module.py')!r}).read()") == "here"


def test_it_is_read_only_there_and_tmp_is_not(installed: Path) -> None:
    flag = "str([bool(os.statvfs(p).f_flag & os.ST_RDONLY) for p in (%r, '/tmp', '/', '/usr')])"
    assert look(installed, flag % str(installed)) == "[True, False, True, True]"


def test_nothing_else_of_the_hosts_tmp_is_there(installed: Path) -> None:
    (installed.parent / "secret").write_text("canary")
    assert look(installed, f"str(os.path.exists({str(installed.parent / 'secret')!r}))") == "False"
