"""What a snippet saves: which programs, where, and on which line. They are run without Python when it has ended."""

import ast
import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import torch
import torch.export

from playground.pipeline.calls import Call, remember, size_of
from playground.pipeline.program import FILENAME
from playground.pipeline.watch import MAX_BYTES

Kind = Literal["torchscript", "exported", "aoti"]
MAX_KEPT = 8
_SAVING = {"save", "aoti_compile_and_package"}


@dataclass(frozen=True)
class Saved:
    """One file: what is in it, as Python has it, and the line that saved it."""

    path: Path
    kind: Kind
    program: Any
    line: int | None
    example: Call | None = None
    """The call that it was traced with."""

    @property
    def name(self) -> str:
        """As the snippet sees it: relative to its working directory."""
        return os.path.relpath(self.path)[:200]


class SaveWatch:
    """The files that the snippet saved, the last of each name."""

    def __init__(self) -> None:
        self._saved: dict[Path, Saved] = {}
        self._traced: dict[int, Call] = {}

    @property
    def saved(self) -> tuple[Saved, ...]:
        """Those that are there still, in the order in which they were saved."""
        return tuple(saved for saved in self._saved.values() if saved.path.is_file())[:MAX_KEPT]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Observe for as long as the snippet runs. What is called does what it always does."""
        jit: Any = torch.jit
        inductor: Any = torch._inductor  # noqa: SLF001 - where AOTInductor's documented functions are
        with ExitStack() as stack:
            for owner, name, watched in (
                (jit.RecursiveScriptModule, "save", self._by_method),
                (jit.ScriptFunction, "save", self._by_method),
                (jit, "save", self._by_function("torchscript")),
                (jit, "trace", self._trace),
                (torch.export, "save", self._by_function("exported")),
                (inductor, "aoti_compile_and_package", self._package),
            ):
                stack.enter_context(_replaced(owner, name, watched))
            yield

    def _by_method(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def save(module: Any, f: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the signature of ScriptModule.save
            result = original(module, f, **kwargs)
            self._keep(f, "torchscript", module, sys._getframe(1))  # noqa: SLF001 - the line that called
            return result

        return save

    def _by_function(self, kind: Kind) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def watch(original: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(original)
            def save(program: Any, f: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as torch has it
                result = original(program, f, *args, **kwargs)
                self._keep(f, kind, program, sys._getframe(1))  # noqa: SLF001
                return result

            return save

        return watch

    def _trace(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def trace(func: Any, example_inputs: Any = None, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as torch has it
            given = example_inputs if isinstance(example_inputs, tuple) else (example_inputs,)
            named = kwargs.get("example_kwarg_inputs") or {}
            call = remember(func, () if example_inputs is None else given, named) if _is_small(given, named) else None
            made = original(func, example_inputs, *args, **kwargs)
            if call and len(self._traced) < MAX_KEPT:
                self._traced[id(made)] = call
            return made

        return trace

    def _package(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def package(exported_program: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as torch has it
            path = original(exported_program, *args, **kwargs)
            self._keep(path, "aoti", exported_program, sys._getframe(1))  # noqa: SLF001
            return path

        return package

    def _keep(self, file: object, kind: Kind, program: object, caller: FrameType) -> None:
        if caller.f_code.co_filename != FILENAME or not isinstance(file, str | os.PathLike):
            return
        path = Path(os.fsdecode(file)).absolute()
        self._saved.pop(path, None)
        self._saved[path] = Saved(path, kind, program, caller.f_lineno, self._traced.get(id(program)))


def _is_small(args: tuple[object, ...], kwargs: dict[str, object]) -> bool:
    return size_of(args, kwargs) <= MAX_BYTES


def mentions_saving(tree: ast.Module) -> bool:
    """Whether a snippet may save a program: then its calls are watched, for the inputs to run it with."""
    return any(isinstance(node, ast.Attribute) and node.attr in _SAVING for node in ast.walk(tree))


@contextmanager
def _replaced(owner: Any, name: str, watch: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:  # noqa: ANN401 - a module or a class
    original = getattr(owner, name)
    setattr(owner, name, watch(original))
    try:
        yield
    finally:
        setattr(owner, name, original)
