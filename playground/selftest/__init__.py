"""Attacks on this deployment that ship with it: each must be stopped, and the layer that stopped it is named."""
