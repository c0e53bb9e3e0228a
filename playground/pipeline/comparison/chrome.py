"""The profiler's timeline as a file to download, in the one form that every viewer of Chrome traces opens."""

import itertools
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from torch.profiler import profile

MAX_EVENTS = 20_000
"""About 4 MB."""


def write(profiled: profile, path: str) -> str | None:
    """Write it into the working directory, beside what the snippet left there; its name, or None if it cannot be."""
    try:
        events = _events(profiled)
        return _write(json.dumps({"traceEvents": events, "displayTimeUnit": "ns"}, separators=(",", ":")), path)
    except (OSError, ValueError):
        return None


def _events(profiled: profile) -> list[dict[str, Any]]:
    """Only what has a beginning and an end, on a process and a thread with a number: speedscope loads no others."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "trace.json")
        profiled.export_chrome_trace(str(file))
        events = json.loads(file.read_bytes())["traceEvents"]
    whole = (event for event in events if event.get("ph") == "X" and _is_placed(event))
    return list(itertools.islice(whole, MAX_EVENTS))


def _is_placed(event: dict[str, Any]) -> bool:
    return type(event.get("pid")) is int and type(event.get("tid")) is int


def _write(text: str, path: str) -> str:
    home = Path(os.environ.get("HOME", "."))
    for number in itertools.count(1):
        name = f"trace-{path}.json" if number == 1 else f"trace-{path}-{number}.json"
        try:
            with (home / name).open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return name
    raise AssertionError  # there is always another number
