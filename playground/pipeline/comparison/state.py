"""What a module remembers between calls, put back before each: the same inputs include the same state."""

from collections.abc import Iterator

import torch
from torch import nn

_WRAPPED = "_orig_mod."
"""Before the names of what torch.compile wrapped."""


class State:
    """The buffers of a module as they were; of a function there are none."""

    def __init__(self, target: object) -> None:
        self._saved = {name: buffer.detach().clone() for name, buffer in _buffers(target)}

    def restore(self, callee: object) -> None:
        """Put them back into whatever was made of the module, as far as it still has them."""
        with torch.no_grad():
            for name, buffer in _buffers(callee):
                if name in self._saved and self._saved[name].shape == buffer.shape:
                    buffer.copy_(self._saved[name])

    def now(self, callee: object) -> list[torch.Tensor]:
        """What they are now, in the order of the module's own."""
        found = dict(_buffers(callee))
        return [found[name].detach().clone() for name in self._saved if name in found]


def parameters(callee: object) -> dict[str, torch.Tensor]:
    """The parameters that want gradients, by the names that the target's module gives them."""
    if not isinstance(callee, nn.Module):
        return {}
    return {
        name.removeprefix(_WRAPPED): parameter
        for name, parameter in callee.named_parameters()
        if parameter.requires_grad
    }


def _buffers(callee: object) -> Iterator[tuple[str, torch.Tensor]]:
    if isinstance(callee, nn.Module):
        yield from ((name.removeprefix(_WRAPPED), buffer) for name, buffer in callee.named_buffers())
