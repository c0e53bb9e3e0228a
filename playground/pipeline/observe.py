"""Observes the compilers that the snippet itself calls: they do what they always do, and what they made is kept.

Levels are made of it when the statement has ended, so that no time that the snippet takes has our work in it.
"""

import ast
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any, Literal

import torch
import torch.export

from playground.pipeline.calls import Call, has_tensors, name_of, remember, size_of
from playground.pipeline.program import FILENAME
from playground.pipeline.watch import MAX_BYTES, CallWatch

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
        calls: looks away while they work, and learns what they made of what.
        keeps_calls: whether the inputs of what they made are kept, to compile it again in another way.
    """

    def __init__(self, on_compile: Callable[[], None], calls: CallWatch, *, keeps_calls: bool) -> None:
        self.calls = 0
        self._calls = calls
        self._keeps_calls = keeps_calls
        self.call: Call | None = None
        """The last call of a function that TorchScript made, as one of its source, or else what one was made with."""
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
            for owner, name, replacement in self._replacements():
                stack.enter_context(_replaced(owner, name, replacement))
            if self._keeps_calls:
                kind: Any = torch.jit.ScriptFunction
                stack.enter_context(_replaced(kind, "__call__", self._called(kind.__call__)))
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
            with self._calls.paused():
                made = original(obj, optimize, _frames_up + 1, _rcb, example_inputs)
            self._keep("torchscript", made, obj, sys._getframe(1))  # noqa: SLF001 - the line that called
            return made

        return script

    def _observed(self, original: Callable[..., Any], kind: Kind, parameter: str) -> Callable[..., Any]:
        @functools.wraps(original)
        def observed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            source = args[0] if args else kwargs.get(parameter)
            call = self._example(source, args[1:], kwargs)
            with self._calls.paused():
                made = original(*args, **kwargs)
            self.call = call or self.call
            self._keep(kind, made, source, sys._getframe(1))  # noqa: SLF001
            return made

        return observed

    def _example(self, source: object, args: Sequence[object], kwargs: Mapping[str, object]) -> Call | None:
        """What a compiler was given beside its source: the arguments of a call, by either compiler's names."""
        inputs = args[0] if args else kwargs.get("example_inputs", kwargs.get("args", ()))
        named = args[1] if len(args) > 1 else kwargs.get("example_kwarg_inputs", kwargs.get("kwargs"))
        given = inputs if isinstance(inputs, tuple) else (inputs,)
        return self._remember(source, given, named if isinstance(named, dict) else {}, sys._getframe(2))  # noqa: SLF001

    def _called(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def call(function: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            source = self._calls.source_of(function)
            kept = self._remember(source, args, kwargs, sys._getframe(1)) if source else None  # noqa: SLF001
            self.call = kept or self.call
            return original(function, *args, **kwargs)

        return call

    def _remember(
        self, source: object, args: Sequence[object], kwargs: dict[str, object], caller: FrameType
    ) -> Call | None:
        """A call that the snippet makes, if it can be made again; of a large one a copy could end the run."""
        wanted = self._keeps_calls and callable(source) and _is_snippets(caller) and has_tensors(args, kwargs)
        if not wanted or size_of(args, kwargs) > MAX_BYTES:
            return None
        assert callable(source)  # noqa: S101 - asked above
        return remember(source, args, kwargs, caller.f_lineno)

    def _compile(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def compile(*args: Any, **kwargs: Any) -> Any:  # noqa: A001, ANN401 - the name it stands in for
            if _is_snippets(sys._getframe(1)):  # noqa: SLF001
                self.calls += 1
                self._on_compile()
            with self._calls.paused():
                made = original(*args, **kwargs)
            self._calls.know(made, args[0] if args else kwargs.get("model"))
            return made

        return compile

    def _keep(self, kind: Kind, made: object, source: object, caller: FrameType) -> None:
        if not _is_snippets(caller):
            return
        self.calls += 1
        self._calls.know(made, source)
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
def _replaced(owner: Any, name: str, replacement: Callable[..., Any]) -> Iterator[None]:  # noqa: ANN401 - a module or a class
    original = getattr(owner, name)
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        setattr(owner, name, original)
