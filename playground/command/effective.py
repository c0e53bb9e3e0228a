"""The settings in force, and where each came from."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from playground.sandbox.tiers import full
from playground.settings import Settings


class Effective(NamedTuple):
    """One setting as it is."""

    variable: str
    value: str
    source: str
    meaning: str


def effective(settings: Settings) -> Iterator[Effective]:
    """Yield every setting; what is secret is masked."""
    given = {name.upper() for name in os.environ}
    for name, field in Settings.model_fields.items():
        variable = f"PLAYGROUND_{name.upper()}"
        source = "environment" if variable in given else "default"
        meaning = " ".join(part for part in (field.description, _held(name)) if part)
        yield Effective(variable, shown(name, getattr(settings, name)), source, meaning)


def _held(setting: str) -> str:
    """What enforces a limit of the full tier; where the first does not stand, the next one does."""
    holds = next((bound.holds for bound in full.TIER.bounds if bound.setting == setting), ())
    return f"Held by {', else '.join(holds)}." if holds else ""


def shown(name: str, value: object) -> str:
    """Write a value as the environment would hold it, without passwords."""
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    if name == "database_url" and value:
        return make_url(str(value)).render_as_string(hide_password=True)
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
