"""From which line to which line each name of a program holds its value, and until where it needs to.

Python keeps a value for as long as a name holds it: until ``del``, another value, or the end of the name's scope. Where
it is needed last is what a backward analysis of liveness tells (Aho, Lam, Sethi, Ullman, "Compilers", 9.2.5), for each
binding that a forward analysis of reaching definitions follows (9.2.4).
"""

from playground.lowering.lifetimes.lives import MAX_LIVES, Life, lifetimes

__all__ = ["MAX_LIVES", "Life", "lifetimes"]
