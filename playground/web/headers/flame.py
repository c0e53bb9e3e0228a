"""Content-Security-Policy of the flame chart's page, which is speedscope's: that page alone needs a little more.

``wasm-unsafe-eval``: its reader of C++ names is WebAssembly, which is not JavaScript and cannot reach the page.
``blob:``: it fetches what our own script left of the trace. ``font-src``: its font. Forms there are none.
"""


def page(own: str) -> str:
    """Write the policy; scripts and styles need the nonce or come from here, as on every page."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self' blob:",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"script-src 'self' 'nonce-{own}' 'wasm-unsafe-eval'",
            f"style-src 'self' 'nonce-{own}'",
        )
    )
