import torch
from torch import fx, nn

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering import fx as fx_level

TEXT = """class GraphModule(torch.nn.Module):
    def forward(self, L_x_: "f32[1]"):
        l_x_ = L_x_

        # File: <snippet>:4 in f, code: y = x * 2
        y: "f32[1]" = l_x_ * 2;  l_x_ = None

        # File: /torch/nn/modules/linear.py:134 in forward, code: return F.linear(...)
        linear: "f32[1]" = torch._C._nn.linear(y);  y = None
        return (linear,)
"""


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 2), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = self.layers(x)
        return made * 2


def linked(code: Code) -> dict[str, int]:
    """The closest line of each row."""
    lines, found = code.text.splitlines(), dict[str, int]()
    for first, _, row, _ in code.map:
        found.setdefault(lines[row - 1].strip().split(" ")[0], first)
    return found


def traced() -> fx.GraphModule:
    """As Dynamo leaves it: layers know their module, other operations their stack."""
    graph = fx.symbolic_trace(Net())
    for node in graph.graph.nodes:
        node.meta.clear()
        if node.op == "call_module":
            path = str(node.target)
            node.meta["nn_module_stack"] = {"a": ("L['self']", Net), "b": (f"L['self'].{path}", nn.Linear)}
        if node.name == "mul":
            node.meta["stack_trace"] = 'File "<snippet>", line 9, in main\n  File "<snippet>", line 7, in forward\n'
    return graph


OWNERS = {"": (20, 0, 20, 5), "layers.0": (3, 4, 3, 20)}


def test_comments_alone_tell_the_lines() -> None:
    code = fx_level.lower(Level.DYNAMO_GRAPH, "Graph", TEXT)
    assert [span[:3] for span in code.map] == [(4, 4, 5)]
    assert code.map[0][3] == 6
    assert code.text == TEXT.rstrip("\n")


def test_an_operation_leads_to_its_innermost_line_and_a_layer_to_where_it_was_created() -> None:
    graph = traced()
    text = "\n".join(f"    {node.name} = {node.op}()" for node in graph.graph.nodes)
    assert linked(fx_level.lower(Level.DYNAMO_GRAPH, "Graph", text, fx_level.operations(graph.graph, OWNERS))) == {
        "layers_0": 3,
        "layers_1": 20,  # not created by the snippet itself: the module around it was
        "mul": 7,
    }


def test_the_dataflow_has_the_operations_their_lines_and_what_flows_between_them() -> None:
    made = traced().graph
    graph = fx_level.dataflow(Level.DYNAMO_GRAPH, "f", made, fx_level.operations(made, OWNERS))
    assert [(node.id, node.op, node.line) for node in graph.nodes] == [
        ("x", "placeholder", None),
        ("layers_0", "call_module", 3),
        ("layers_1", "call_module", 20),
        ("mul", "call_function", 7),
        ("output", "output", None),
    ]
    assert graph.edges == (("x", "layers_0"), ("layers_0", "layers_1"), ("layers_1", "mul"), ("mul", "output"))


def test_what_torch_does_not_know_is_not_claimed() -> None:
    text = "    # No stacktrace found for following nodes\n    layers_0 = f()"
    assert fx_level.lower(Level.DYNAMO_GRAPH, "Graph", text).text == "    layers_0 = f()"
