"""A container engine and the image under test, by the ``docker`` command."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

IMAGE = os.environ.get("TEST_IMAGE", "")
"""Made by ``tests/container/build``; where none is named, these tests are skipped."""
WAYS = ("plain", "hardened", "full")
"""How the README starts the image, in its order."""
WITHIN_S = 300.0
NO_NETWORK = ("--network", "none")
"""An engine without a bridge can start these too; what is asked over HTTP is asked from inside."""
_STARTS = r"^docker run --publish 8000:8000 --volume playground:/var/lib/playground/data(.*) torch-playground$"
_GET = """\
import sys, urllib.request as r
print(r.urlopen("http://127.0.0.1:8000" + sys.argv[1], timeout=60).read().decode())
"""


def options(way: str) -> list[str]:
    """What the README gives the engine, but for the port and the volume."""
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    commands = re.findall(_STARTS, readme.replace("\\\n", " "), re.MULTILINE)
    return shlex.split(dict(zip(WAYS, commands, strict=True))[way])


def docker(*words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    """Run one command of the client to its end, ``text`` being its standard input."""
    command = ["docker", *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=WITHIN_S, check=False)


def once(given: Sequence[str], *command: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command in a container of its own."""
    return docker("run", "--rm", "--interactive", *NO_NETWORK, *given, IMAGE, *command, text=text)


@dataclass(frozen=True)
class Container:
    """One that serves, and the client that is attached to it."""

    name: str
    process: "subprocess.Popen[str]"

    def run(self, *command: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command inside."""
        return docker("exec", "--interactive", self.name, *command, text=text)

    def get(self, path: str) -> str:
        """Ask the server from inside; an error status is an error."""
        answer = self.run("python", "-c", _GET, path)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def stop(self) -> int:
        """Ask it to end, as the engine does; its exit code."""
        docker("stop", "--time", "60", self.name)
        return self.process.wait(WITHIN_S)


@contextmanager
def serving(name: str, given: Sequence[str]) -> Iterator[Container]:
    """Serve from the image, and leave nothing behind.

    Raises:
        RuntimeError: it did not start.
    """
    command = ["docker", "run", "--rm", "--name", name, *NO_NETWORK, *given, IMAGE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        container = Container(name, process)
        try:
            _wait_until_ready(process)
            yield container
        finally:
            container.stop()


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    said = process.stdout.readline() if process.stdout else ""
    if "is ready" not in said:
        message = f"the container did not serve: exit code {process.wait(WITHIN_S)}, said {said!r}"
        raise RuntimeError(message)
