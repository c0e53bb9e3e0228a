"""A runner as on a machine without a compiler: ``python -m tests.support.no_compiler`` for ``playground.runner``.

The one directory of its path, and of its runs', is Python's own: no g++, and nothing else of a distribution.
"""

import os
import runpy
import sys
from functools import partial

from playground.sandbox import policy

PYTHONS_OWN = {"PATH": os.path.dirname(sys.executable)}  # noqa: PTH120 - a path for the environment


def environment(whole: dict[str, str]) -> dict[str, str]:
    """The variables of every run, with the shorter path."""
    return whole | PYTHONS_OWN


if __name__ == "__main__":
    policy.environment = partial(environment, policy.environment())
    os.environ.update(PYTHONS_OWN)
    runpy.run_module("playground.runner", run_name="__main__", alter_sys=True)
