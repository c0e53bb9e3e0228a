"""Results of a call as they can be kept, sent between processes and compared: tensors, numbers, words for the rest."""

import re
from dataclasses import dataclass

import torch
from torch.utils import _pytree as pytree

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
MAX_WORDS = 1_000


@dataclass(frozen=True)
class Leaf:
    """One value: its kind, and either a tensor or its representation."""

    kind: str
    tensor: torch.Tensor | None
    words: str


@dataclass(frozen=True)
class Outputs:
    """A result taken apart: the nesting as text, the values in order."""

    structure: str
    leaves: tuple[Leaf, ...]

    @property
    def nbytes(self) -> int:
        """What its tensors hold."""
        return sum(leaf.tensor.nbytes for leaf in self.leaves if leaf.tensor is not None)


def take_apart(value: object) -> Outputs:
    """Take a result apart. Tensors are copied to the processor's memory, so that later changes do not show."""
    leaves, structure = pytree.tree_flatten(value)
    return Outputs(str(structure), tuple(_leaf(leaf) for leaf in leaves))


def _leaf(value: object) -> Leaf:
    if isinstance(value, torch.Tensor):
        return Leaf(_kind(value), _plain(value), "")
    if isinstance(value, bool | int | float | complex) and not _huge(value):
        return Leaf(type(value).__name__, torch.tensor(value, dtype=_WIDE[type(value)]), "")
    return Leaf(type(value).__qualname__, None, _ADDRESS.sub("", repr(value))[:MAX_WORDS])


def _huge(value: complex) -> bool:
    return type(value) not in _WIDE or (isinstance(value, int) and abs(value) >= 2**63)


def _kind(tensor: torch.Tensor) -> str:
    shape = " x ".join(str(size) for size in tensor.shape) or "no dimension"
    return f"{str(tensor.dtype).removeprefix('torch.')} tensor of {shape} on {tensor.device.type}"


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    plain = tensor.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    if plain.is_quantized:
        plain = plain.dequantize()
    return plain.cpu().clone().resolve_conj().resolve_neg()


_WIDE = {bool: torch.bool, int: torch.int64, float: torch.float64, complex: torch.complex128}
