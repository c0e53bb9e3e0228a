"""What a call's gradients are: of the inputs and parameters that want them, for one fixed change of the outputs."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree

from playground.contracts.sentences import say
from playground.pipeline.calls import Call
from playground.pipeline.comparison import state
from playground.pipeline.comparison.refusal import RefusedError

MAX_DEPTH = 4
"""Functions that call functions that use a module."""


def of_call(callee: Callable[..., Any], call: Call) -> list[torch.Tensor | None]:
    """Gradients of the inputs in their order, then of the parameters in the target's order.

    Raises:
        RefusedError: no output requires any.
    """
    args, kwargs = call.fresh()
    inputs = [leaf for leaf in pytree.tree_leaves((args, kwargs)) if wants(leaf)]
    outputs = [leaf for leaf in pytree.tree_leaves(callee(*args, **kwargs)) if wants(leaf)]
    if not outputs:
        message = say("The result does not require gradients: this path is for inference.")
        raise RefusedError(message)
    wanted = [*inputs, *_parameters(callee, call.target)]
    if not wanted:
        return []
    generator = torch.Generator().manual_seed(0)
    changes = [torch.randn(o.shape, generator=generator, dtype=torch.float64).to(o.device, o.dtype) for o in outputs]
    return list(torch.autograd.grad(outputs, wanted, changes, allow_unused=True))


def wants(leaf: object) -> bool:
    """Whether it is a tensor that takes part in differentiation."""
    return isinstance(leaf, torch.Tensor) and leaf.requires_grad


def _parameters(callee: Callable[..., Any], target: Callable[..., Any]) -> list[torch.Tensor]:
    """The callee's own where it has some by the same names, as an exported module has."""
    theirs, ours = (state.parameters(target) or used_by(target)), state.parameters(callee)
    return [ours.get(name, parameter) for name, parameter in theirs.items()]


def used_by(function: object, depth: int = MAX_DEPTH) -> dict[str, torch.Tensor]:
    """Parameters of the modules, and tensors, that a function reaches by its globals and its closure."""
    if not isinstance(function, FunctionType) or not depth:
        return {}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    reached = {name: cell.cell_contents for name, cell in cells if _is_filled(cell)}
    reached |= {name: function.__globals__.get(name) for name in function.__code__.co_names}
    found: dict[str, torch.Tensor] = {}
    for name, value in reached.items():
        if isinstance(value, nn.Module):
            found |= {f"{name}.{key}": parameter for key, parameter in state.parameters(value).items()}
        elif isinstance(value, torch.Tensor) and value.requires_grad:
            found[name] = value
        elif value is not function:
            found |= used_by(value, depth - 1)
    return found


def _is_filled(cell: Any) -> bool:  # noqa: ANN401 - the type of a cell has no public name
    try:
        cell.cell_contents  # noqa: B018 - asked for what it raises
    except ValueError:
        return False
    return True
