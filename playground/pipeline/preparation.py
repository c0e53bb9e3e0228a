"""What the fork server imports before it forks, so that no run pays for it. Starts no thread."""

import importlib
from collections.abc import Callable
from pathlib import Path

from playground.pipeline import d2l, ending, rewriting, warming
from playground.pipeline.entry import warm_up

MODULES = (
    "asyncio",
    "concurrent.futures",
    "dataclasses",
    "inspect",
    "linecache",
    "multiprocessing.context",
    "multiprocessing.pool",
    "numpy",
    "pickle",
    "random",
    "subprocess",
    "torch",
    "torch._dynamo",  # the first optimizer step imports it: 868 ms instead of 40
    "torch.export",
    "torch.jit",
    "torch.nn",
    "torch.nn.functional",
    "torch.optim",
    "torch.utils.benchmark",
    "torch.utils.data",
    "matplotlib",
    "matplotlib.font_manager",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
)


REHEARSALS = 12
"""After so many the interpreter has specialised the bytecode of a run (PEP 659), for all children at once."""


def prepare(compilers: Path | None = None, say: Callable[[str], None] = lambda _: None) -> str:
    """Import everything the pipelines and most snippets need, and rehearse a run.

    With ``compilers``, a place that ``warming.build`` made, compiling is rehearsed too. Returns what kept it from that.
    ``say`` is told of each step before it is taken.
    """
    say("imports torch")
    for name in MODULES:
        importlib.import_module(name)
    d2l.install()
    import torch  # noqa: PLC0415 - heavy: the rest of the package can be read without it

    torch.set_num_threads(1)  # a pool of threads here would hang every child's first parallel operation
    torch.set_num_interop_threads(1)
    # The first torch.compile replaces torch.jit.trace: done now, it stands between no snippet and who watches it.
    importlib.import_module("torch._dynamo.eval_frame").TorchPatcher.patch()
    if compilers:
        say("rehearses compiling")
    problem = _rehearse_compiling(compilers) if compilers else ""
    say("rehearses a run")
    for _ in range(REHEARSALS):
        warm_up()
        rewriting.rehearse()
    ending.forget_handlers()
    return problem


def _rehearse_compiling(place: Path) -> str:
    """Snippets that compile are slow where this fails, and all others are as they were."""
    try:
        warming.rehearse(place)
    except Exception as error:  # noqa: BLE001 - whatever a compiler stumbles over
        return f"{type(error).__name__}: {error}"
    return ""
