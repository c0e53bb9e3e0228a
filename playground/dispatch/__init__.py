"""To a worker: ``base`` is what the web tier asks, ``local`` asks runners on this machine, ``memory`` is their twin."""
