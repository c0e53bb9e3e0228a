"""A small stand-in for the package ``d2l``, ours, so that ``from d2l import torch as d2l`` works in a snippet.

It has what the chapter "Compilers and Interpreters" and its neighbours use, and is installed only where the real
package is absent: that one pins a NumPy which does not work with this torch.
"""

import importlib.util
import sys
import time
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn, Self, SupportsFloat

from playground.contracts.sentences import say

WHOSE = say("Torch Playground's own small stand-in for d2l")


class Timer:
    """Measures several times, in seconds."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Begin to measure."""
        self._began = time.perf_counter()

    def stop(self) -> float:
        """Keep the time since ``start`` and return it."""
        self.times.append(time.perf_counter() - self._began)
        return self.times[-1]

    def sum(self) -> float:
        """All times together."""
        return sum(self.times)

    def avg(self) -> float:
        """Their mean."""
        return sum(self.times) / len(self.times)

    def cumsum(self) -> list[float]:
        """Each time with all before it."""
        return [sum(self.times[: end + 1]) for end in range(len(self.times))]


class Benchmark:
    """Prints how long its block took: ``with d2l.Benchmark('what'): ...``."""

    def __init__(self, description: str = "Done") -> None:
        self.description = description

    def __enter__(self) -> Self:
        self.timer = Timer()
        return self

    def __exit__(self, *_: object) -> None:
        print(f"{self.description}: {self.timer.stop():.4f} sec")  # noqa: T201 - printing is its job


class Accumulator:
    """Sums over ``n`` quantities."""

    def __init__(self, n: int) -> None:
        self.data = [0.0] * n

    def add(self, *amounts: SupportsFloat) -> None:
        """Add to each."""
        self.data = [total + float(amount) for total, amount in zip(self.data, amounts, strict=True)]

    def reset(self) -> None:
        """Begin again at zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, index: int) -> float:
        return self.data[index]


def cpu() -> object:
    """The CPU device."""
    import torch  # noqa: PLC0415 - imported in the fork server, see preparation.py

    return torch.device("cpu")


def gpu(i: int = 0) -> object:
    """A GPU device."""
    import torch  # noqa: PLC0415

    return torch.device(f"cuda:{i}")


def num_gpus() -> int:
    """How many GPUs this run has."""
    import torch  # noqa: PLC0415

    return torch.cuda.device_count()


def try_gpu(i: int = 0) -> object:
    """The GPU number ``i`` if it exists, else the CPU."""
    return gpu(i) if num_gpus() > i else cpu()


def try_all_gpus() -> list[object]:
    """All GPUs, or the CPU alone."""
    return [gpu(i) for i in range(num_gpus())] or [cpu()]


OFFERED = (Accumulator, Benchmark, Timer, cpu, gpu, num_gpus, try_all_gpus, try_gpu)


class Finder(MetaPathFinder, Loader):
    """Finds ``d2l`` and ``d2l.torch`` where nothing else does: last on ``sys.meta_path``, and their loader."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - importlib's own signature
        """The two modules, and no other."""
        if name not in {"d2l", "d2l.torch"}:
            return None
        return ModuleSpec(name, self, origin=WHOSE, is_package=name == "d2l")

    def create_module(self, spec: ModuleSpec) -> None:
        """As importlib does it."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill it; ``__file__`` is what an ImportError names as the place."""
        module.__doc__ = module.__file__ = WHOSE
        if module.__name__ == "d2l":
            module.__getattr__ = _unknown_in_package  # type: ignore[method-assign]
            return
        for offered in OFFERED:
            setattr(module, offered.__name__, offered)
        module.__getattr__ = _unknown  # type: ignore[method-assign]


def install() -> None:
    """Make ``d2l`` and ``d2l.torch`` importable, unless the real package is there."""
    if importlib.util.find_spec("d2l") is None:
        sys.meta_path.append(Finder())


def _unknown(name: str) -> NoReturn:
    names = ", ".join(sorted(offered.__name__ for offered in OFFERED))
    message = say("This d2l is {what}: it has no {name}. It has {names}.", what=WHOSE, name=repr(name), names=names)
    raise AttributeError(message)


def _unknown_in_package(name: str) -> NoReturn:
    message = say(
        "This d2l is {what}: it has no {name}. It has torch, for: from d2l import torch as d2l.",
        what=WHOSE,
        name=repr(name),
    )
    raise AttributeError(message)
