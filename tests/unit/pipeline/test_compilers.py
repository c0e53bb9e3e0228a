"""The builders do what the options say, with the call's real arguments."""

from collections.abc import Iterator

import pytest
import torch
from torch import nn
from torch._dynamo.exc import Unsupported
from torch._dynamo.utils import counters
from torch._inductor import config

from playground.contracts.request import Backend, CompileMode, Compiler, RunOptions
from playground.pipeline import compilers
from playground.pipeline.calls import remember
from playground.pipeline.compilers import NotAvailableError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch", "ignore::FutureWarning")
X = torch.arange(6.0)


@pytest.fixture(autouse=True)
def _from_the_start() -> Iterator[None]:
    torch.compiler.reset()
    counters.clear()
    yield
    torch.compiler.reset()


def doubled(x: torch.Tensor) -> torch.Tensor:
    return x * 2 + 1


def breaking(x: torch.Tensor) -> torch.Tensor:
    y = x + 1
    torch._dynamo.graph_break()
    return y * 2


def who_traces(x: torch.Tensor) -> torch.Tensor:
    return x + (1 if torch.compiler.is_dynamo_compiling() else 2)


@pytest.mark.parametrize("backend", [Backend.EAGER, Backend.AOT_EAGER])
def test_the_backend_is_the_one_asked_for(backend: Backend) -> None:
    built = compilers.builders(RunOptions(backend=backend))[Compiler.COMPILE](remember(doubled, (X,), {}))
    assert torch.equal(built(X), doubled(X))
    assert counters["stats"]["unique_graphs"] == 1
    assert not counters["inductor"]


def test_a_graph_break_is_an_error_where_one_graph_is_asked_for() -> None:
    call = remember(breaking, (X,), {})
    assert torch.equal(compilers.compile_(call, RunOptions(backend=Backend.EAGER))(X), breaking(X))
    torch.compiler.reset()
    with pytest.raises(Unsupported):
        compilers.compile_(call, RunOptions(backend=Backend.EAGER, fullgraph=True))(X)


@pytest.mark.parametrize(("dynamic", "graphs"), [(True, 1), (False, 3), (None, 2)])
def test_shapes_are_dynamic_as_asked(dynamic: bool | None, graphs: int) -> None:  # noqa: FBT001 - a parameter of the test
    built = compilers.compile_(remember(doubled, (X,), {}), RunOptions(backend=Backend.EAGER, dynamic=dynamic))
    for size in (6, 7, 8):
        built(torch.ones(size))
    assert counters["stats"]["unique_graphs"] == graphs


def test_the_mode_reaches_inductor() -> None:
    call = remember(doubled, (X,), {})
    built = compilers.compile_(call, RunOptions(compile_mode=CompileMode.MAX_AUTOTUNE_NO_CUDAGRAPHS))
    assert built.get_compiler_config()["max_autotune"]  # type: ignore[attr-defined]
    assert not compilers.compile_(call).get_compiler_config()["max_autotune"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("strict", "added"), [(True, 1), (False, 2), (None, 2)])
def test_export_is_strict_as_asked(strict: bool | None, added: int) -> None:  # noqa: FBT001 - a parameter of the test
    built = compilers.export(remember(who_traces, (X,), {}), RunOptions(strict=strict))
    assert torch.equal(built(X), X + added)


def test_without_gxx_what_works_without_it_is_named() -> None:
    call = remember(nn.Linear(6, 2), (X,), {})
    with config.patch({"cpp.cxx": (None, "no-such-compiler")}):
        for build in (compilers.compile_, compilers.aoti):
            with pytest.raises(NotAvailableError, match=r"no working g\+\+ here .* aot_eager and eager work without"):
                build(call)
        assert compilers.compile_(call, RunOptions(backend=Backend.AOT_EAGER))(X).shape == (2,)
