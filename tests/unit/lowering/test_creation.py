"""Watching where modules are created changes nothing for the program that creates them."""

import gc

import torch
from torch import nn

from playground.lowering import creation
from playground.lowering.creation import Sites

HASHED = """from torch import nn

class Hashed(nn.Module):
    def __init__(self):
        super().__init__()
        self.key = 1

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return self.key == other.key

first, second = Hashed(), Hashed()
"""
THIS = """from torch import nn

class Net(nn.Module):
    def __init__(this):
        nn.Module.__init__(this)
        this.layer = nn.Linear(2, 2)

net = Net()
"""


def watched(source: str) -> tuple[dict[str, nn.Module], Sites]:
    names: dict[str, nn.Module] = {}
    with creation.watch(source, "<snippet>") as sites:
        exec(compile(source, "<snippet>", "exec"), names)
    return names, sites


def written(source: str, sites: Sites, module: nn.Module) -> dict[str, str]:
    """The characters of the snippet that created each part."""
    return {name: source.split("\n")[place[0] - 1][place[1] : place[3]] for name, place in sites.owners(module).items()}


def test_a_module_with_a_hash_of_its_own_is_created_as_ever() -> None:
    names, sites = watched(HASHED)
    assert names["first"] == names["second"]
    first, second = (sites.owners(names[name])[""] for name in ("first", "second"))
    assert first[1] < second[1]


def test_the_first_argument_need_not_be_called_self() -> None:
    names, sites = watched(THIS)
    assert written(THIS, sites, names["net"]) == {"": "Net()", "layer": "nn.Linear(2, 2)"}


def test_columns_count_characters() -> None:
    source = "from torch import nn\n网络 = '名'; net = nn.ReLU()"
    names, sites = watched(source)
    assert written(source, sites, names["net"]) == {"": "nn.ReLU()"}


def test_a_module_that_is_gone_leaves_nothing_behind() -> None:
    names, sites = watched(THIS)
    names.clear()
    gc.collect()
    assert (sites._places, sites._modules) == ({}, {})


def test_modules_that_no_line_of_the_snippet_created_have_no_place() -> None:
    with creation.watch("", "<snippet>") as sites:
        module = torch.nn.ReLU()
    assert sites.owners(module) == {}
