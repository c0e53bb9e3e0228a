"""Other inputs of the same kind: what a path does on one input it need not do on the next.

Shapes and types stay. Numbers move as far as their own spread lets expect; integers stay within the range that was
seen, so that indices stay indices. Whether the callee still accepts what comes out, eager says.
"""

from typing import Literal

import torch

Variant = Literal["near", "negated", "fresh"]
VARIANTS: tuple[Variant, ...] = ("near", "negated", "fresh")
"""A little off; of the other sign, which turns most conditions round; others with the same mean and spread."""
NEAR = 0.1
"""Of the spread."""
_FLOATS = {torch.float16, torch.bfloat16, torch.float32, torch.float64}


def perturb(tensor: torch.Tensor, variant: Variant, generator: torch.Generator) -> torch.Tensor:
    """Another tensor of the same shape, type and place; itself where that has no meaning.

    Args:
        tensor: an observed input.
        variant: how.
        generator: where random numbers come from; on the processor, whatever the tensor's device is.
    """
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.numel() == 0:
        return tensor
    if tensor.is_complex():
        parts = perturb(torch.view_as_real(tensor.resolve_conj()), variant, generator)
        return torch.view_as_complex(parts.contiguous())
    if tensor.is_floating_point():
        if tensor.dtype not in _FLOATS:  # of eight bits: storage, not numbers to calculate with
            return tensor
        return _float(tensor, variant, generator)
    return _bool(tensor, variant, generator) if tensor.dtype == torch.bool else _integer(tensor, variant, generator)


def _float(tensor: torch.Tensor, variant: Variant, generator: torch.Generator) -> torch.Tensor:
    if variant == "negated":
        return -tensor
    seen = tensor[tensor.isfinite()].double()
    if seen.numel() == 0:
        return tensor
    spread = float(seen.std(correction=0)) or float(seen.abs().mean()) or 1.0
    noise = torch.randn(tensor.shape, generator=generator, dtype=torch.float64).to(tensor.device)
    moved = tensor.double() + NEAR * spread * noise if variant == "near" else float(seen.mean()) + spread * noise
    return torch.where(tensor.isfinite(), moved.to(tensor.dtype), tensor)


def _integer(tensor: torch.Tensor, variant: Variant, generator: torch.Generator) -> torch.Tensor:
    """In another order, upside down, or drawn anew, always between the smallest and the largest that were seen."""
    if tensor.dtype == torch.uint64:
        return tensor  # not all of them are int64s
    wide = tensor.to(torch.int64)
    low, high = int(wide.min()), int(wide.max())
    if variant == "negated":
        return (high - (wide - low)).to(tensor.dtype) if high - low < 2**62 else tensor
    if variant == "near" or high - low >= 2**62:
        order = torch.randperm(tensor.numel(), generator=generator).to(tensor.device)
        return tensor.flatten()[order].reshape(tensor.shape)
    drawn = torch.randint(low, high + 1, tensor.shape, generator=generator) if high < 2**63 - 1 else wide
    return drawn.to(tensor.device, tensor.dtype)


def _bool(tensor: torch.Tensor, variant: Variant, generator: torch.Generator) -> torch.Tensor:
    if variant == "near":
        return tensor
    if variant == "negated":
        return ~tensor
    return torch.randint(2, tensor.shape, generator=generator).bool().to(tensor.device)
