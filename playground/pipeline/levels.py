"""Says what compilers made, level by level. A level that cannot be made is a finding, never the end of the run."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import fx, nn

from playground.contracts.events import Code, Diagnostic, Graph
from playground.contracts.request import Level
from playground.lowering import creation, torchscript
from playground.lowering import fx as fx_level
from playground.lowering.listing import Place
from playground.pipeline.observe import Artefact
from playground.pipeline.session import Session

MAX_MESSAGE = 4_000


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
                self._try("The graph", None, lambda: self._graph_text(title, artefact.made))

    def torchscript(self, made: Any, title: str, source: object, line: int | None) -> None:  # noqa: ANN401
        """TorchScript's levels of a scripted or traced function or module."""
        owners = self._owners(source)

        def said(level: Level, action: Callable[[], Code | Graph]) -> None:
            if self._session.wants(level):
                self._try(f"The level {level} of {title}", line, lambda: self._session.later(_titled(action(), title)))

        said(Level.TORCHSCRIPT, lambda: torchscript.code(made, owners))
        said(Level.TORCHSCRIPT_GRAPH, lambda: torchscript.graph(made, owners))
        said(Level.TORCHSCRIPT_GRAPH, lambda: torchscript.dataflow(made, owners))
        if isinstance(made, nn.Module):  # a function has nothing to freeze
            said(Level.TORCHSCRIPT_FROZEN, lambda: torchscript.frozen(made, owners))
        self._session.now()

    def exported(self, program: torch.export.ExportedProgram, title: str, source: object, line: int | None) -> None:
        """The one level of an exported program."""
        level, owners = Level.EXPORTED_PROGRAM, self._owners(source)
        if self._session.wants(level):
            self._try(
                f"The level {level} of {title}",
                line,
                lambda: self._session.now(
                    fx_level.lower(level, title, str(program), program.graph, owners),
                    fx_level.dataflow(level, program.graph, owners),
                ),
            )

    def dynamo(self, graphs: list[fx.GraphModule], title: str, source: object, line: int | None) -> None:
        """Dynamo's graphs of a target."""
        level, owners = Level.DYNAMO_GRAPH, self._owners(source)
        for number, module in enumerate(graphs if self._session.wants(level) else [], start=1):
            one = title if len(graphs) == 1 else f"{title}, graph {number} of {len(graphs)}"
            text = module.print_readable(print_output=False)
            self._try(
                f"The level {level} of {one}",
                line,
                lambda: self._session.now(
                    fx_level.lower(level, one, text, module.graph, owners),  # noqa: B023 - called at once
                    fx_level.dataflow(level, module.graph, owners),  # noqa: B023
                ),
            )

    def _graph_text(self, title: str, text: str) -> None:
        self._session.code(fx_level.lower(Level.DYNAMO_GRAPH, title, text))
        self._session.now()

    def _title(self, name: str) -> str:
        number = self._named[name] = self._named.get(name, 0) + 1
        return name if number == 1 else f"{name} {number}"

    def _owners(self, source: object) -> Mapping[str, Place]:
        return self._sites.owners(source) if isinstance(source, nn.Module) else {}

    def _try(self, what: str, line: int | None, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - a printer of torch's failed on a program that may be anything
            self._session.now(fallback(f"{what} cannot be shown.", error, line))


def fallback(message: str, reason: object, line: int | None = None, hint: str | None = None) -> Diagnostic:
    """Something was not done, and why."""
    text = f"{type(reason).__name__}: {reason}" if isinstance(reason, Exception) else str(reason)
    return Diagnostic(kind="fallback", line=line, message=message, reason=text[:MAX_MESSAGE], hint=hint)


def _titled(said: Code | Graph, title: str) -> Code | Graph:
    """The kind of level that a title begins with, and whose it is."""
    if isinstance(said, Graph):
        return said
    return said.model_copy(update={"title": f"{said.title.partition(':')[0]}: {title}"})
