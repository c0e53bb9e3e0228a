"""What names stand for at a point of a program, and what becomes of that where ways part and meet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from playground.lowering.dataflow.picture import Picture


@dataclass(frozen=True)
class Value:
    """What an expression gave: the node that shows it, and which object it is, changed how often so far."""

    node: str | None
    thing: object = field(default_factory=object)
    version: int = 0


Names = dict[str, Value]


@dataclass
class State:
    """Names of the module, names of the function that is walked (the same at the top), and changed objects."""

    module: Names
    names: Names
    changes: dict[object, Value]
    is_reached: bool = True

    def copy(self) -> "State":
        """For a way of its own."""
        module = dict(self.module)
        names = module if self.names is self.module else dict(self.names)
        return State(module, names, dict(self.changes), self.is_reached)

    def become(self, other: "State") -> None:
        """Go on as another."""
        self.module, self.names = other.module, other.names
        self.changes, self.is_reached = other.changes, other.is_reached

    def read(self, name: str) -> Value | None:
        """What a name stands for now, through all changes of the object."""
        value = self.names.get(name) or self.module.get(name)
        return self.current(value) if value else None

    def current(self, value: Value) -> Value:
        """The newest form of an object."""
        changed = self.changes.get(value.thing)
        return changed if changed and changed.version > value.version else value

    def change(self, value: Value, node: str | None) -> Value:
        """An object was changed by the operation ``node``; all its names see that."""
        changed = Value(node, value.thing, self.current(value).version + 1)
        self.changes[value.thing] = changed
        return changed


def meet(picture: Picture, before: State, ways: Sequence[State], line: int, steered_by: str | None) -> State:
    """The state where ways meet that parted at ``before``; what they disagree on is a value with several origins."""
    reached = [way for way in ways if way.is_reached]
    if not reached:
        return ways[0]
    met, *others = reached
    joint = _Joint(picture, line, steered_by)
    for other in others:
        joint.names(met, met.names, other, other.names)
        if met.names is not met.module:
            joint.names(met, met.module, other, other.module)
        joint.objects(before, met, other)
    return met


@dataclass
class _Joint:
    """Where two ways meet, and then a third."""

    picture: Picture
    line: int
    steered_by: str | None
    made: set[str | None] = field(default_factory=set)

    def names(self, one: State, ours: Names, other: State, theirs: Names) -> None:
        """A name that only one way has is what it is there."""
        for name, value in theirs.items():
            mine = ours.setdefault(name, value)
            if mine.thing is not value.thing:
                ours[name] = self._join(name, one.current(mine), other.current(value))

    def objects(self, before: State, one: State, other: State) -> None:
        """An object that both ways changed has two origins too."""
        for thing, theirs in other.changes.items():
            mine, old = one.changes.get(thing), before.changes.get(thing)
            if theirs is old or theirs is mine:
                continue
            if mine is None or mine is old:
                one.changes[thing] = theirs
            else:
                node = self._join(_name_of(one, thing), mine, theirs).node
                one.changes[thing] = Value(node, thing, max(mine.version, theirs.version) + 1)

    def _join(self, name: str, mine: Value, theirs: Value) -> Value:
        if mine.node in self.made:
            self.picture.link(theirs.node, mine.node)
            return mine
        node = self.picture.add("merge", name, "merge", self.line, (mine.node, theirs.node, self.steered_by))
        self.made.add(node)
        return Value(node)


def _name_of(state: State, thing: object) -> str:
    names = (name for scope in (state.names, state.module) for name, value in scope.items() if value.thing is thing)
    return next(names, "object")
