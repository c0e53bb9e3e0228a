"""What a run is about when the snippet does not say: the module or function to compile or compare, and its inputs."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from playground.contracts.request import RunOptions
from playground.contracts.sentences import say
from playground.pipeline.calls import Call, remember
from playground.pipeline.watch import CallWatch

HELP = say("Call a module or function of the snippet with tensors, or name a target and its inputs in the options.")


class NoTarget(Exception):  # noqa: N818 - its name is what the reader sees
    """There is nothing to compile or to compare."""

    __module__ = "builtins"  # a reader's error, shown by its bare name

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}\n{HELP}")
        self.reason = reason


def choose(
    options: RunOptions, namespace: dict[str, object], watch: CallWatch, bound: Mapping[str, object] | None = None
) -> Call:
    """The call to repeat; ``bound`` are names that the options' expressions see beside the snippet's.

    Raises:
        NoTarget: there is none, or the options name none.
    """
    if options.target is None:
        if watch.last is None:
            raise NoTarget(_explain(say("The snippet calls no module or function of its own with tensors."), watch))
        return watch.last
    if bound:
        namespace = namespace | dict(bound)
    target = _evaluate(options.target, "target", namespace)
    if not callable(target):
        named = {"target": options.target, "kind": type(target).__name__}
        message = say("The target {target} is a {kind}, which cannot be called.", **named)
        raise NoTarget(message)
    if options.inputs is not None:
        inputs = _evaluate(options.inputs, "inputs", namespace)
        return remember(target, inputs if isinstance(inputs, tuple) else (inputs,), {}, _line(target))
    if call := watch.of(target):
        return call
    if takes_nothing(target):
        return remember(target, (), {}, _line(target))
    message = say("The snippet does not call {target} with tensors; what are its inputs?", target=options.target)
    raise NoTarget(_explain(message, watch))


def _explain(message: str, watch: CallWatch) -> str:
    if watch.problem is None:
        return message
    return say("{what} (A call could not be kept: {why})", what=message, why=watch.problem)


def _evaluate(expression: str, field: str, namespace: dict[str, object]) -> object:
    try:
        return eval(expression, namespace)  # noqa: S307 - the sandbox is for this
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        told = {"field": field, "expression": expression, "error": said}
        message = say("The {field} {expression} cannot be evaluated after the snippet: {error}", **told)
        raise NoTarget(message) from error


def takes_nothing(target: Callable[..., Any]) -> bool:
    """Whether it can be called without arguments."""
    try:
        inspect.signature(getattr(target, "forward", target)).bind()
    except (TypeError, ValueError):
        return False
    return True


def _line(target: object) -> int | None:
    code = getattr(target, "__code__", None)
    return code.co_firstlineno if code else None
