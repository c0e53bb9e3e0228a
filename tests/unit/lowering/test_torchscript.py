"""Every line of TorchScript that comes from the snippet says from which of its lines."""

import linecache
import warnings
from collections.abc import Callable

import pytest
import torch

from playground.contracts.events import Code
from playground.lowering import creation, torchscript
from playground.lowering.listing import Place
from playground.lowering.torchscript import Unlowerable

NET = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 3),
            nn.ReLU(),
        )

    def forward(self, x):
        y = self.layers(x)
        if y.sum() > 0:
            y = y * 2
        return shift(y)

def shift(z):
    return z + 1

net = Net()
"""
LINES = NET.splitlines()
Names = dict[str, object]


@pytest.fixture(scope="module")
def names() -> Names:
    """The snippet's names after it ran, and where it created its modules."""
    linecache.cache["<snippet>"] = (len(NET), None, NET.splitlines(keepends=True), "<snippet>")
    namespace: Names = {"__name__": "__main__"}
    with creation.watch(NET, "<snippet>") as sites:
        exec(compile(NET, "<snippet>", "exec"), namespace)
    namespace["owners"] = sites.owners(namespace["net"])
    return namespace


@pytest.fixture(scope="module")
def owners(names: Names) -> dict[str, Place]:
    return names["owners"]  # type: ignore[return-value]


def quietly(make: Callable[..., object], *arguments: object) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make(*arguments)


def linked(code: Code) -> dict[str, str]:
    """Each linked line of a level and the line of the snippet it leads to, both stripped."""
    lines = code.text.split("\n")
    return {
        lines[number - 1].strip(): LINES[span[0] - 1].strip()
        for span in code.map
        for number in range(span[2], span[3] + 1)
    }


def test_modules_know_where_they_were_created(owners: dict[str, Place]) -> None:
    found = {name: LINES[place[0] - 1][place[1] : place[3]] for name, place in owners.items() if place[0] == place[2]}
    assert found == {"": "Net()", "layers.0": "nn.Linear(4, 3)", "layers.1": "nn.ReLU()"}
    assert (owners["layers"][0], owners["layers"][2]) == (7, 10)


def test_creation_is_watched_only_as_long_as_asked() -> None:
    before = torch.nn.Module.__init__
    with creation.watch("", "<snippet>"):
        assert torch.nn.Module.__init__ is not before
    assert torch.nn.Module.__init__ is before


def test_scripted_code_leads_to_the_lines_that_became_it(names: Names, owners: dict[str, Place]) -> None:
    links = linked(torchscript.code(quietly(torch.jit.script, names["net"]), owners))
    assert links["y = (layers).forward(x, )"] == "y = self.layers(x)"
    assert links["if bool(torch.gt(torch.sum(y), 0)):"] == "if y.sum() > 0:"
    assert links["y0 = torch.mul(y, 2)"] == "y = y * 2"
    assert links["return torch.linear(input, weight, bias)"] == "nn.Linear(4, 3),"
    assert links["# layers.1: ReLU"] == "nn.ReLU(),"


def test_a_graph_leads_to_the_snippet_and_names_no_file_of_torch(names: Names, owners: dict[str, Place]) -> None:
    code = torchscript.graph(quietly(torch.jit.script, names["net"]), owners)
    links = linked(code)
    assert next(to for line, to in links.items() if "aten::mul" in line) == "y = y * 2"
    assert next(to for line, to in links.items() if "prim::CallFunction" in line) == "return shift(y)"
    assert "site-packages" not in code.text


def test_layers_of_a_sequential_lead_to_where_they_were_written(names: Names) -> None:
    net = names["net"]
    scripted = quietly(torch.jit.script, net.layers)  # type: ignore[attr-defined]
    owners = {name.removeprefix("layers").lstrip("."): place for name, place in names["owners"].items() if name}  # type: ignore[attr-defined]
    links = linked(torchscript.code(scripted, owners))
    assert links["input0 = (_0).forward(input, )"] == "nn.Linear(4, 3),"
    assert links["return (_1).forward(input0, )"] == "nn.ReLU(),"


def test_a_traced_module_has_code_and_graph_too(names: Names, owners: dict[str, Place]) -> None:
    traced = quietly(torch.jit.trace, names["net"], torch.ones(1, 4))
    assert "def forward" in torchscript.code(traced, owners).text
    assert "aten::add" in torchscript.graph(traced, owners).text


def test_a_function_has_code_and_graph_but_nothing_to_freeze(names: Names) -> None:
    scripted = quietly(torch.jit.script, names["shift"])
    assert linked(torchscript.code(scripted, {}))["return torch.add(z, 1)"] == "return z + 1"
    with pytest.raises(Unlowerable, match="function"):
        torchscript.frozen(scripted, {})


def test_freezing_leaves_the_module_as_it_was(names: Names, owners: dict[str, Place]) -> None:
    scripted = quietly(torch.jit.script, names["net"])
    scripted.train()  # type: ignore[attr-defined]
    frozen = torchscript.frozen(scripted, owners)
    text = frozen.text
    assert next(to for line, to in linked(frozen).items() if "aten::linear" in line) == "nn.Linear(4, 3),"
    assert 'GetAttr[name="weight"]' not in text
    assert scripted.training  # type: ignore[attr-defined]
    assert len(list(scripted.parameters())) == 2  # type: ignore[attr-defined]


def test_the_dataflow_connects_makers_with_users(names: Names, owners: dict[str, Place]) -> None:
    graph = torchscript.dataflow(quietly(torch.jit.script, names["shift"]), owners)
    assert [(node.op, node.line) for node in graph.nodes] == [("aten::add", 19)]
    graph = torchscript.dataflow(quietly(torch.jit.script, names["net"]), owners)
    by_id = {node.id: node.op for node in graph.nodes}
    assert ("aten::sum", "aten::gt") in {(by_id[a], by_id[b]) for a, b in graph.edges}


def test_columns_count_characters_where_torch_counts_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def f(x: int):\n    s = '图图'; y = x * 3\n    return y\n"
    monkeypatch.setitem(linecache.cache, "<snippet>", (len(source), None, source.splitlines(keepends=True), ""))
    names: Names = {"__name__": "__main__"}
    exec(compile(source, "<snippet>", "exec"), names)
    code = torchscript.graph(quietly(torch.jit.script, names["f"]), {})
    lines = code.text.split("\n")
    (column,) = [span[1] for span in code.columns if "aten::mul" in lines[span[4] - 1]]
    assert source.split("\n")[1][column:] == "x * 3"
