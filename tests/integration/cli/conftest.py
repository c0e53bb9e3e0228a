"""The command as a user has it: a process with arguments, input, output and an exit code."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from benchmarks.serving import Served

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def playground(served: Served) -> Command:
    """Run ``playground`` beside the one that is served, so that it finds a runner at once."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "playground", *arguments],
            input=stdin,
            env=served.environment | environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run
