"""Says what compilers made, level by level."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import fx, nn

from playground.contracts.events import Code, Diagnostic, Graph
from playground.contracts.request import Level
from playground.lowering import creation, torchscript
from playground.lowering import fx as fx_level
from playground.lowering.listing import Place
from playground.lowering.text import clean
from playground.pipeline.observe import Artefact
from playground.pipeline.session import MAX_REASON, Session

MAX_TITLE = 100


class Levels:
    """The levels of one run's artefacts; those of the same name are numbered."""

    def __init__(self, session: Session, sites: creation.Sites) -> None:
        self._session = session
        self._sites = sites
        self._named: dict[str, int] = {}

    def say(self, artefact: Artefact) -> None:
        """Say all levels of an artefact that the snippet's own call made."""
        title = self._title(artefact.name)
        match artefact.kind:
            case "torchscript":
                self.torchscript(artefact.made, title, artefact.source, artefact.line)
            case "exported":
                self.exported(artefact.made, title, artefact.source, artefact.line)
            case "graph":
                level = Level.DYNAMO_GRAPH
                self._session.lower(level, lambda: fx_level.lower(level, title, artefact.made))
                self._session.now()

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
        self._session.now()

    def exported(self, program: torch.export.ExportedProgram, title: str, source: object, line: int | None) -> None:
        """The one level of an exported program."""
        self._graph(Level.EXPORTED_PROGRAM, title, lambda: str(program), program.graph, self._owners(source), line)

    def dynamo(self, graphs: list[fx.GraphModule], title: str, source: object, line: int | None) -> None:
        """Dynamo's graphs of a target."""
        owners = self._owners(source)
        for number, module in enumerate(graphs, start=1):
            one = title if len(graphs) == 1 else f"{title}, graph {number} of {len(graphs)}"
            text = _readable(module)
            self._graph(Level.DYNAMO_GRAPH, one, text, module.graph, owners, line)

    def _graph(  # noqa: PLR0913, PLR0917 - text and dataflow of one graph
        self,
        level: Level,
        title: str,
        text: Callable[[], str],
        graph: fx.Graph,
        owners: Mapping[str, Place],
        line: int | None,
    ) -> None:
        self._session.lower(level, lambda: fx_level.lower(level, title, text(), graph, owners), line)
        self._session.lower(level, lambda: fx_level.dataflow(level, graph, owners), line)
        self._session.now()

    def _title(self, name: str) -> str:
        name = name[:MAX_TITLE]
        number = self._named[name] = self._named.get(name, 0) + 1
        return name if number == 1 else f"{name} {number}"

    def _owners(self, source: object) -> Mapping[str, Place]:
        return self._sites.owners(source) if isinstance(source, nn.Module) else {}


def fallback(message: str, reason: object, line: int | None = None, hint: str | None = None) -> Diagnostic:
    """Something was not done, and why."""
    text = f"{type(reason).__name__}: {reason}" if isinstance(reason, Exception) else str(reason)
    return Diagnostic(kind="fallback", line=line, message=message, reason=clean(text, MAX_REASON), hint=hint)


def _readable(module: fx.GraphModule) -> Callable[[], str]:
    return lambda: module.print_readable(print_output=False)


def _titled(said: Code | Graph, title: str) -> Code | Graph:
    """The kind of level that a title begins with, and whose it is."""
    if isinstance(said, Graph):
        return said
    return said.model_copy(update={"title": f"{said.title.partition(':')[0]}: {title}"})
