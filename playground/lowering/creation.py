"""Where the snippet creates each ``nn.Module``: the line of a layer whose traces end inside torch.nn.

Watched only while a snippet runs in a mode that lowers modules; costs a walk over a few frames per module.
"""

import itertools
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from playground.lowering.listing import Columns, Place


class Sites:
    """The places found so far, by module; a module that is gone is forgotten.

    By identity: a class may define ``__hash__`` or ``__eq__``, and they need what its constructor has yet to set.
    """

    def __init__(self, source: str) -> None:
        self._columns = Columns(source)
        self._places: dict[int, Place] = {}
        self._modules: dict[int, weakref.ref[Any]] = {}

    def note(self, module: object, place: Place) -> None:
        """Keep the first place of a module: a class may initialise its base more than once."""
        key = id(module)
        if key not in self._places:
            self._places[key] = self._columns.place(*place)
            self._modules[key] = weakref.ref(module, lambda _: self._forget(key))

    def _forget(self, key: int) -> None:
        """Before the identity is given to another object."""
        self._places.pop(key, None)
        self._modules.pop(key, None)

    def line(self, module: object) -> int | None:
        """The line that created a module, if the snippet did."""
        place = self._places.get(id(module))
        return place[0] if place else None

    def known(self) -> dict[str, Place]:
        """The places of all modules, by identity."""
        return {str(key): place for key, place in self._places.items()}

    def owners(self, module: Any) -> dict[str, Place]:  # noqa: ANN401 - an nn.Module, or what only looks like one
        """The places of a module and its submodules, by qualified name."""
        if not hasattr(module, "named_modules"):
            return {}
        return {name: self._places[id(part)] for name, part in module.named_modules() if id(part) in self._places}


@contextmanager
def watch(source: str, filename: str) -> Iterator[Sites]:
    """Note the creation of modules by code of ``filename`` for as long as the context lasts."""
    from torch import nn  # noqa: PLC0415 - heavy, and loaded long before this is called

    sites = Sites(source)
    original = nn.Module.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, N807 - stands in for the original
        original(self, *args, **kwargs)
        place = _place(sys._getframe(1), self, filename)  # noqa: SLF001 - the only way to a caller's line
        if place:
            sites.note(self, place)

    nn.Module.__init__ = __init__  # type: ignore[method-assign]
    try:
        yield sites
    finally:
        nn.Module.__init__ = original  # type: ignore[method-assign]


def _place(frame: FrameType | None, module: object, filename: str) -> Place | None:
    """The innermost expression of the snippet that is not the module initialising itself."""
    while frame:
        if frame.f_code.co_filename == filename and _first_argument(frame) is not module:
            return _running(frame)
        frame = frame.f_back
    return None


def _first_argument(frame: FrameType) -> object:
    """What is mostly, but not always, called ``self``."""
    code = frame.f_code
    return frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None


def _running(frame: FrameType) -> Place:
    """The characters of the instruction that a frame is at (PEP 657); its line where they are not known."""
    positions = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    line, end_line, column, end_column = positions
    if line is None or end_line is None or column is None or end_column is None:
        return frame.f_lineno, 0, frame.f_lineno, 0
    return line, column, end_line, end_column
