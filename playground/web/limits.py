"""How often one address may ask for what costs: Flask-Limiter, counting in the memory of this process."""

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Response])


class Limit(Protocol):
    """Limits a view: all that are limited share one count."""

    def __call__(self, view: View) -> View:
        """Give the limited view."""
        ...


def _none(view: View) -> View:
    return view


def limit(app: Flask, rate: str) -> Limit:
    """Make the limit of an application; an empty rate is none."""
    if not rate:
        return _none
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    shared = limiter.shared_limit(rate, scope="runs")

    def limited(view: View) -> View:
        return cast("View", shared(view))

    return limited
