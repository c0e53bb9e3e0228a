"""Numbers for readers, as the page's scripts write them: three significant digits, a unit chosen by size."""

_UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"))
_LARGE = 100
"""From here on whole numbers have three digits or more."""
_ROUNDS_UP = 0.9995
"""What would round to a thousand of one unit is one of the next."""


def duration(ns: float) -> str:
    """Write nanoseconds."""
    for size, unit in _UNITS:
        if ns >= size * _ROUNDS_UP:
            value = ns / size
            digits = 0 if value >= _LARGE else 1 if value >= _LARGE / 10 else 2
            return f"{value:.{digits}f} {unit}"
    return f"{round(ns)} ns"
