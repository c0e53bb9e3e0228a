"""The chapter's program and variants of it, each as it is written and as it stands after each pass.

``python -m tests.support.variants`` prints them as a table in Markdown, for the documentation.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "unit" / "lowering" / "rewrite" / "variants"
LEVELS = ("inlined", "folded", "released")


@dataclass(frozen=True)
class Variant:
    """A program, what a careful human would make of it pass by pass, and what stays and why."""

    title: str
    written: str
    passes: tuple[str, ...]
    left_alone: str


def variants() -> list[Variant]:
    """All variants, the chapter's own program first."""
    return [_read(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]


def _read(text: str) -> Variant:
    title, *parts = re.split(r"^# %% ", text, flags=re.MULTILINE)
    named = dict(part.split("\n", 1) for part in parts)
    passes = tuple(named[level] for level in LEVELS)
    return Variant(title.removeprefix("# ").strip(), named["written"], passes, named.get("left alone", ""))


def table() -> str:
    """The variants as a table: what is run in the end, beside what was written."""
    rows = ["| program | written | runs | left alone |", "|---|---|---|---|"]
    for one in variants():
        left = one.left_alone.replace("# ", "").strip().replace("\n", "<br>")
        rows.append(f"| {one.title} | {_cell(one.written)} | {_cell(one.passes[-1])} | {left} |")
    return "\n".join(rows)


def _cell(code: str) -> str:
    """Code in a cell; line breaks and bars would end it."""
    lines = code.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;").rstrip().split("\n")
    return f"<pre>{'<br>'.join(lines)}</pre>"


if __name__ == "__main__":
    print(table())  # noqa: T201 - what it is for
