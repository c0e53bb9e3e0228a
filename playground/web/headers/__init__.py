"""Security headers: one small file per header, put on every answer here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g

from playground.web.headers import csp, frames, isolation, nosniff, permissions, referrer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALWAYS = (*nosniff.HEADERS, *referrer.HEADERS, *permissions.HEADERS, *frames.HEADERS, *isolation.HEADERS)


def protect(app: Flask) -> None:
    """Put them on every answer of an application."""
    app.after_request(_page)
    app.wsgi_app = _Protected(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it


def _page(response: Response) -> Response:
    """An answer that has a nonce is a page."""
    if "csp_nonce" in g:
        response.headers[csp.NAME] = csp.chosen()
    return response


class _Protected:
    """Adds what is the same for all, where that is only lengthening a list."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: object) -> object:
            headers.extend(ALWAYS)
            if not any(name == csp.NAME for name, _ in headers):
                headers.append((csp.NAME, csp.NOTHING))
            return start_response(status, headers, *more)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]
