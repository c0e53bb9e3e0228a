"""What tests of every level share: a clean environment, and one whole playground that is served once per session."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")
for name in [name for name in os.environ if name.startswith("PLAYGROUND_")]:
    del os.environ[name]  # the settings of whoever runs the tests are not what is tested

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a whole ``playground serve``: web server, runner, real sandboxes."""
    environment = {
        **os.environ,
        "PLAYGROUND_DATA_DIR": str(tmp_path_factory.mktemp("served")),
        "PLAYGROUND_RATE_LIMIT": "",
    }
    command = [sys.executable, "-m", "playground", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        found = re.search(r"http://\S+", ready)
        try:
            assert found, f"playground serve did not start (exit code {process.poll()}, said {ready!r})"
            yield found.group()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
