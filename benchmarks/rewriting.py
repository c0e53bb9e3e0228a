"""What rewriting makes of small programs, as a document: ``make tables`` writes it to ``benchmarks/REWRITING.md``.

Every program is run in symbolic mode by a playground, sandbox and all; the numbers are those that its reader sees.
"""

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.report import machine
from benchmarks.serving import serve
from benchmarks.variants import VARIANTS, Variant
from playground.contracts.measured import Benchmark
from playground.contracts.request import Level, Mode, RunOptions, RunRequest
from playground.contracts.result import Result, gather
from playground.runner.client import RunnerClient
from playground.settings import Settings

HEADS = ("program", "inlined", "folded", "released", "instructions", "median", "verdict")
INTRODUCTION = """\
# What rewriting makes of small programs

The chapter's program and variants of it, in symbolic mode: after each pass what is left of the program but for
definitions, the number of bytecode instructions in all of it before and after, the median time of one run before and
after (output goes nowhere; an empty program takes {noop}; ± where the middle half of the runs spreads over more than a
tenth of it), and whether both behave alike. `make tables` made this file, with Python {python},
{cores} cores, load {load}.
`tests/unit/benchmarks` holds the rewriter to the forms below.
"""


@dataclass(frozen=True)
class Row:
    """A variant, and what a run of it said."""

    variant: Variant
    result: Result

    def form(self, level: Level) -> str:
        """The program at one level."""
        return next(code.text for code in self.result.code if code.level == level)

    def instructions(self) -> tuple[int, int]:
        """Before and after."""
        before, after = (code.instructions or 0 for code in self.result.code if code.level == Level.BYTECODE)
        return before, after

    def times(self) -> tuple[Benchmark, Benchmark]:
        """Before and after."""
        before, after = self.result.benchmarks
        return before, after


@click.command()
@click.option("--ms", type=click.IntRange(1, 5_000), default=400, show_default=True, help="Time per measurement.")
def main(ms: int) -> None:
    """Rewrite, run and time all variants, and write what came of it as Markdown."""
    with TemporaryDirectory(prefix="playground-bench-") as data_dir, serve(Path(data_dir)):
        client = RunnerClient(Settings(data_dir=Path(data_dir)).runner_socket("cpu"))
        rows = [Row(variant, _run(client, variant, ms)) for variant in VARIANTS]
    click.echo("\n".join(document(rows)))


def _run(client: RunnerClient, variant: Variant, ms: int) -> Result:
    request = RunRequest(source=variant.source, mode=Mode.SYMBOLIC, options=RunOptions(min_run_ms=ms))
    return gather(request.mode, request.device, client.run(request))


def document(rows: list[Row]) -> Iterator[str]:
    """The document, line by line."""
    here = machine()
    load = here["load"]
    assert isinstance(load, list)
    noop = statistics.median(row.times()[0].noop_ns or 0 for row in rows)
    yield INTRODUCTION.format(noop=duration(noop), python=here["python"], cores=here["cores"], load=f"{load[0]:.1f}")
    yield _cells(HEADS)
    yield _cells(["---"] * len(HEADS))
    for row in rows:
        yield _cells(_row(row))
    for row in rows:
        yield f"\n## {row.variant.name[0].upper()}{row.variant.name[1:]}\n"
        yield f"```python\n{row.variant.source}```\n\nbecomes\n\n```python\n{row.form(Level.RELEASED)}```"


def _row(row: Row) -> Iterator[str]:
    yield row.variant.name
    for level in (Level.INLINED, Level.FOLDED, Level.RELEASED):
        yield "<br>".join(f"<code>{_escaped(line)}</code>" for line in essence(row.form(level)).split("\n"))
    yield " → ".join(map(str, row.instructions()))
    yield " → ".join(duration(one.median_ns) + ("" if one.stable else " ±") for one in row.times())
    yield ", ".join(verdict.outcome for verdict in row.result.verdicts)


def essence(text: str) -> str:
    """A program without its definitions and imports."""
    tree = ast.parse(text)
    lines = text.split("\n")
    kept = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.Import)]
    return "\n".join("\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in kept)


def duration(ns: float) -> str:
    """Three significant digits."""
    size, unit = next(((size, unit) for size, unit in ((1e6, "ms"), (1e3, "µs")) if ns >= size), (1.0, "ns"))
    return f"{ns / size:.3g} {unit}"


def _escaped(line: str) -> str:
    indented = len(line) - len(line.lstrip())
    return "&nbsp;" * indented + line.lstrip().replace("|", "&#124;").replace("<", "&lt;")


def _cells(cells: "Iterator[str] | list[str] | tuple[str, ...]") -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
