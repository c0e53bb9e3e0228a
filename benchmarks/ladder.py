"""Two programs, level by level, as a document: ``python -m benchmarks.ladder > benchmarks/LADDER.md``.

They are run as any snippet is, in a sandbox, by ``playground run``.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from playground.settings import Settings

SHOWN_LINES = 36
SHOWN_COLUMNS = 116
PROGRAMS = {
    "A multilayer perceptron": """\
import torch
from torch import nn

net = nn.Sequential(
    nn.Linear(512, 256),
    nn.ReLU(),
    nn.Linear(256, 128),
    nn.ReLU(),
    nn.Linear(128, 2),
)
x = torch.randn(1, 512)

scripted = torch.jit.script(net)
exported = torch.export.export(net, (x,))
compiled = torch.compile(net)
for model in (scripted, exported.module(), compiled):
    for _ in range(2):
        y = model(x)
y.sum().backward()
""",
    "A function of functions, on tensors": """\
import torch

def plus(left, right):
    return left + right

def blend(a, b, c, d):
    first = plus(a, b)
    second = plus(c, d)
    both = plus(first, second)
    return both

with torch.no_grad():
    print(torch.compile(blend)(*torch.ones(4, 1000)).sum())
""",
}
HEAD = """# The ladder, level by level

Made by `python -m benchmarks.ladder > benchmarks/LADDER.md`, with torch {torch} on Python {python}. The numbers before
each line of a level are the lines of the program that it comes from, as the page links them; a level is cut after
{lines} lines. Where the time went was measured on whatever machine made this: read the shares, not the numbers.
"""


def main() -> None:
    """Write the document."""
    results = {title: run(source) for title, source in PROGRAMS.items()}
    environment = next(iter(results.values()))["environment"]
    click.echo(HEAD.format(torch=environment["torch"], python=environment["python"], lines=SHOWN_LINES))
    for title, result in results.items():
        click.echo("\n".join(_chapter(title, PROGRAMS[title], result)))


def run(source: str) -> dict[str, Any]:
    """Run a program in hybrid mode; gives its result.

    Raises:
        RuntimeError: it did not end well.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "program.py")
        file.write_text(source, encoding="utf-8")
        shared = {"PLAYGROUND_DATA_DIR": folder, "PLAYGROUND_CACHE_DIR": str(Settings().workshops)}
        environment = os.environ | shared | {"PLAYGROUND_TIMEOUT_S": "120"}
        command = [sys.executable, "-m", "playground", "run", "--mode", "hybrid", "--json", str(file)]
        made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    result: dict[str, Any] = json.loads(made.stdout)
    if result["status"] != "ok":
        message = f"the program ended as {result['status']}: {result['error']}"
        raise RuntimeError(message)
    return result


def _chapter(title: str, source: str, result: dict[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from _block("python", [f"{number:>3}  {line}".rstrip() for number, line in enumerate(source.splitlines(), 1)])
    yield from _levels(result["code"])
    yield from _times(result["compile_times"])


def _levels(levels: list[dict[str, Any]]) -> Iterator[str]:
    for code in levels:
        lines = code["text"].splitlines()
        links = _links(code)
        yield f"### {code['level']}: {code['title']}\n"
        yield f"{len(lines)} lines, {len(links)} of them linked.\n"
        yield from _block("text", [_row(number, line, links) for number, line in enumerate(lines[:SHOWN_LINES], 1)])


def _row(number: int, line: str, links: dict[int, list[int]]) -> str:
    origin = ",".join(map(str, dict.fromkeys(links.get(number, []))))
    shown = line if len(line) <= SHOWN_COLUMNS else f"{line[:SHOWN_COLUMNS]}..."
    return f"{origin:>9} | {shown}".rstrip()


def _links(code: dict[str, Any]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for first, last, code_first, code_last in code["map"]:
        for number in range(code_first, code_last + 1):
            found.setdefault(number, []).extend(range(first, last + 1))
    return found


def _times(times: list[dict[str, Any]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for one in times for name, _ in one["phases"]))
    yield "### Where the time of compiling went, in milliseconds\n"
    yield f"| graph | {' | '.join(names)} | cache |"
    yield f"|---|{'---|' * len(names)}---|"
    for one in times:
        spent = dict(one["phases"])
        cells = " | ".join(f"{spent[name] / 1e6:.1f}" if name in spent else "" for name in names)
        yield f"| {one['graph']} | {cells} | {one['cache'] or ''} |"
    yield ""


def _block(language: str, lines: list[str]) -> Iterator[str]:
    yield f"```{language}"
    yield from lines
    yield "```\n"


if __name__ == "__main__":
    main()
