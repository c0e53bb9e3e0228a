"""The user's code: one snippet run in one of four modes, in a process that is already inside the walls.

``prepare`` is called once in the fork server, ``warm_up`` in each sandbox that waits, ``run`` once for the snippet.
"""

from playground.pipeline.entry import run, warm_up
from playground.pipeline.preparation import prepare

__all__ = ["prepare", "run", "warm_up"]
