"""The programs of a run: each shown at its levels as it is compiled, before and after rewriting, its lines linked.

Programs that the snippet builds are linked to the lines that wrote them; the snippet itself may be the program, too.
"""

import ast
import builtins
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from playground.contracts.events import Code, Span
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering import bytecode, syntax
from playground.lowering.listing import Listed
from playground.lowering.provenance import Provenance
from playground.lowering.rewrite import Refusal, Rewriting
from playground.measure.holding import LARGE
from playground.pipeline import flow, rewriting
from playground.pipeline.form import Form, relocated
from playground.pipeline.judgement import Case, Comparison, Forms
from playground.pipeline.program import FILENAME
from playground.pipeline.rewriting import Links, Teller, titled
from playground.pipeline.session import Session
from playground.pipeline.sources import Sources, Text

MAX_SHOWN = 20
MODULES_OWN = {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtins__", "__file__"}
"""Names that every module has, and that are no builtins of a program's."""
MAX_TEXT = 262_144
Make = Callable[[Any], CodeType]
"""Compiles a text or a tree as the snippet wants it compiled."""
Run = Callable[[CodeType], object]
_BINDINGS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)
_COMPUTED = (ast.Call, ast.BinOp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Await)
APART = say("the program does not run as a module does, with one namespace for its globals and locals.")


@dataclass
class Generated:
    """One program.

    Args:
        text: its source.
        filename: what it is compiled under.
        number: among the programs of the run, from 1.
        line: of the snippet, where it is compiled.
        links: from its lines to the snippet's; None: it is the snippet.
        make: compiles it.
    """

    text: str
    filename: str
    number: int
    line: int | None
    links: Links | None
    make: Make
    case: Case = field(init=False)
    rewriting: Rewriting | None = None
    bound: frozenset[str] = frozenset()
    ran: Sequence[CodeType] = ()
    """The code objects that were executed, which the interpreter may have specialised."""

    def __post_init__(self) -> None:
        self.case = Case(self.number, self.line, changed=False)

    @property
    def title(self) -> str:
        """Which one it is, where it is not the first."""
        at = f" (line {self.line})" if self.line else ""
        return f"program {self.number}{at}" if self.number > 1 else ""

    def rewrite(self, bound: frozenset[str], kept: frozenset[str]) -> None:
        """Ask the rewriter. ``bound`` and ``kept`` are names, before and after, as it wants them."""
        began = time.perf_counter_ns()
        found = rewriting.attempt(self.text, bound, kept)
        self.case.prepared_ns = time.perf_counter_ns() - began
        self.bound = bound
        if isinstance(found, Rewriting):
            self.rewriting = found
            self.case.changed = rewriting.changed(found)
        elif found is not None:
            said = f"{type(found).__name__}: {found}"
            self.case.fail("rewrite", say("The rewriter failed: {error}", error=said))

    def refuse(self) -> None:
        """Leave it alone."""
        self.rewriting = Rewriting((), (Refusal(1, say("Nothing is rewritten: {why}", why=APART)),))

    @property
    def result(self) -> tuple[str, tuple[Span, ...]]:
        """What the last pass left, and which of the program's lines each of its lines was made from."""
        assert self.rewriting is not None  # noqa: S101 - who asks knows that it was rewritten
        last = self.rewriting.passes[-1]
        return last.text, last.map

    @property
    def holds(self) -> bool:
        """Whether its names may hold something large: small constants are not worth a copy of the process."""
        if len(self.text) >= LARGE:
            return True
        values = (node.value for node in ast.walk(ast.parse(self.text)) if isinstance(node, _BINDINGS) and node.value)
        return any(isinstance(part, _COMPUTED) for value in values for part in ast.walk(value))

    def forms(self, run: Run, namespace: dict[str, object]) -> tuple[Form, Form | None]:
        """The original and the rewritten form, if there is one; ``run`` runs code as the original's is run.

        Raises:
            SyntaxError: the rewriter wrote what is no program.
        """
        if not self.case.changed:
            code = self.make(self.text)
            return Form(self.text, code, lambda: run(code), namespace), None
        (original, readable), (text, spans) = self.compiled(), self.result
        rewritten = self.make(relocated(text, spans, self.filename))
        return (
            Form(self.text, original, lambda: run(original), namespace),
            Form(text, readable, lambda: run(rewritten), namespace),
        )

    def compiled(self) -> tuple[CodeType, CodeType]:
        """The code of the original and of the rewritten program, each with its own lines; timed.

        Raises:
            SyntaxError: the rewriter wrote what is no program.
        """
        times = [time.perf_counter_ns()]
        made = []
        for text in (self.text, self.result[0]):
            made.append(self.make(text))
            times.append(time.perf_counter_ns())
        self.case.compiled_ns = times[1] - times[0]
        self.case.prepared_ns += times[2] - times[1]
        return made[0], made[1]


class Programs:
    """The programs of one run."""

    def __init__(self, session: Session, provenance: Callable[[], Provenance], sources: Sources) -> None:
        self._session = session
        self._provenance = provenance
        self._sources = sources
        self._teller = Teller(session)
        self._compiled: dict[int, tuple[CodeType, Generated]] = {}
        self.comparison = Comparison(session, self._show_specialized)
        self.count = 0

    def meet(self, source: object, filename: object, line: int | None, make: Make) -> Generated | None:
        """A program is about to be compiled; None for what is no text, and after so many that nobody looks."""
        if not isinstance(source, str) or not isinstance(filename, str):
            return None
        looked_at = self.count < MAX_SHOWN
        links = self._provenance().origins(source) if looked_at and filename != FILENAME else None
        if filename != FILENAME:  # an error in it should show its lines
            self._sources.expect(filename, Text(source, links or {}))
        return Generated(source, filename, self.count + 1, line, links, make) if looked_at else None

    def show(self, program: Generated | None, code: CodeType) -> None:
        """Say the levels of a program that was compiled, and what rewriting made of it."""
        self.count += 1
        if program is None:
            return
        self._compiled[id(code)] = (code, program)
        program.ran = program.ran or [code]
        if program.links is not None:
            self._sources.compiled(code, Text(program.text, program.links))
        text = _text(program)
        self._session.lower(Level.PROGRAM, lambda: text)
        flow.show(self._session, text, program.title)
        self._lower(Level.AST, program, lambda: syntax.lower(ast.parse(program.text), program.text))
        self._lower(Level.BYTECODE, program, lambda: bytecode.lower(code, program.text))
        self.comparison.add(program.case)
        if program.rewriting is not None:
            self._teller.tell(program.rewriting, program.title, program.line, program.links)
        if program.case.changed:
            self._show_rewritten(program)
        self._session.now()

    def of(self, code: object) -> Generated | None:
        """The program that some code was compiled from."""
        known = self._compiled.get(id(code))
        return known[1] if known else None

    def prepare(self, program: Generated | None, scope: dict[str, object], local: object, forms: Forms) -> None:
        """A program is about to run, in these globals and locals."""
        if program is None:
            return
        if not program.case.changed:
            if program.holds and (local is None or local is scope) and self._session.wants(Level.PROGRAM):
                self.comparison.prepare(program.case, forms, self._sources)
            return
        shadowed = sorted(name for name in scope if hasattr(builtins, name) and name not in program.bound | MODULES_OWN)
        if local is not None and local is not scope:
            program.case.fail("rewrite", say("It is not compared: {why}", why=APART))
        elif shadowed:
            message = say(
                "It runs where `{name}` is not Python's own, which the rewriter did not know.", name=shadowed[0]
            )
            program.case.fail("rewrite", message)
        self.comparison.prepare(program.case, forms, self._sources)

    def _lower(self, level: Level, program: Generated, make: Callable[[], Code]) -> None:
        self._session.lower(level, lambda: _relinked(make(), program.links, program.title))

    def _show_rewritten(self, program: Generated) -> None:
        """The bytecode of the program that the last pass left."""
        text, _ = program.result

        def make() -> Code:
            return self._of_rewritten(program, bytecode.lower(program.make(text), text))

        self._session.lower(Level.BYTECODE, make)

    def _of_rewritten(self, program: Generated, code: Code) -> Code:
        """A level of the rewritten program: its lines lead to the original's, and these to the snippet's."""
        spans = through(code.map, program.result[1])
        title = titled(code.title, ", ".join(filter(None, ("rewritten", program.title))))
        return code.model_copy(update={"map": rewriting.linked(spans, program.links), "columns": (), "title": title})

    def _show_specialized(self, case: Case) -> None:
        """What the interpreter made of a program that ran again and again, or of one that ran once."""
        program = next(one for _, one in self._compiled.values() if one.case is case)
        found = case.specialized
        if not found and (code := bytecode.specialized(program.ran, program.text)):
            found = {"original": code}
        for which, code in found.items():
            original = which == "original"
            told = _relinked(code, program.links, program.title) if original else self._of_rewritten(program, code)
            self._session.lower(Level.BYTECODE_SPECIALIZED, lambda told=told: told)  # type: ignore[misc]
        self._tell_lifetimes(program)

    def _tell_lifetimes(self, program: Generated) -> None:
        """How long names hold values, before and after, and how many bytes that was when it ran once more."""
        held = program.case.held
        flow.tell(self._session, _text(program), held.get("original"), program.title)
        if program.rewriting is not None and program.case.changed:
            released = rewriting.shown(program.rewriting.passes[-1], program.title, program.links)
            flow.tell(self._session, released, held.get("rewritten"), program.title)


def through(spans: tuple[Span, ...], before: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans from a form's lines, as spans from the lines that form was made of."""
    found: dict[Span, None] = {}
    for first, last, code_first, code_last in spans:
        for source_first, source_last, line_first, line_last in before:
            if line_first <= last and first <= line_last:
                found[source_first, source_last, code_first, code_last] = None
    return tuple(found)


def _text(program: Generated) -> Code:
    source, links = program.text, program.links
    lines: Mapping[int, int] = {n: n for n in range(1, source.count("\n") + 2)} if links is None else links
    shown = source.encode(errors="surrogatepass")[:MAX_TEXT].decode(errors="ignore")
    rows, left_out = shown.count("\n") + 1, len(source.encode(errors="surrogatepass")) - len(shown.encode())
    return Listed(
        level=Level.PROGRAM,
        title=program.title.capitalize() or "Program",
        language="python",
        text=shown,
        map=tuple((to, to, number, number) for number, to in lines.items() if number <= rows),
        truncated_bytes=left_out,
        whole=source if left_out else "",
    )


def _relinked(code: Code, links: Links | None, title: str) -> Code:
    """A level of a generated program points at the program's lines; let it point at the snippet's."""
    columns = code.columns if links is None else ()
    update = {"map": rewriting.linked(code.map, links), "columns": columns, "title": titled(code.title, title)}
    return code.model_copy(update=update)
