"""Compare mode's parts, in the order of their work: a plan, paths walked apart, their answers judged, times told."""
