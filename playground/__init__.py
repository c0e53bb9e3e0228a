"""Torch Playground: what a Python or PyTorch program prints, becomes and costs.

The folders stand in the order in which a run travels: ``contracts`` (what travels), ``web``, ``dispatch``, ``runner``,
``sandbox``, ``pipeline``, ``lowering``, ``measure``, ``views``. ``store`` keeps permalinks.
"""

__version__ = "0.1.0"
