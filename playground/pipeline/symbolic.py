"""Symbolic mode: a program is defined, built as a string, compiled, executed; each stage timed, each program shown.

The programs are, in this order: every string that the snippet hands to ``compile()`` or ``exec()``; else the string
that it leaves as its last value, in ``prog`` or ``program``, or that its ``evoke_()`` or ``build()`` returns; else the
snippet's own source.
"""

import ast
import builtins
import functools
import sys
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import Any

from playground.pipeline import imperative, program
from playground.pipeline.display import show_value
from playground.pipeline.generated import Generated, literal_lines
from playground.pipeline.program import FILENAME, Program
from playground.pipeline.session import Session
from playground.pipeline.stages import StageClock
from playground.pipeline.targets import takes_nothing

HANDED_OVER = {"compile", "exec"}
LEFT_BEHIND = ("prog", "program")
BUILDERS = ("evoke_", "build")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_COMPILER_FLAGS = program.FUTURE_FLAGS


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet symbolically. Raises what it raises, or what the program that it builds raises."""
    sources[FILENAME] = source
    tree = program.parse(source)
    if not _may_build(tree):
        _run_itself(session, source, tree)
        return
    compiled = program.compile_program(source, tree)
    observer = Observer(session, Generated(session, literal_lines(tree), sources))
    try:
        _observe(observer, compiled)
    finally:
        observer.clock.stop()


def _observe(observer: "Observer", compiled: Program) -> None:
    value, namespace = observer.execute(compiled)
    if observer.generated.count:
        return
    text = _left_text(observer.clock, value, namespace)
    if text is None:
        observer.generated.show(compiled.source, FILENAME, compiled.code)
    else:
        observer.run_program(text, namespace)


def _may_build(tree: ast.Module) -> bool:
    """Whether the snippet could build a program at all; if not, it is the program itself."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    last = tree.body[-1] if tree.body else None
    ends_in_value = isinstance(last, ast.Expr) and not _is_print(last.value)
    wanted = HANDED_OVER | {*LEFT_BEHIND, *BUILDERS}
    return ends_in_value or bool(wanted & (names | defined | (attributes & HANDED_OVER)))


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _run_itself(session: Session, source: str, tree: ast.Module) -> None:
    with session.stage("compile"):
        compiled = program.compile_program(source, tree)
    Generated(session, {}, {FILENAME: source}).show(source, FILENAME, compiled.code)
    imperative.execute(session, compiled)


def _left_text(clock: StageClock, value: object, namespace: Mapping[str, object]) -> str | None:
    """The program that a snippet leaves without handing it over."""
    if isinstance(value, str):
        return value
    for name in LEFT_BEHIND:
        if isinstance(text := namespace.get(name), str):
            return text
    for name in BUILDERS:
        builder = namespace.get(name)
        if callable(builder) and takes_nothing(builder):
            with clock.within("build"):
                text = builder()
            if isinstance(text, str):
                return text
    return None


class Observer:
    """Runs the snippet while its calls of ``compile()`` and ``exec()`` are watched; they do what they always do."""

    def __init__(self, session: Session, generated: Generated) -> None:
        self._session = session
        self.generated = generated
        self.clock = StageClock(session)
        self._compile = builtins.compile
        self._exec = builtins.exec

    def execute(self, compiled: Program) -> tuple[object, dict[str, object]]:
        """Execute the snippet's statements; returns the last expression's value and the namespace."""
        namespace = program.become_main(compiled.source)
        value: object = None
        with self._watching():
            for statement in compiled.statements:
                self.clock.switch("define" if isinstance(statement.node, _DEFINITIONS) else "build")
                value = eval(statement.code, namespace)  # noqa: S307 - the sandbox is for this
                if not isinstance(value, str):
                    show_value(self._session, value)
        return value, namespace

    def run_program(self, text: str, namespace: dict[str, object]) -> None:
        """Compile and execute a program that the snippet left; it sees the snippet's names but leaves none there."""
        filename = "<program>"
        program.show_source(filename, text)
        code = self._shown(text, filename, None, lambda: self._compile(text, filename, "exec", dont_inherit=True))
        with self.clock.within("execute"):
            self._session.now()
            self._exec(code, dict(namespace))

    def _watching(self) -> "_Replaced":
        return _Replaced({"compile": self._observed_compile(), "exec": self._observed_exec()})

    def _observed_compile(self) -> Callable[..., Any]:
        original = self._compile

        def compile(  # noqa: A001, PLR0913, PLR0917 - the builtin's own signature
            source: Any,  # noqa: ANN401 - whatever the builtin takes
            filename: Any,  # noqa: ANN401
            mode: str,
            flags: int = 0,
            dont_inherit: bool = False,  # noqa: FBT001, FBT002 - as the builtin has it
            optimize: int = -1,
            **extra: int,
        ) -> Any:  # noqa: ANN401
            caller = sys._getframe(1)  # noqa: SLF001 - whose flags are inherited, and who asks
            if not dont_inherit:
                flags |= caller.f_code.co_flags & _COMPILER_FLAGS
            if not _is_snippet(caller) or mode == "eval" or flags & ast.PyCF_ONLY_AST:
                return original(source, filename, mode, flags, True, optimize, **extra)  # noqa: FBT003 - the builtin takes it by position
            make = functools.partial(original, source, filename, mode, flags, True, optimize, **extra)  # noqa: FBT003
            return self._shown(source, filename, caller.f_lineno, make)

        return compile

    def _observed_exec(self) -> Callable[..., None]:
        original = self._exec

        def exec(  # noqa: A001 - the builtin's own signature
            source: Any,  # noqa: ANN401
            globals: Any = None,  # noqa: A002, ANN401 - the builtin's own names
            locals: Any = None,  # noqa: A002, ANN401
            /,
            **extra: Any,  # noqa: ANN401
        ) -> None:
            caller = sys._getframe(1)  # noqa: SLF001 - whose names are used where none are given
            if globals is None:
                globals = caller.f_globals  # noqa: A001 - see above
                locals = caller.f_locals if locals is None else locals  # noqa: A001
            if not _is_snippet(caller):
                original(source, globals, locals, **extra)
                return
            code = self._compiled(source, caller)
            with self.clock.within("execute"):
                self._session.now()
                original(code, globals, locals, **extra)

        return exec

    def _compiled(self, source: object, caller: FrameType) -> CodeType | Any:  # noqa: ANN401
        """The code of a string handed to ``exec()``, compiled as ``exec()`` would."""
        if not isinstance(source, str | bytes):
            return source
        flags = caller.f_code.co_flags & _COMPILER_FLAGS
        make = functools.partial(self._compile, source, "<string>", "exec", flags, True)  # noqa: FBT003
        return self._shown(source, "<string>", caller.f_lineno, make)

    def _shown(self, source: object, filename: object, line: int | None, make: Callable[[], CodeType]) -> CodeType:
        """Compile a program and show it; showing is our own work and no stage of the snippet's."""
        self.generated.expect(source, filename)
        with self.clock.within("compile"):
            code = make()
        with self.clock.within(None):
            self.generated.show(source, filename, code, line)
        return code


class _Replaced:
    """Builtins replaced for as long as the snippet runs."""

    def __init__(self, replacements: Mapping[str, Callable[..., Any]]) -> None:
        self._replacements = replacements
        self._originals = {name: getattr(builtins, name) for name in replacements}

    def __enter__(self) -> None:
        for name, replacement in self._replacements.items():
            setattr(builtins, name, replacement)

    def __exit__(self, *_: object) -> None:
        for name, original in self._originals.items():
            setattr(builtins, name, original)


def _is_snippet(frame: FrameType) -> bool:
    return frame.f_code.co_filename == FILENAME
