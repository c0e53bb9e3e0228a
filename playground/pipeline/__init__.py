"""See the README: what this folder does in a run."""
