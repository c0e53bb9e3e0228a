"""The built-in snippets: each is a file here that begins with its titles and its mode, in comments.

After ``# en: ...``, ``# zh-Hans: ...`` and ``# mode: ...`` an empty line ends them. ``ORDER`` is how they are shown.
"""

from functools import cache
from pathlib import Path

from playground.contracts.request import Frozen, Mode, Source

ORDER = (
    "steps",
    "program",
    "script",
    "network",
    "compare",
    "decorator",
    "optimizer",
    "figure",
    "waiting",
    "input",
    "error",
)


class Example(Frozen):
    """One snippet. ``titles`` has one per language."""

    slug: str
    titles: dict[str, str]
    mode: Mode
    source: Source


@cache
def examples() -> tuple[Example, ...]:
    """Read them all."""
    return tuple(_read(Path(__file__).with_name(f"{slug}.py")) for slug in ORDER)


def _read(path: Path) -> Example:
    head, _, source = path.read_text(encoding="utf-8").partition("\n\n")
    about = dict(line.removeprefix("# ").split(": ", 1) for line in head.splitlines())
    return Example(slug=path.stem, mode=Mode(about.pop("mode")), titles=about, source=source)
