"""How often one address may ask for what costs.

Rates are read by ``limits``. The counting is ours: Flask-Limiter took 0.28 ms a request, as much as all the rest of
this tier, and a thread for each, to tidy up. Counts are of this process: with several workers the rate is for each.
"""

import ipaddress
import time
from collections.abc import Callable
from functools import wraps
from typing import Protocol

from flask import Response, request
from limits import RateLimitItem, parse_many
from werkzeug.exceptions import TooManyRequests

MAX_ADDRESSES = 10_000
"""Then those whose time is over are forgotten."""
ONE_HOME = 64
"""A home has so many bits of IPv6 addresses to itself."""


class Limit(Protocol):
    """Limits a view: all that are limited share one count."""

    def __call__(self, view: Callable[..., Response]) -> Callable[..., Response]:
        """Give the limited view."""
        ...


class Meter:
    """Counts what each address does in a span of time that begins with its first request."""

    def __init__(self, rate: RateLimitItem, clock: Callable[[], float] = time.monotonic) -> None:
        self._amount = rate.amount
        self._span_s = rate.get_expiry()
        self._clock = clock
        self._counts: dict[str, tuple[float, int]] = {}

    def hit(self, address: str) -> float:
        """Count a request; the seconds until the next one is allowed, 0 when this one is."""
        now = self._clock()
        end, count = self._counts.get(address, (0.0, 0))
        if end <= now:
            self._forget(now)
            end, count = now + self._span_s, 0
        self._counts[address] = (end, count + 1)
        return end - now if count >= self._amount else 0

    def _forget(self, now: float) -> None:
        if len(self._counts) >= MAX_ADDRESSES:
            self._counts = {address: one for address, one in self._counts.copy().items() if one[0] > now}


def limit(rate: str) -> Limit:
    """Make a limit; an empty rate is none.

    Raises:
        ValueError: the rate cannot be read.
    """
    meters = tuple(Meter(item) for item in parse_many(rate)) if rate else ()

    def limited(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def checked(**path: str) -> Response:
            _check(meters)
            return view(**path)

        return checked if meters else view

    return limited


def _check(meters: tuple[Meter, ...]) -> None:
    address = home_of(request.remote_addr or "")
    wait_s = max(meter.hit(address) for meter in meters)
    if wait_s:
        message = f"So often is too often. Try again in {wait_s:.0f} s."
        raise TooManyRequests(message, retry_after=max(1, round(wait_s)))


def home_of(address: str) -> str:
    """Give what stands for one client: an address, or a network where each has one to itself."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, ONE_HOME), strict=False))
