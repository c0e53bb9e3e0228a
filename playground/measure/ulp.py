"""Distance of two numbers in units of last place: how many numbers of their type lie between them.

The bits of a floating-point number, read as an integer, count the numbers of its sign (IEEE 754; Bruce Dawson,
Comparing Floating Point Numbers).
"""

import torch

_BITS = {
    torch.float16: torch.int16,
    torch.bfloat16: torch.int16,
    torch.float32: torch.int32,
    torch.float64: torch.int64,
}


def has_units(tensor: torch.Tensor) -> bool:
    """Whether there is a last place to count in."""
    return tensor.dtype in _BITS or tensor.dtype in {torch.complex32, torch.complex64, torch.complex128}


def furthest(ours: torch.Tensor, theirs: torch.Tensor) -> float | None:
    """The most units of last place between any two finite numbers of a pair; None for types that have none."""
    if ours.is_complex() and theirs.is_complex():
        ours, theirs = torch.view_as_real(ours), torch.view_as_real(theirs)
    if ours.dtype not in _BITS or ours.dtype != theirs.dtype or ours.numel() == 0:
        return None
    finite = ours.isfinite() & theirs.isfinite()
    return float(torch.where(finite, _distance(ours, theirs), 0.0).max())


def _distance(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """As float64: exact where both have one sign and are near."""
    left, right = _count(ours, _BITS[ours.dtype]), _count(theirs, _BITS[ours.dtype])
    same_side = (left < 0) == (right < 0)
    near = (torch.where(same_side, left, 0) - torch.where(same_side, right, 0)).abs().double()
    return torch.where(same_side, near, left.double().abs() + right.double().abs())


def _count(tensor: torch.Tensor, bits: torch.dtype) -> torch.Tensor:
    """The place of each number among all of its type, both zeros in the middle."""
    raw = tensor.contiguous().view(bits).to(torch.int64)
    return torch.where(raw < 0, torch.iinfo(bits).min - raw, raw)
