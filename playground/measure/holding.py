"""How many bytes a value holds: tensors and arrays by their storage, whoever shares it; others where they are large."""

import itertools
import sys
from collections.abc import Callable, Collection, Mapping

import numpy as np
import torch
from torch import nn

LARGE = 1_024
"""Bytes from which on a value that is no tensor and no array is worth counting."""
MAX_PARTS = 1_000
_FLAT = {int, str, bytes, bytearray}
_CONTAINERS = {list, tuple, dict, set, frozenset}
"""Plain ones only: to ask others for their size, or what is in them, would run code of the program."""
Storages = Mapping[object, int]
"""Bytes of what a value holds, by what they belong to: two names of one storage hold it once."""
NOTHING: Storages = {}


def storages(value: object) -> Storages:
    """What a value holds; empty where that is nothing worth counting."""
    kind = type(value)
    if kind in _FLAT:
        return _large(value)
    if kind in _CONTAINERS:
        return _container(value)  # type: ignore[arg-type]  # which it is then
    measure = next((measure for known, measure in _KINDS if issubclass(kind, known)), None)
    return measure(value) if measure else NOTHING


def _large(value: object) -> Storages:
    size = sys.getsizeof(value)
    return {id(value): size} if size >= LARGE else NOTHING


def _tensor(value: torch.Tensor) -> Storages:
    try:
        storage = value.untyped_storage()
        return {(str(value.device), storage.data_ptr() or id(value)): storage.nbytes()}
    except (RuntimeError, NotImplementedError):  # sparse, on no device: what it would hold
        return {id(value): value.numel() * value.element_size()}


def _array(value: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> Storages:
    base: object = value
    while isinstance(base, np.ndarray) and isinstance(base.base, np.ndarray):
        base = base.base
    whole = base if isinstance(base, np.ndarray) else value
    return {id(whole): whole.nbytes}


def _module(value: nn.Module) -> Storages:
    found: dict[object, int] = {}
    for tensor in (*value.parameters(), *value.buffers()):
        found |= _tensor(tensor)
    return found


def _container(value: Collection[object]) -> Storages:
    found: dict[object, int] = dict(_large(value))
    parts = value.values() if isinstance(value, dict) else value
    for part in itertools.islice(parts, MAX_PARTS):
        if isinstance(part, torch.Tensor):
            found |= _tensor(part)
        elif type(part) is np.ndarray:
            found |= _array(part)
    return found


_KINDS: tuple[tuple[type, Callable[..., Storages]], ...] = (
    (torch.Tensor, _tensor),
    (np.ndarray, _array),
    (nn.Module, _module),
)
