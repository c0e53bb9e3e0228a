"""The rewriter, asked about the programs of a run: its passes shown at their levels, its refusals on their lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from playground.contracts.events import Code, Diagnostic, Span
from playground.contracts.measured import CompileTime
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering import rewrite
from playground.lowering.rewrite import Pass, Refusal, Rewriting
from playground.lowering.text import clean
from playground.pipeline import flow
from playground.pipeline.session import MAX_REASON, Session

MAX_REFUSALS = 20
"""Of a whole run, each said once."""
TITLES = {Level.INLINED: "Inlined", Level.FOLDED: "Folded", Level.RELEASED: "Memory released"}
_REHEARSAL = """
def add(a, b):
    return a + b

def twice(x):
    y = add(x, x)
    return y

for n in range(3):
    if n > 1:
        print(twice(n), "done")
print(twice(20) + add(1, 1))
"""
Links = Mapping[int, int]
"""Lines of a program to lines of the snippet."""


def attempt(text: str, bound: frozenset[str], kept: frozenset[str]) -> Rewriting | Exception | None:
    """Rewrite a program; None for what is none, which Python will say itself; an exception of the rewriter's own."""
    try:
        return rewrite.rewrite(text, bound=bound, kept=kept)
    except (SyntaxError, ValueError):
        return None
    except Exception as error:  # noqa: BLE001 - ours to be ashamed of; the program runs all the same
        return error


def rehearse() -> None:
    """Let the interpreter specialise the rewriter's own code: what a fork server has done, all its children have."""
    rewrite.rewrite(_REHEARSAL)


def changed(rewriting: Rewriting) -> bool:
    """Whether any pass changed anything."""
    return any(one.changed for one in rewriting.passes)


def linked(spans: tuple[Span, ...], links: Links | None) -> tuple[Span, ...]:
    """Spans from lines of a program, as spans from the snippet's lines that wrote these; None: it is the snippet."""
    if links is None:
        return spans
    found: dict[Span, None] = {}
    for first, last, code_first, code_last in spans:
        for line in range(first, last + 1):
            if line in links:
                found[links[line], links[line], code_first, code_last] = None
    return tuple(found)


@dataclass
class Teller:
    """Says what became of the programs of a run."""

    session: Session
    _said: set[tuple[int | None, str]] = field(default_factory=set)

    def tell(self, rewriting: Rewriting, title: str, line: int | None, links: Links | None) -> None:
        """The levels, where any pass changed anything; what each pass took; what was refused.

        Args:
            rewriting: of one program.
            title: which program, where there are several.
            line: of the snippet, where it is compiled.
            links: from the program's lines to the snippet's; None: it is the snippet.
        """
        for one in rewriting.passes if changed(rewriting) else ():
            if self.session.wants(one.level):
                code = shown(one, title, links)
                self.session.later(code)
                flow.show(self.session, code, title)
        phases = tuple((str(one.level), one.wall_ns) for one in rewriting.passes)
        if phases:
            self.session.later(CompileTime(graph=titled("Rewriting", title), phases=phases, line=line))
        self.session.later(*self._refusals(rewriting.refusals, links))

    def _refusals(self, refusals: tuple[Refusal, ...], links: Links | None) -> Iterator[Diagnostic]:
        for one in refusals:
            line = one.line if links is None else links.get(one.line)
            message = (
                one.message
                if links is None
                else say("Line {line} of the program: {why}", line=one.line, why=one.message)
            )
            if (line, message) in self._said or len(self._said) >= MAX_REFUSALS:
                continue
            self._said.add((line, message))
            yield Diagnostic(
                kind="rewrite_refused",
                line=line,
                message=clean(message, MAX_REASON),
                hint=clean(one.hint, MAX_REASON) if one.hint else None,
            )


def shown(one: Pass, title: str, links: Links | None) -> Code:
    """What a pass left, as a level."""
    return Code(
        level=one.level,
        title=titled(TITLES[one.level], title),
        language="python",
        text=one.text,
        map=linked(one.map, links),
        columns=one.columns if links is None else (),
    )


def titled(kind: str, title: str) -> str:
    """What a level is, and whose."""
    return f"{kind}: {title}" if title else kind
