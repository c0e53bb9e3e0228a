"""How fast an answer comes, beside what it could be compared with. ``python -m benchmarks`` measures and prints."""
