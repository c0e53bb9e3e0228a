"""The chapter's cells, which lie beside the repository, and not everywhere; and what they print."""

import re
from pathlib import Path

import pytest

CHAPTER = Path(__file__).parents[3] / "shared" / "chapter"
needed = pytest.mark.skipif(not CHAPTER.is_dir(), reason="the chapter is not at hand")
ROW = re.compile(r"tensor\(\[\[ *-?\d\.\d{4}, +-?\d\.\d{4}\]\], grad_fn=<AddmmBackward0>\)")
TIMES = re.compile(r"无torchscript: \d+\.\d{4} sec\n有torchscript: \d+\.\d{4} sec\n")


def cell(name: str) -> str:
    """A file of the chapter."""
    return (CHAPTER / name).read_text(encoding="utf-8")
