"""The key that signs cookies: given, or made once and kept where only this user can read it."""

import os
import secrets
import tempfile
from pathlib import Path

from playground.settings import Settings

FILE = "secret_key"


def secret_key(settings: Settings) -> str:
    """Find the key, or make it. Workers that start together agree: the first link to the name wins."""
    if given := settings.secret_key.get_secret_value():
        return given
    path = settings.data_dir / FILE
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as made:  # readable by its owner alone
        made.write(secrets.token_urlsafe(48))
        made.flush()
        try:
            os.link(made.name, path)
        except FileExistsError:
            return
