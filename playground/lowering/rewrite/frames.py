"""What is known while code is evaluated, and how much of it may be."""

from dataclasses import dataclass, field

from playground.contracts.sentences import say
from playground.lowering.rewrite.operations import NotComputed, Value
from playground.lowering.rewrite.scopes import Scope


@dataclass
class Budget:
    """Steps that are left: of all, and of one attempt."""

    left: int
    attempt: int = 0

    def begin(self, most: int) -> None:
        """Begin an attempt."""
        self.attempt = min(most, self.left)

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            NotComputed: there are none left.
        """
        self.left -= steps
        self.attempt -= steps
        if self.attempt < 0:
            why = say("it would take too many steps")
            raise NotComputed(why)


@dataclass
class Frame:
    """The known variables of a scope, while its code is evaluated."""

    scope: Scope
    values: dict[str, Value] = field(default_factory=dict)
    outer: "Frame | None" = None
    result: Value = None


def is_fixed(value: Value) -> bool:
    """Whether a value can't change, so that it does not matter how many of it there are."""
    if type(value) is tuple:
        return all(is_fixed(one) for one in value)
    return type(value) not in {list, dict, set}
