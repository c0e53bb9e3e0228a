"""Cross-Origin-*-Policy: no other site shares a process or a window with our pages, or loads what is ours."""

HEADERS = (("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"))
