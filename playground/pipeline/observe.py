"""Observes the compilers that the snippet itself calls: they do what they always do, and what they made is kept.

Levels are made of it when the statement has ended, so that no time that the snippet takes has our work in it.
"""

import ast
import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any, Literal

import torch
import torch.export

from playground.pipeline.calls import name_of
from playground.pipeline.program import FILENAME

Kind = Literal["torchscript", "exported"]
MAX_KEPT = 50
_MODULE_FILE = torch.nn.Module.compile.__code__.co_filename
_JIT_NAMES = {"jit", "export", "compile"}


@dataclass(frozen=True)
class Artefact:
    """What a compiler made: of what, called what, on which line."""

    kind: Kind
    made: Any
    name: str
    source: object = None
    line: int | None = None


class CompilerWatch:
    """What the snippet's compilers made and nobody has taken yet; torch.compile is listened to as it works.

    Args:
        on_compile: called before each of the snippet's calls of torch.compile.
    """

    def __init__(self, on_compile: Callable[[], None]) -> None:
        self.calls = 0
        self._made: list[Artefact] = []
        self._on_compile = on_compile

    def take(self) -> list[Artefact]:
        """What was made since the last time."""
        taken, self._made[:] = list(self._made[:MAX_KEPT]), []
        return taken

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Observe for as long as the snippet runs."""
        with ExitStack() as stack:
            for module, name, replacement in self._replacements():
                stack.enter_context(_replaced(module, name, replacement))
            yield

    def _replacements(self) -> list[tuple[ModuleType, str, Callable[..., Any]]]:
        jit: Any = torch.jit
        return [
            (torch.jit, "script", self._script(jit.script)),
            (torch.jit, "trace", self._observed(jit.trace, "torchscript", "func")),
            (torch.jit, "trace_module", self._observed(jit.trace_module, "torchscript", "mod")),
            (torch.export, "export", self._observed(torch.export.export, "exported", "mod")),
            (torch, "compile", self._compile(torch.compile)),
        ]

    def _script(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def script(
            obj: Any,  # noqa: ANN401 - the signature of torch.jit.script
            optimize: None = None,
            _frames_up: int = 0,
            _rcb: Any = None,  # noqa: ANN401
            example_inputs: Any = None,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            # It looks up names in its caller's frame, which is one further up from here.
            made = original(obj, optimize, _frames_up + 1, _rcb, example_inputs)
            self._keep("torchscript", made, obj, sys._getframe(1))  # noqa: SLF001 - the line that called
            return made

        return script

    def _observed(self, original: Callable[..., Any], kind: Kind, parameter: str) -> Callable[..., Any]:
        @functools.wraps(original)
        def observed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            made = original(*args, **kwargs)
            source = args[0] if args else kwargs.get(parameter)
            self._keep(kind, made, source, sys._getframe(1))  # noqa: SLF001
            return made

        return observed

    def _compile(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def compile(*args: Any, **kwargs: Any) -> Any:  # noqa: A001, ANN401 - the name it stands in for
            if _is_snippets(sys._getframe(1)):  # noqa: SLF001
                self.calls += 1
                self._on_compile()
            return original(*args, **kwargs)

        return compile

    def _keep(self, kind: Kind, made: object, source: object, caller: FrameType) -> None:
        if not _is_snippets(caller):
            return
        self.calls += 1
        is_new = made is not source and isinstance(
            made, torch.jit.ScriptModule | torch.jit.ScriptFunction | torch.export.ExportedProgram
        )
        if is_new and len(self._made) < MAX_KEPT:
            self._made.append(Artefact(kind, made, name_of(source), source, caller.f_lineno))


def mentions_compiler(tree: ast.Module) -> bool:
    """Whether a snippet may call a compiler: then its calls are left alone, and so are the times it takes itself."""
    return any(_mentions(node) for node in ast.walk(tree))


def _mentions(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="torch" | "nn"), attr=name):
            return name in _JIT_NAMES
        case ast.Import(names=names):
            return any(name.name in {"torch.jit", "torch.export"} for name in names)
        case ast.ImportFrom(module=module, names=names) if module and module.split(".")[0] == "torch":
            return bool({*module.split("."), *(name.name for name in names)} & _JIT_NAMES)
        case ast.Call(func=ast.Attribute(attr="compile"), args=[]):
            return True  # a module's own compile()
        case _:
            return False


def _is_snippets(caller: FrameType | None) -> bool:
    """Whether the snippet calls, itself or by a module's ``compile()``."""
    if caller and caller.f_code.co_filename == _MODULE_FILE and caller.f_code.co_name == "compile":
        caller = caller.f_back
    return caller is not None and caller.f_code.co_filename == FILENAME


@contextmanager
def _replaced(module: ModuleType, name: str, replacement: Callable[..., Any]) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, replacement)
    try:
        yield
    finally:
        setattr(module, name, original)
