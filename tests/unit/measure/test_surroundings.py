"""What is measured beside the times: neighbours, imports, instructions."""

import dataclasses
import importlib
import sys
from pathlib import Path

import pytest

from playground.measure import disturbance, instructions
from playground.measure.disturbance import Sight
from playground.measure.imports import ImportClock

CALM = Sight(wall_ns=0, waited_ns=0, stolen_ticks=0, all_ticks=0, megahertz=3000, load=0.5)


def later(**changes: float | None) -> Sight:
    return dataclasses.replace(CALM, wall_ns=10**9, all_ticks=200, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (later(), None),
        (later(waited_ns=10**7), None),
        (later(waited_ns=3 * 10**8), "waited 30% of the time for a processor; load 0.5 on "),
        (later(stolen_ticks=10), "5% stolen by other virtual machines; load"),
        (later(megahertz=2000), "clock rate fell from 3000 to 2000 MHz; load"),
        (later(megahertz=2990), None),
        (later(waited_ns=None, stolen_ticks=None, megahertz=None, load=None), None),
    ],
)
def test_what_disturbed_is_said_in_words(after: Sight, words: str | None) -> None:
    said = disturbance.between(CALM, after)
    assert said is None if words is None else (said or "").startswith(words)


def test_this_machine_is_looked_at() -> None:
    before, after = disturbance.look(), disturbance.look()
    assert after.wall_ns > before.wall_ns
    assert (after.waited_ns or 0) >= (before.waited_ns or 0)


def test_imports_are_timed_once_however_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outer_module.py").write_text("import inner_module\n")
    (tmp_path / "inner_module.py").write_text("import time\ntime.sleep(0.02)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    clock = ImportClock()
    with clock.running():
        importlib.import_module("outer_module")
    assert clock.total_ns >= 20_000_000
    seen = clock.total_ns
    for name in ("outer_module", "inner_module"):
        del sys.modules[name]
    importlib.import_module("outer_module")
    assert clock.total_ns == seen


def test_instructions_are_counted_or_not_there() -> None:
    counted = instructions.per_call(lambda: sum(range(100)), 50)
    assert counted is None or counted > 100
