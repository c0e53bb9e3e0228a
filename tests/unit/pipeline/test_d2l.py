"""``from d2l import torch as d2l`` gives a module of ours that says so; the real package comes first."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

from playground.pipeline import d2l
from tests.support.pipeline import RunSnippet


def forget() -> None:
    for name in ("d2l", "d2l.torch"):
        sys.modules.pop(name, None)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if not isinstance(finder, d2l.Finder)])
    forget()
    yield
    forget()


@pytest.fixture
def module() -> ModuleType:
    d2l.install()
    return importlib.import_module("d2l.torch")


def test_the_chapter_s_import_works_in_a_run(run_snippet: RunSnippet) -> None:
    source = "from d2l import torch as d2l\nwith d2l.Benchmark('it'): pass\nd2l.plot"
    outcome = run_snippet(source)
    assert outcome.stdout.startswith("it: 0.0")
    assert (outcome.error.error_type, outcome.error.line) == ("AttributeError", 3)
    assert d2l.WHOSE in outcome.error.message


def test_an_unknown_name_is_told_whose_module_this_is_and_what_it_has(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match=rf"{d2l.WHOSE}: it has no 'plot'. It has Accumulator, Benchmark, Timer"):
        module.plot  # noqa: B018 - the access is what is tested
    with pytest.raises(AttributeError, match=f"{d2l.WHOSE}: it has no 'mxnet'. It has torch"):
        sys.modules["d2l"].mxnet  # noqa: B018
    with pytest.raises(ImportError, match=d2l.WHOSE):
        exec("from d2l.torch import plot")


def test_what_python_asks_of_a_module_has_an_answer(module: ModuleType) -> None:
    spec = importlib.util.find_spec("d2l")
    assert spec is not None
    assert spec.origin == d2l.WHOSE
    assert importlib.reload(module) is module
    assert importlib.util.find_spec("d2l.jax") is None


def test_the_real_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d2l").mkdir()
    (tmp_path / "d2l" / "__init__.py").touch()
    (tmp_path / "d2l" / "torch.py").write_text("real = True")
    monkeypatch.syspath_prepend(tmp_path)
    d2l.install()
    assert importlib.import_module("d2l.torch").real
    assert not any(isinstance(finder, d2l.Finder) for finder in sys.meta_path)


def test_a_module_that_a_snippet_left_beside_it_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d2l.install()
    (tmp_path / "d2l.py").write_text("mine = True")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("d2l").mine


def test_a_timer_keeps_its_times() -> None:
    timer = d2l.Timer()
    first = timer.stop()
    timer.start()
    second = timer.stop()
    assert timer.times == [first, second]
    assert timer.sum() == first + second
    assert timer.avg() == (first + second) / 2
    assert timer.cumsum() == [first, first + second]


def test_an_accumulator_sums_each_quantity() -> None:
    sums = d2l.Accumulator(2)
    sums.add(1, 2.5)
    sums.add(torch.tensor(3), 0)
    assert (sums[0], sums[1]) == (4.0, 2.5)
    sums.reset()
    assert sums.data == [0.0, 0.0]


def test_devices_are_those_there_are() -> None:
    assert d2l.cpu() == torch.device("cpu")
    assert d2l.gpu(1) == torch.device("cuda:1")
    assert d2l.num_gpus() == torch.cuda.device_count()
    assert d2l.try_gpu(10_000) == d2l.cpu()
    assert len(d2l.try_all_gpus()) == max(1, d2l.num_gpus())
