"""Is anybody still there? An answer that waits for a run must not wait for a client that has gone."""

import select
from collections.abc import Callable
from typing import Any

from flask import request

Gone = Callable[[], bool]
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


def watch() -> Gone:
    """Give a function that says whether this request's client has gone; where nobody can tell, it never has."""
    found: Any = next((request.environ[name] for name in _SOCKETS if name in request.environ), None)
    if found is None:
        return lambda: False
    poll = select.poll()
    poll.register(found, select.POLLRDHUP)
    return lambda: bool(poll.poll(0))
