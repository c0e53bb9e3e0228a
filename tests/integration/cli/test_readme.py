"""Every example of the README, run as it stands; ``...`` in what it shows stands for anything."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.serving import Served

pytestmark = pytest.mark.sandbox
ROOT = Path(__file__).resolve().parents[3]


class Example(NamedTuple):
    """A command and what it prints."""

    command: str
    output: str


def blocks() -> list[list[Example]]:
    """The console blocks; the commands of one build on each other."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^```console\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    return [[_example(part) for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]] for text in found]


def _example(text: str) -> Example:
    command, _, output = text.partition("\n")
    return Example(command, output)


def matches(shown: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(piece) for piece in shown.split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block[-1].command[:40])
def test_the_examples_print_what_they_show(block: list[Example], served: Served, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:{served.environment['PATH']}"
    for example in block:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", example.command.replace("http://127.0.0.1:8000", served.url)],
            cwd=tmp_path,
            env=served.environment | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        shown = example.output.strip()
        assert matches(shown, done.stdout.strip()), f"{example.command}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == 0
        assert done.stderr == ""


def test_there_are_examples_of_the_command_and_of_the_api() -> None:
    commands = [example.command for block in blocks() for example in block]
    assert [command for command in commands if "playground run" in command]
    assert [command for command in commands if "curl" in command]
