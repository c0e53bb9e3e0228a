"""What every event is made of: counts that any reader of JSON can count, texts of bounded length, the base of all."""

from typing import Annotated

from pydantic import Field

from playground.contracts.request import Frozen

MAX_INT = 2**53 - 1
"""What every reader of JSON can count up to (RFC 7493). Whoever sends more is not counting but attacking readers."""
Count = Annotated[int, Field(ge=0, le=MAX_INT)]
Positive = Annotated[int, Field(ge=1, le=MAX_INT)]
Number = Annotated[float, Field(allow_inf_nan=False)]
"""JSON has no others."""
Nanoseconds = Count
Bytes = Count
Line = Positive
Short = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]


class Event(Frozen):
    """Base of all events. ``id`` counts from 1 in each run; 0 before the runner numbered it."""

    id: Count = 0
