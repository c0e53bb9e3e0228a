"""What is compared: one call, and the ways of making it. The first way is the one that the others are held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from playground.contracts.request import Compiler, RunOptions
from playground.pipeline.calls import Call
from playground.pipeline.compilers import builders, exported

Callee = Callable[..., Any]
Build = Callable[[Call], Any]
"""Gives what can be called; of the paths that leave Python, what can be saved."""
EAGER = "eager"
DEFAULT = (Compiler.SCRIPT, Compiler.TRACE, Compiler.FREEZE, Compiler.COMPILE)


@dataclass(frozen=True)
class Subject:
    """A call and its paths: each a name, and what builds something that can be called in the target's place."""

    call: Call
    builders: Mapping[str, Build]
    prints: bool = False
    """Whether what it prints is its result, as a program's is."""

    @property
    def reference(self) -> str:
        """The path that needs no proof."""
        return next(iter(self.builders))


def of_call(call: Call, options: RunOptions) -> Subject:
    """A call, as it is and by each compiler, as the options want them."""
    build: dict[Compiler, Build] = {
        **builders(options),
        Compiler.LIBTORCH_AOTI: lambda call: exported(replace(call, grad=False), options),
    }
    named: dict[str, Build] = {EAGER: lambda call: call.target}
    named |= {str(compiler): build[compiler] for compiler in options.compilers or DEFAULT}
    return Subject(call, named)
