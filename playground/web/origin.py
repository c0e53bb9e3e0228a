"""A form that another site's page sends in a reader's name is refused. JSON needs none of this: no form can send it."""

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

OURS = {"same-origin", "none"}


def require_own(public_url: str) -> None:
    """Let only our own pages, and programs, send this form.

    Raises:
        Forbidden: another site sent it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        sender = request.headers.get("Origin")
        allowed = sender is None or _host(sender) in {request.host, _host(public_url)} - {""}
    else:
        allowed = site in OURS
    if not allowed:
        message = "This form was sent by another site."
        raise Forbidden(message)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
