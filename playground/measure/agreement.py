"""Do two results agree? Bit for bit, within the tolerance of their type, or not; by how much, and where they part."""

from dataclasses import dataclass, replace
from typing import Literal

import torch

from playground.contracts.sentences import say
from playground.measure import ulp
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
MAX_TEXT = 200


@dataclass(frozen=True)
class Difference:
    """The first element that differs, in the order of memory: in which value, where in it, and both as text."""

    value: int
    index: tuple[int, ...]
    found: str
    expected: str


@dataclass(frozen=True)
class Agreement:
    """How two results compare. Errors are the largest over all values; ``None`` where no numbers could be compared."""

    outcome: Outcome
    max_abs_error: float | None = None
    max_rel_error: float | None = None
    message: str | None = None
    max_ulp_error: float | None = None
    difference: Difference | None = None


def compare(candidate: Outputs, reference: Outputs) -> Agreement:
    """Compare a result with the one it should be."""
    if candidate.structure != reference.structure:
        return Agreement("differs", message=say("The result has another structure."))
    pairs = zip(candidate.leaves, reference.leaves, strict=True)
    return worst([_compare(*pair, number) for number, pair in enumerate(pairs, start=1)])


def worst(agreements: list[Agreement]) -> Agreement:
    """Several comparisons as one."""
    messages = dict.fromkeys(a.message for a in agreements if a.message)
    return Agreement(
        outcome=max((a.outcome for a in agreements), key=_ORDER.index, default=_ORDER[0]),
        max_abs_error=max((a.max_abs_error for a in agreements if a.max_abs_error is not None), default=None),
        max_rel_error=max((a.max_rel_error for a in agreements if a.max_rel_error is not None), default=None),
        message="\n".join(list(messages)[:10]) or None,
        max_ulp_error=max((a.max_ulp_error for a in agreements if a.max_ulp_error is not None), default=None),
        difference=next((a.difference for a in agreements if a.difference), None),
    )


def _compare(candidate: Leaf, reference: Leaf, number: int) -> Agreement:
    if candidate.kind != reference.kind:
        return Agreement("differs", message=_other_kind(number, candidate.kind, reference.kind))
    if candidate.tensor is None or reference.tensor is None:
        return _words(candidate.words, reference.words, number)
    if candidate.tensor.numel() == 0:
        return Agreement("same")
    return _numbers(candidate.tensor, reference.tensor, number)


def _other_kind(number: int, found: str, expected: str) -> str:
    kinds = {"found": found, "expected": expected}
    return say("Value {number} is a {found}, where a {expected} was expected.", number=number, **kinds)


def _outside(number: int, count: int, total: int) -> str:
    counts = {"count": f"{count:,}", "total": f"{total:,}"}
    return say("Value {number}: {count} of {total} elements are outside the tolerance.", number=number, **counts)


def _words(ours: str, theirs: str, number: int) -> Agreement:
    if ours == theirs:
        return Agreement("same")
    message = say(
        "Value {number} is {found}, where {expected} was expected.", number=number, found=ours, expected=theirs
    )
    return Agreement("differs", message=message, difference=Difference(number, (), _cut(ours), _cut(theirs)))


def _numbers(candidate: torch.Tensor, reference: torch.Tensor, number: int) -> Agreement:
    if torch.equal(candidate, reference):  # a hundred times as fast as what follows, and mostly all there is to do
        return Agreement("same", 0.0, 0.0, max_ulp_error=0.0 if ulp.has_units(reference) else None)
    ours, theirs = _widen(candidate), _widen(reference)
    equal = (ours == theirs) | (ours.isnan() & theirs.isnan())
    if bool(equal.all()):
        return Agreement("same", 0.0, 0.0, max_ulp_error=ulp.furthest(candidate, reference))
    rtol, atol = TOLERANCES.get(reference.dtype, (0.0, 0.0))
    finite = ours.isfinite() & theirs.isfinite()
    error = torch.where(finite & ~equal, (ours - theirs).abs(), 0.0)
    size = theirs.abs()
    relative = torch.where(finite & (size > 0), error / size, 0.0)
    close = equal | (finite & (error <= atol + rtol * size))
    found = Agreement(
        "close", float(error.max()), float(relative.max()), max_ulp_error=ulp.furthest(candidate, reference)
    )
    if bool(close.all()):
        return found
    message = _outside(number, int((~close).sum()), close.numel())
    return replace(found, outcome="differs", message=message, difference=_first(candidate, reference, ~close, number))


def _first(candidate: torch.Tensor, reference: torch.Tensor, wrong: torch.Tensor, number: int) -> Difference:
    place = int(wrong.flatten().to(torch.uint8).argmax())
    index = tuple(int(i) for i in torch.unravel_index(torch.tensor(place), wrong.shape))
    return Difference(number, index, _cut(repr(candidate[index].item())), _cut(repr(reference[index].item())))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _widen(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_complex():
        return tensor.to(torch.complex128)
    return tensor.to(torch.float64)
