"""Security headers: one small file per header, put on every answer here."""

from flask import Flask, Response, g

from playground.web.headers import csp, frames, isolation, nosniff, permissions, referrer

FIXED = (*nosniff.HEADERS, *referrer.HEADERS, *permissions.HEADERS, *frames.HEADERS, *isolation.HEADERS)


def protect(app: Flask) -> None:
    """Put them on every answer of an application."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.extend(FIXED)
    response.headers["Content-Security-Policy"] = csp.page(g.csp_nonce) if "csp_nonce" in g else csp.NOTHING
    return response
