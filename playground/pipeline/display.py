"""Values shown without a print: the last expression, as a notebook does, and figures."""

import base64
import io
import sys
from collections.abc import Callable
from typing import Any

from playground.contracts.events import Display
from playground.lowering.text import clean
from playground.pipeline.session import Session

MAX_TEXT = 100_000
MAX_FIGURES = 20


def show_value(session: Session, value: object) -> None:
    """Show a last expression's value; ``None`` is nothing to show. Raises what the value's ``__repr__`` raises."""
    if value is None:
        return
    text = clean(repr(value))
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]}\n… and {len(text) - MAX_TEXT:,} more characters"
    session.later(Display(mime="text/plain", data=text))


def show_figures(session: Session) -> None:
    """Show the open figures in order and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums()[:MAX_FIGURES]:
        session.now(Display(mime="image/png", data=_png(pyplot.figure(number))))
    pyplot.close("all")


def make_show_work(session: Session) -> None:
    """``plt.show()`` shows what is open then; on the Agg backend it would do nothing but warn."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return

    def show(*_: object, **__: object) -> None:
        """Show the open figures."""
        show_figures(session)

    replaced: Callable[..., None] = show
    pyplot.show = replaced


def _png(figure: Any) -> str:  # noqa: ANN401 - matplotlib is not imported here
    with io.BytesIO() as file:
        figure.savefig(file, format="png", dpi=100, bbox_inches="tight")
        return base64.b64encode(file.getvalue()).decode()
