"""The user's code: one snippet run in one of four modes, in a process that is already inside the walls.

``prepare`` is called once in the fork server, ``get_ready`` in each sandbox, ``run`` once for the snippet.
"""

from playground.pipeline.entry import get_ready, run
from playground.pipeline.preparation import prepare

__all__ = ["get_ready", "prepare", "run"]
