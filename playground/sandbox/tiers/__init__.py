"""The reviewed policy: one file per tier, plain data. All else in ``sandbox`` obeys it; the documents show it."""

from playground.sandbox.tiers import container, full, unconfined
from playground.sandbox.tiers.base import Bound, Name, Tier

TIERS: dict[str, Tier] = {module.TIER.name: module.TIER for module in (full, container, unconfined)}
"""From the strongest to the weakest."""

__all__ = ["TIERS", "Bound", "Name", "Tier"]
