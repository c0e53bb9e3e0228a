"""Errors say whose fault it is, in words fit to be shown."""

import pytest

from playground.contracts import errors


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.InvalidRequest([errors.FieldError("mode", "is unknown")]), "mode: is unknown"),
        (errors.TooLarge(65_536), "The request is larger than 65,536 bytes."),
        (errors.NoCapacity(3), "All sandboxes are busy and the queue is full. Try again in 3 s."),
        (errors.Starting("cpu", "imports torch", 3), "The cpu runner is starting: it imports torch (3 s so far)."),
        (errors.DeviceUnavailable("cuda", ["cpu"]), "No worker serves the device 'cuda'. Devices there are: cpu."),
        (errors.DeviceUnavailable("cpu", []), "No worker serves the device 'cpu'. Devices there are: none."),
    ],
)
def test_an_error_reads_well(error: errors.PlaygroundError, text: str) -> None:
    assert str(error) == text


def test_the_tree_at_the_top_of_the_module_is_the_tree() -> None:
    drawn = {line.split()[1] for line in (errors.__doc__ or "").splitlines() if line.startswith(("├", "└"))}
    assert drawn == {kind.__name__ for kind in errors.PlaygroundError.__subclasses__()}
