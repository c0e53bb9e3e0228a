"""A call of a module or function with its arguments as they were, so that it can be made again, any number of times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch.utils import _pytree as pytree

from playground.lowering.text import clean


@dataclass(frozen=True)
class _Saved:
    """A tensor's value, and its part in differentiation."""

    value: torch.Tensor
    requires_grad: bool
    is_leaf: bool

    def fresh(self) -> torch.Tensor:
        tensor = self.value.clone()
        if not self.requires_grad:
            return tensor
        tensor.requires_grad_()
        return tensor if self.is_leaf else tensor.clone()


@dataclass(frozen=True)
class Call:
    """A call that can be repeated."""

    target: Callable[..., Any]
    name: str
    line: int | None
    grad: bool
    _leaves: tuple[object, ...]
    _structure: pytree.TreeSpec

    def fresh(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, their tensors copied: what a callee does to them, the next one does not see."""
        leaves = [leaf.fresh() if isinstance(leaf, _Saved) else leaf for leaf in self._leaves]
        args, kwargs = pytree.tree_unflatten(leaves, self._structure)
        return tuple(args), kwargs

    def changed(self, change: Callable[[torch.Tensor], torch.Tensor]) -> "Call":
        """The same call with other tensors: each is what ``change`` makes of it, with its part in differentiation."""
        leaves = (
            replace(leaf, value=change(leaf.value)) if isinstance(leaf, _Saved) else leaf for leaf in self._leaves
        )
        return replace(self, _leaves=tuple(leaves))

    @property
    def tensors(self) -> list[torch.Tensor]:
        """The values of the tensors among the arguments, in their order; not to be changed."""
        return [leaf.value for leaf in self._leaves if isinstance(leaf, _Saved)]

    def make(self, callee: Callable[..., Any]) -> tuple[object, object]:
        """Call something with these arguments and gradient mode; returns its result and the arguments after it."""
        args, kwargs = self.fresh()
        with torch.set_grad_enabled(self.grad):
            return callee(*args, **kwargs), (args, kwargs)


def remember(
    target: Callable[..., Any], args: Sequence[object], kwargs: dict[str, object], line: int | None = None
) -> Call:
    """Keep a call about to be made."""
    leaves, structure = pytree.tree_flatten((tuple(args), dict(kwargs)))
    return Call(target, name_of(target), line, torch.is_grad_enabled(), tuple(map(_save, leaves)), structure)


def has_tensors(args: Sequence[object], kwargs: dict[str, object]) -> bool:
    """Whether there is a tensor among arguments, or inside them."""
    return any(isinstance(leaf, torch.Tensor) for leaf in pytree.tree_leaves((args, kwargs)))


def size_of(args: Sequence[object], kwargs: dict[str, object]) -> int:
    """Bytes of the tensors among arguments."""
    return sum(leaf.nbytes for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor))


def name_of(target: object) -> str:
    """How a reader knows it: a function by its name, a module by its class."""
    name = getattr(target, "__qualname__", None) or type(target).__qualname__
    return clean(name.rsplit("<locals>.", 1)[-1], 150)


def _save(leaf: object) -> object:
    if not isinstance(leaf, torch.Tensor):
        return leaf
    return _Saved(leaf.detach().clone(), leaf.requires_grad, leaf.is_leaf)
