# %% __del__ is seen
class A:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("freed", self.name)
def f(name):
    a = A(name)
    return 1
print(f("x"))
print(f("y") + f("z"))
# %% __del__ and rebinding
class A:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("freed", self.name)
a = A(1)
a = A(2)
print("rebound")
a = None
print("end")
# %% __del__ of an argument
class A:
    def __del__(self):
        print("freed")
def show(x):
    print("show")
def f(a):
    show(a)
    print("shown")
f(A())
# %% dataclasses
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int = 2
    def total(self):
        return self.x + self.y
print(P(1), P(1).total(), P(1) == P(1, 2))
# %% enums
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
print(Color.RED, Color(2).name, [c.value for c in Color])
# %% named tuples
from collections import namedtuple
P = namedtuple("P", "x y")
print(P(1, 2), P(1, 2).x)
# %% metaclass
class M(type):
    def __call__(cls, *args):
        print("made", args)
        return super().__call__(*args)
class C(metaclass=M):
    def __init__(self, x):
        self.x = x
print(C(3).x)
# %% __init_subclass__
class Base:
    def __init_subclass__(cls):
        print("subclass", cls.__name__)
class Unused(Base):
    pass
# %% a class that nothing uses
class Unused:
    def f(self):
        return 1
class Loud:
    print("loud")
# %% generators
def count(n):
    for i in range(n):
        print("give", i)
        yield i
for x in count(2):
    print("got", x)
print(sum(count(3)))
# %% generator expressions are lazy
def say(x):
    print("say", x)
    return x
g = (say(x) for x in [1, 2])
print("made")
print(next(g))
# %% a generator expression and a name that changes
k = 1
g = (x * k for x in [1, 2])
k = 10
print(list(g))
# %% a generator expression and a list that changes
xs = [1, 2]
g = (x for x in xs)
xs.append(3)
print(list(g))
# %% yield from, send and return
def inner():
    x = yield 1
    print("sent", x)
    return "result"
def outer():
    r = yield from inner()
    print(r)
    yield 2
g = outer()
print(next(g), g.send("hi"))
# %% a generator with finally
def gen():
    try:
        yield 1
    finally:
        print("closed")
for x in gen():
    print(x)
    break
print("after")
# %% async
import asyncio
async def double(x):
    await asyncio.sleep(0)
    return x * 2
async def main():
    print(await double(4), await asyncio.gather(double(1), double(2)))
asyncio.run(main())
# %% async comprehension and for
import asyncio
async def numbers():
    for i in range(3):
        yield i
async def main():
    print([i async for i in numbers()])
asyncio.run(main())
# %% comprehension scopes
x = 10
print([x for x in range(3)], x)
print([[i * j for j in range(2)] for i in range(2)])
print({k: v for k, v in zip("ab", [1, 2])}, {c for c in "aa"})
# %% comprehension with conditions
print([x for x in range(10) if x % 2 if x > 4])
