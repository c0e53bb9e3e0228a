"""Child processes: none outlives its parent, none refuses to end."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from playground.command import children


def test_an_end_is_said_in_words() -> None:
    assert children.how_it_ended(3) == "exit code 3"
    assert children.how_it_ended(-signal.SIGKILL) == "killed by SIGKILL"


def end_of(directory: Path, answer_to_sigterm: str, monkeypatch: pytest.MonkeyPatch) -> int | None:
    """Start a child that treats SIGTERM so, stop it once it does, and give its return code."""
    text = f"""
        import os, pathlib, signal
        signal.signal(signal.SIGTERM, {answer_to_sigterm})
        pathlib.Path(os.environ["READY"]).write_text("ready")
        while True:
            signal.pause()
    """
    (directory / "child_of_test.py").write_text(textwrap.dedent(text), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(directory))
    ready = directory / "ready"
    os.mkfifo(ready)

    async def run() -> int | None:
        process = await children.start_module("child_of_test", environment={"READY": str(ready)})
        assert await asyncio.to_thread(ready.read_text) == "ready"
        await children.stop(process)
        await children.stop(process)
        return process.returncode

    return asyncio.run(run())


def test_a_child_is_asked_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert end_of(tmp_path, "lambda *_: os._exit(7)", monkeypatch) == 7


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "STOP_WITHIN_S", 0.05)
    assert end_of(tmp_path, "signal.SIG_IGN", monkeypatch) == -signal.SIGKILL


PARENT = """
import subprocess, time
from playground.command import children
child = subprocess.Popen(["sleep", "600"], **children.options({}))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_no_child_outlives_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        ended, _, _ = select.select([child], [], [], 60)
        os.close(child)
    assert ended
