"""The texts that frames of a traceback may belong to: the snippet's, and those of the programs that it generates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType

MAX_PROGRAMS = 200


@dataclass(frozen=True)
class Text:
    """A source, and for each of its lines the snippet's line that wrote it, where that is known."""

    source: str
    origins: Mapping[int, int] = field(default_factory=dict)


class Sources(dict[str, str]):
    """By filename; programs compiled under one filename, such as ``''``, are told apart by their code."""

    def __init__(self, *args: Mapping[str, str]) -> None:
        super().__init__(*args)
        self._latest: dict[str, Text] = {}
        self._programs: dict[int, tuple[CodeType, Text]] = {}
        self._count = 0

    def expect(self, filename: str, text: Text) -> None:
        """A program is about to be compiled: an error in it should show its lines."""
        self[filename] = text.source
        self._latest[filename] = text

    def compiled(self, code: CodeType, text: Text) -> None:
        """It was compiled."""
        self._count += 1
        if self._count <= MAX_PROGRAMS:
            self._add(code, text)

    def of_code(self, code: CodeType) -> Text | None:
        """The text that code was compiled from; None where that is neither the snippet nor a program of its."""
        if id(code) in self._programs:
            return self._programs[id(code)][1]
        return self.of_file(code.co_filename)

    def of_file(self, filename: str) -> Text | None:
        """The last text under a filename."""
        if filename in self._latest:
            return self._latest[filename]
        return Text(self[filename]) if filename in self else None

    def _add(self, code: CodeType, text: Text) -> None:
        self._programs[id(code)] = (code, text)  # held, so that the id stays its own
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._add(constant, text)
