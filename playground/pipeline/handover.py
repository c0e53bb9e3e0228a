"""Strings that a snippet hands to ``compile()`` and ``exec()``: watched, while both do what they always do."""

import ast
import builtins
import functools
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from types import CodeType, FrameType
from typing import Any

from playground.pipeline import program
from playground.pipeline.display import show_value
from playground.pipeline.form import Form
from playground.pipeline.generated import Generated, Make, Programs
from playground.pipeline.names import Names
from playground.pipeline.program import FILENAME, Program
from playground.pipeline.session import Session
from playground.pipeline.stages import StageClock

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_COMPILER_FLAGS = program.FUTURE_FLAGS
PROGRAM = "<program>"


class Observer:
    """Runs the snippet and the programs that it builds, each stage timed."""

    def __init__(self, session: Session, programs: Programs, names: Names) -> None:
        self._session = session
        self._programs = programs
        self._names = names
        self.clock = StageClock(session)
        self._compile = builtins.compile
        self._exec = builtins.exec

    def execute(self, compiled: Program, namespace: dict[str, object]) -> object:
        """Execute the snippet's statements; returns the last expression's value."""
        value: object = None
        with _Replaced({"compile": self._observed_compile(), "exec": self._observed_exec()}):
            for statement in compiled.statements:
                self.clock.switch("define" if isinstance(statement.node, _DEFINITIONS) else "build")
                value = eval(statement.code, namespace)  # noqa: S307 - the sandbox is for this
                if not isinstance(value, str):
                    show_value(self._session, value)
        return value

    def run_program(self, text: str, namespace: dict[str, object]) -> None:
        """Compile and execute a program that the snippet left; it sees the snippet's names but leaves none there."""
        program.show_source(PROGRAM, text)
        scope = dict(namespace)
        make = self._maker(PROGRAM, "exec", 0, -1)
        with self.clock.within(None):
            made, code = self._made(text, PROGRAM, None, make, Names(frozenset(scope), frozenset()))
            self._run(made, code, scope, scope)

    def _observed_compile(self) -> Callable[..., Any]:
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
            make = self._maker(filename, mode, flags, optimize, **extra)
            if not _is_snippet(caller) or mode == "eval" or flags & ast.PyCF_ONLY_AST:
                return make(source)
            names = Names(self._names.bound | frozenset(caller.f_globals), self._names.read)
            return self._made(source, filename, caller.f_lineno, make, names if mode == "exec" else None)[1]

        return compile

    def _observed_exec(self) -> Callable[..., None]:
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
                self._exec(source, globals, locals, **extra)
                return
            with self.clock.within(None):
                apart = locals is not None and locals is not globals
                made, code = self._compiled(source, globals, caller, apart=apart)
                self._run(made, code, globals, locals, **extra)

        return exec

    def _run(self, made: Generated | None, code: Any, globals_: Any, locals_: Any, **extra: Any) -> None:  # noqa: ANN401 - see exec()
        """Run a program where it is to run; what is no program fails as it always does."""
        if isinstance(globals_, dict):
            self._programs.prepare(made, globals_, locals_, functools.partial(self._forms, made, globals_))
        with self.clock.within("execute"), made.case.running() if made else nullcontext():
            self._session.now()
            self._exec(code, globals_, locals_, **extra)

    def _forms(self, made: Generated | None, scope: dict[str, object]) -> tuple[Form, Form | None]:
        assert made is not None  # noqa: S101 - else nothing is prepared
        return made.forms(lambda code: self._exec(code, scope), scope)

    def _compiled(
        self, source: object, names: object, caller: FrameType, *, apart: bool
    ) -> tuple[Generated | None, Any]:
        """The code of a string handed to ``exec()``, compiled as ``exec()`` would; code is what it is."""
        if not isinstance(source, str | bytes):
            return self._programs.of(source), source
        make = self._maker("<string>", "exec", caller.f_code.co_flags & _COMPILER_FLAGS, -1)
        bound = frozenset(names) if isinstance(names, dict) else self._names.bound
        known = None if apart else Names(bound, self._names.read)
        return self._made(source, "<string>", caller.f_lineno, make, known)

    def _made(
        self, source: object, filename: object, line: int | None, make: Make, names: Names | None
    ) -> tuple[Generated | None, CodeType]:
        """Rewrite a program and compile it; showing it is our own work and no stage of the snippet's."""
        with self.clock.within(None):
            made = self._programs.meet(source, filename, line, make)
            if made and names:
                with self.clock.within("rewrite"):
                    made.rewrite(names.bound, names.read)
            elif made:
                made.refuse()
            with self.clock.within("compile"):
                code = make(source)
            self._programs.show(made, code)
        return made, code

    def _maker(self, filename: Any, mode: str, flags: int, optimize: int, **extra: int) -> Make:  # noqa: ANN401 - see compile()
        def make(source: Any) -> CodeType:  # noqa: ANN401
            return self._compile(source, filename, mode, flags, True, optimize, **extra)  # type: ignore[no-any-return]  # noqa: FBT003 - the builtin takes it by position

        return make


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
