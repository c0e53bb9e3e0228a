"""Tensors of one call by line: which line allocated them, which gave them back, how much they held meanwhile."""

import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from playground.contracts.measured import TensorLife
from playground.lowering.creation import Sites
from playground.pipeline.program import FILENAME

MAX_LIVES = 200
_MODULE_CALL = nn.Module._call_impl.__code__  # noqa: SLF001 - the frame of every module's call
Key = tuple[int | None, str]


class Lives(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sees every operator, and with it every storage that comes into being; when one goes, its finalizer tells."""

    def __init__(self, sites: Sites | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sites = sites
        self._known: set[int] = set()
        self._born: list[tuple[Key, int]] = []
        self._freed: dict[int, int | None] = {}
        self._over = False

    def know(self, values: object) -> None:
        """These are there already: what looks at their memory allocates nothing."""
        for leaf in pytree.tree_leaves(values):
            if isinstance(leaf, torch.Tensor) and leaf.layout == torch.strided:
                self._known.add(_identity(leaf))

    def stop(self) -> None:
        """The call is over: what is freed from now on outlived it."""
        self._over = True

    def __torch_dispatch__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        self.know((args, kwargs))
        result = func(*args, **(kwargs or {}))
        for leaf in pytree.tree_leaves(result):
            if isinstance(leaf, torch.Tensor) and leaf.layout == torch.strided:
                self._note(leaf, str(func))
        return result

    def _note(self, tensor: torch.Tensor, operator: str) -> None:
        storage, identity = tensor.untyped_storage(), _identity(tensor)
        if identity in self._known or not storage.nbytes():
            return
        self._known.add(identity)
        number = len(self._born)
        self._born.append(((_line(sys._getframe(), self._sites), operator[:200]), storage.nbytes()))  # noqa: SLF001
        weakref.finalize(storage, self._gone, number, identity)

    def _gone(self, number: int, identity: int) -> None:
        self._known.discard(identity)
        if not self._over:
            self._freed[number] = _line(sys._getframe(), self._sites)  # noqa: SLF001

    def found(self) -> tuple[TensorLife, ...]:
        """Alike ones added up, in the order of allocation."""
        alike: dict[tuple[Key, int | None], list[int]] = {}
        for number, (key, size) in enumerate(self._born):
            alike.setdefault((key, self._freed.get(number)), []).append(size)
        return tuple(
            TensorLife(line=line, freed=freed, operator=operator, tensors=len(sizes), held_bytes=sum(sizes))
            for ((line, operator), freed), sizes in list(alike.items())[:MAX_LIVES]
        )


def seen(action: Callable[[], object], given: object, sites: Sites | None) -> tuple[TensorLife, ...]:
    """The tensors of one call that was given some already."""
    lives = Lives(sites)
    lives.know(given)
    with lives:
        result = action()
        lives.stop()
    del result
    return lives.found()


def _identity(tensor: torch.Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001 - the storage itself; two tensors may share it


def _line(frame: FrameType | None, sites: Sites | None) -> int | None:
    """The innermost line of the snippet that runs, or that made the module that runs."""
    while frame:
        if frame.f_code.co_filename == FILENAME:
            return frame.f_lineno
        if sites and frame.f_code is _MODULE_CALL and (line := sites.line(frame.f_locals.get("self"))):
            return line
        frame = frame.f_back
    return None
