# %% exec sees names
x = 1
exec("y = x + 1")
print(y)
# %% eval sees functions
def f(x):
    return x + 1
print(eval("f(2)"))
# %% globals and locals
x = 5
def f():
    y = 1
    return sorted(locals())
print("x" in globals(), f())
# %% changing a global through globals()
x = 1
globals()["x"] = 2
print(x)
# %% vars and dir
class C:
    pass
c = C()
c.a = 1
print(vars(c), "a" in dir(c))
# %% frames
import sys
def f():
    return sys._getframe().f_code.co_name
print(f())
# %% inspect
import inspect
def f():
    return inspect.stack()[1].function
def g():
    return f()
print(g())
# %% __code__
def f():
    return 1
def g():
    return 2
f.__code__ = g.__code__
print(f())
# %% __defaults__
def f(x=1):
    return x
f.__defaults__ = (5,)
print(f())
# %% __doc__
def f():
    """Five."""
print(f.__doc__)
# %% __name__ of things
def f():
    return 1
class C:
    pass
print(f.__name__, C.__name__, __name__)
# %% star import
from math import *
print(floor(2.5))
# %% builtins are changed
import builtins
old = builtins.len
builtins.len = lambda x: 99
print(len([]))
builtins.len = old
# %% a module that is changed
import math
old = math.floor
math.floor = lambda x: "mine"
def f(x):
    return math.floor(x)
print(f(2.5))
math.floor = old
# %% getattr and setattr
class C:
    pass
c = C()
setattr(c, "x", 5)
print(getattr(c, "x"), getattr(c, "y", None), hasattr(c, "z"))
# %% getattr with a computed name
def f(x=1):
    return x
setattr(f, "__def" + "aults__", (9,))
print(f())
# %% format reads attributes
def f():
    return 1
print("{0.__name__}".format(f))
# %% the program as a module
import sys
x = 3
print(sys.modules["__main__"] is not None)
# %% from __future__
from __future__ import annotations
def f(x: undefined) -> alsoundefined:
    return x
print(f(1))
# %% imports in functions
def f(x):
    import math
    return math.sqrt(x)
print(f(16))
# %% import as
import math as m
from math import pi as p, floor
print(m.floor(p), floor(2.5))
# %% an import that fails
try:
    from math import nothing
except ImportError as error:
    print(type(error).__name__)
# %% functools
import functools
@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(30), fib.cache_info().hits > 0)
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]))
# %% partial
from functools import partial
def power(base, exponent):
    return base ** exponent
square = partial(power, exponent=2)
print(square(5))
# %% sorting with a key
def key(x):
    print("key", x)
    return -x
print(sorted([1, 3, 2], key=key))
# %% random numbers keep their order
import random
random.seed(1)
def two():
    return random.random(), random.random()
def f(a, b):
    return b, a
print(f(random.random(), two()))
# %% counters and defaultdicts
from collections import Counter, defaultdict
d = defaultdict(list)
for i, c in enumerate("aba"):
    d[c].append(i)
print(dict(d), Counter("aba").most_common(1))
# %% string templates of a program
def add_():
    return "def add(a, b):\n    return a + b\n"
def evoke_():
    return add_() + "print(add(1, 2))"
print(evoke_())
# %% a global that a function makes
def make():
    global made
    made = 5
make()
print(made)
# %% a dead store that something reads
x = 1
def f():
    return x
x = 2
print(f())
# %% a dead store in a try
def f():
    x = 1
    try:
        x = 2
        1 / 0
        x = 3
    except ZeroDivisionError:
        return x
print(f())
# %% a store that a loop reads later
x = 0
for i in range(3):
    print(x)
    x = i * 10
# %% a store that only the next turn reads
import random
old = None
for i in range(3):
    new = random.random() * 0 + i
    if old is not None:
        print(new - old)
    old = new
