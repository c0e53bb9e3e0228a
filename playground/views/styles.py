"""The style sheet of highlighted code: dark and light as the system has it, or as ``data-theme`` says.

Colors keep 4.5 to 1 against the page. Where the page names its own (``--code-*``), those count.
"""

PLACES = ":is(.highlight, pg-level)"
CLASSES_OF = {
    "keyword": ("k", "nd"),
    "string": ("s",),
    "number": ("m",),
    "comment": ("c", "cp"),
    "name": ("nf", "nl", "nv"),
    "type": ("kt", "nb", "nc"),
}
LIGHT = {
    "keyword": "#7a1fa2",
    "string": "#1a6334",
    "number": "#a13d00",
    "comment": "#5d6673",
    "name": "#1d4fb0",
    "type": "#0b6472",
}
DARK = {
    "keyword": "#d7a3f0",
    "string": "#8fd6a4",
    "number": "#f3b184",
    "comment": "#a0a9b6",
    "name": "#9cc0ff",
    "type": "#7fd3df",
}


def highlight_css() -> str:
    """Write the style sheet."""
    return "\n".join(
        (
            _palette(":root", LIGHT),
            f"@media (prefers-color-scheme: dark) {{ {_palette(':root', DARK)} }}",
            _palette(':root[data-theme="light"]', LIGHT),
            _palette(':root[data-theme="dark"]', DARK),
            *(_rule(role, names) for role, names in CLASSES_OF.items()),
            "",
        )
    )


def _palette(where: str, colors: dict[str, str]) -> str:
    return f"{where} {{ {' '.join(f'--hl-{role}: {color};' for role, color in colors.items())} }}"


def _rule(role: str, names: tuple[str, ...]) -> str:
    selectors = ", ".join(f"{PLACES} .{name}" for name in names)
    slant = " font-style: italic;" if role == "comment" else ""
    return f"{selectors} {{ color: var(--code-{role}, var(--hl-{role}));{slant} }}"
