"""Says what compilers made, level by level."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from playground.contracts.events import Code, Diagnostic, Graph
from playground.contracts.request import Level
from playground.contracts.sentences import caused, say
from playground.lowering import creation, torchscript
from playground.lowering import fx as fx_level
from playground.lowering.listing import Place
from playground.lowering.text import clean
from playground.pipeline.observe import Artefact
from playground.pipeline.session import MAX_REASON, Session

MAX_TITLE = 100
MAX_OPTIMIZED = 16
"""Modules and functions kept until the end, to see what their calls made of them."""


class Levels:
    """The levels of one run's artefacts; those of the same name are numbered."""

    def __init__(self, session: Session, sites: creation.Sites) -> None:
        self._session = session
        self._sites = sites
        self._named: dict[str, int] = {}
        self._scripted: list[tuple[Any, str, Mapping[str, Place], int | None]] = []

    def say(self, artefact: Artefact) -> None:
        """Say all levels of an artefact that the snippet's own call made."""
        title = self._title(artefact.name)
        match artefact.kind:
            case "torchscript":
                self.torchscript(artefact.made, title, artefact.source, artefact.line)
            case "exported":
                self.exported(artefact.made, title, artefact.source, artefact.line)

    def torchscript(self, made: Any, title: str, source: object, line: int | None) -> None:  # noqa: ANN401 - whatever torch.jit made
        """TorchScript's levels of a scripted or traced function or module."""
        owners = self._owners(source)

        def lower(level: Level, make: Callable[..., Code | Graph]) -> None:
            self._session.lower(level, lambda: _titled(make(made, owners), title), line)

        lower(Level.TORCHSCRIPT, torchscript.code)
        lower(Level.TORCHSCRIPT_GRAPH, torchscript.graph)
        lower(Level.TORCHSCRIPT_GRAPH, torchscript.dataflow)
        if isinstance(made, nn.Module):  # a function has nothing to freeze
            lower(Level.TORCHSCRIPT_FROZEN, torchscript.frozen)
        if len(self._scripted) < MAX_OPTIMIZED:
            self._scripted.append((made, title, owners, line))
        self._session.now()

    def optimized(self) -> None:
        """The optimized graphs of what was scripted or traced and has been called by now; of others if asked for."""
        asked = self._session.request.options.levels is not None
        for made, title, owners, line in self._scripted:
            try:
                code = torchscript.optimized(made, owners)
            except torchscript.Unlowerable as error:
                if asked and self._session.wants(Level.TORCHSCRIPT_OPTIMIZED):
                    self._session.later(fallback(say("{title} has no optimized graph.", title=title), error, line))
                continue
            self._session.lower(Level.TORCHSCRIPT_OPTIMIZED, lambda code=code, title=title: _titled(code, title), line)  # type: ignore[misc]
        self._scripted.clear()
        self._session.now()

    def exported(self, program: torch.export.ExportedProgram, title: str, source: object, line: int | None) -> None:
        """The one level of an exported program."""
        level, graph = Level.EXPORTED_PROGRAM, program.graph
        known = fx_level.operations(graph, self._owners(source))
        self._session.lower(level, lambda: fx_level.lower(level, title, str(program), known), line)
        self._session.lower(level, lambda: fx_level.dataflow(level, title, graph, known), line)
        self._session.now()

    def _title(self, name: str) -> str:
        name = name[:MAX_TITLE]
        number = self._named[name] = self._named.get(name, 0) + 1
        return name if number == 1 else f"{name} {number}"

    def _owners(self, source: object) -> Mapping[str, Place]:
        return self._sites.owners(source) if isinstance(source, nn.Module) else {}


def fallback(message: str, reason: object, line: int | None = None, hint: str | None = None) -> Diagnostic:
    """Something was not done, and why."""
    text = caused(reason) if isinstance(reason, Exception) else str(reason)
    return Diagnostic(kind="fallback", line=line, message=message, reason=clean(text, MAX_REASON), hint=hint)


def _titled(said: Code | Graph, title: str) -> Code | Graph:
    """The kind of level that a title begins with, and whose it is."""
    if isinstance(said, Graph):
        return said.model_copy(update={"title": title})
    return said.model_copy(update={"title": f"{said.title.partition(':')[0]}: {title}"})
