"""Do two results agree? Bit for bit, within the tolerance of their type, or not; and by how much they are apart."""

from dataclasses import dataclass
from typing import Literal

import torch

from playground.measure.outputs import Leaf, Outputs

Outcome = Literal["same", "close", "differs"]
_ORDER: tuple[Outcome, ...] = ("same", "close", "differs")
TOLERANCES: dict[torch.dtype, tuple[float, float]] = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex32: (1e-3, 1e-5),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}
"""Relative and absolute, as documented for ``torch.testing.assert_close``; other types agree exactly or not at all."""


@dataclass(frozen=True)
class Agreement:
    """How two results compare. Errors are the largest over all values; ``None`` where no numbers could be compared."""

    outcome: Outcome
    max_abs_error: float | None = None
    max_rel_error: float | None = None
    message: str | None = None


def compare(candidate: Outputs, reference: Outputs) -> Agreement:
    """Compare a result with the one it should be."""
    if candidate.structure != reference.structure:
        return Agreement("differs", message="The result has another structure.")
    pairs = zip(candidate.leaves, reference.leaves, strict=True)
    return worst([_compare(*pair, number) for number, pair in enumerate(pairs, start=1)])


def worst(agreements: list[Agreement]) -> Agreement:
    """Several comparisons as one."""
    outcome = max((a.outcome for a in agreements), key=_ORDER.index, default=_ORDER[0])
    absolute = [a.max_abs_error for a in agreements if a.max_abs_error is not None]
    relative = [a.max_rel_error for a in agreements if a.max_rel_error is not None]
    messages = dict.fromkeys(a.message for a in agreements if a.message)
    return Agreement(
        outcome, max(absolute, default=None), max(relative, default=None), "\n".join(list(messages)[:10]) or None
    )


def _compare(candidate: Leaf, reference: Leaf, number: int) -> Agreement:
    where = f"Value {number}"
    if candidate.kind != reference.kind:
        return Agreement("differs", message=f"{where} is a {candidate.kind}, where a {reference.kind} was expected.")
    if candidate.tensor is None or reference.tensor is None:
        if candidate.words == reference.words:
            return Agreement("same")
        return Agreement("differs", message=f"{where} is {candidate.words}, where {reference.words} was expected.")
    return _numbers(candidate.tensor, reference.tensor, where)


def _numbers(candidate: torch.Tensor, reference: torch.Tensor, where: str) -> Agreement:
    if candidate.numel() == 0:
        return Agreement("same")
    rtol, atol = TOLERANCES.get(reference.dtype, (0.0, 0.0))
    ours, theirs = _widen(candidate), _widen(reference)
    equal = (ours == theirs) | (ours.isnan() & theirs.isnan())
    if bool(equal.all()):
        return Agreement("same", 0.0, 0.0)
    finite = ours.isfinite() & theirs.isfinite()
    error = torch.where(finite & ~equal, (ours - theirs).abs(), 0.0)
    size = theirs.abs()
    relative = torch.where(size > 0, error / size, 0.0)[finite]
    close = equal | (finite & (error <= atol + rtol * size))
    absolute_error, relative_error = float(error.max()), float(relative.max()) if relative.numel() else 0.0
    if bool(close.all()):
        return Agreement("close", absolute_error, relative_error)
    wrong = int((~close).sum())
    message = f"{where}: {wrong:,} of {close.numel():,} elements are outside the tolerance."
    return Agreement("differs", absolute_error, relative_error, message)


def _widen(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_complex():
        return tensor.to(torch.complex128)
    return tensor.to(torch.float64)
