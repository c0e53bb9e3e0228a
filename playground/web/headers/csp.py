"""Content-Security-Policy: what a page of ours may load and run. No ``unsafe-*``."""

import secrets
from collections.abc import Callable

from flask import g

NAME = "Content-Security-Policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what is no page: should a browser show it after all, nothing in it can run or load."""
_ALWAYS = (
    "default-src 'none'",
    "img-src 'self' data:",  # figures come as data
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def nonce() -> str:
    """Make the nonce of this answer, once; an answer that has one is a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def use(policy: Callable[[str], str]) -> None:
    """Protect this answer by another policy than ``page``, made of its nonce."""
    g.csp_policy = policy


def chosen() -> str:
    """Write the policy of this answer, which has a nonce."""
    policy: Callable[[str], str] = g.get("csp_policy", page)
    return policy(nonce())


def page(own: str) -> str:
    """Write the policy of a page. Styles have a nonce too: the editor makes its style sheets in the browser."""
    return "; ".join((*_ALWAYS, f"script-src 'self' 'nonce-{own}'", f"style-src 'self' 'nonce-{own}'"))
