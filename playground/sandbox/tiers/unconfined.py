"""Below the container tier: whatever walls happen to stand. Only where the operator set the setting that says so."""

from dataclasses import replace

from playground.sandbox.tiers import container
from playground.sandbox.tiers.base import Tier

TIER: Tier = replace(
    container.TIER,
    name="unconfined",
    walls=(),
    extras=(*container.TIER.walls, *container.TIER.extras),
    weaker=(
        "Any wall may be missing: a snippet may read the server's files, stop it, outlive its run.",
        *container.TIER.weaker,
    ),
)
