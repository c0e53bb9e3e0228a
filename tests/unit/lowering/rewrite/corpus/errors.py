# %% try and except
try:
    x = 1
    y = x / 0
    x = 2
except ZeroDivisionError as error:
    print("caught", error, x)
else:
    print("else")
finally:
    print("finally", x)
# %% try without an error
try:
    x = 1
except ValueError:
    x = 2
else:
    x = 3
print(x)
# %% finally and return
def f():
    try:
        return "try"
    finally:
        print("finally")
print(f())
# %% finally that returns
def f():
    try:
        return "try"
    finally:
        return "finally"
print(f())
# %% finally with break
for i in range(3):
    try:
        if i == 1:
            break
    finally:
        print("finally", i)
# %% an exception in a called function
def f(x):
    return 10 // x
for x in (2, 0, 5):
    try:
        print(f(x))
    except ZeroDivisionError:
        print("zero")
# %% the name of an exception is deleted
error = "mine"
try:
    1 / 0
except ZeroDivisionError as error:
    pass
try:
    print(error)
except NameError as other:
    print(other)
# %% raise from
try:
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise ValueError("outer") from error
except ValueError as error:
    print(error, repr(error.__cause__))
# %% raise again
try:
    try:
        {}["k"]
    except KeyError:
        print("seen")
        raise
except KeyError as error:
    print("again", error)
# %% an exception that ends the program
x = 1
print(x)
raise RuntimeError("the end")
# %% what follows a raise
def f():
    raise ValueError("no")
    print("never")
try:
    f()
except ValueError as error:
    print(error)
# %% exception groups
try:
    raise ExceptionGroup("many", [ValueError(1), TypeError(2)])
except* ValueError as group:
    print("values", group.exceptions)
except* TypeError as group:
    print("types", group.exceptions)
# %% assert
x = 5
assert x == 5
assert x, "never shown"
try:
    assert x == 6, f"x is {x}"
except AssertionError as error:
    print(error)
# %% match on a value
def describe(x):
    match x:
        case 0:
            return "zero"
        case [a, b]:
            return f"pair {a} {b}"
        case {"k": v}:
            return f"dict {v}"
        case str() as s if s:
            return "text " + s
        case _:
            return "other"
print(describe(0), describe([1, 2]), describe({"k": 3}), describe("s"), describe(""), describe(None))
# %% match binds names
point = (0, 5)
match point:
    case (0, y):
        print("on the axis", y)
print(y)
# %% with
class Manager:
    def __enter__(self):
        print("enter")
        return 5
    def __exit__(self, *error):
        print("exit", error[0])
        return True
with Manager() as m:
    print(m)
    raise ValueError("swallowed")
print("after")
# %% with that swallows, and a value before
class Quiet:
    def __enter__(self):
        return self
    def __exit__(self, *error):
        return True
x = 1
with Quiet():
    x = 2
    1 / 0
    x = 3
print(x)
# %% contextlib
from contextlib import contextmanager, suppress
@contextmanager
def tag(name):
    print("<", name)
    yield name
    print(">", name)
with tag("a") as a, tag("b"):
    print(a)
with suppress(KeyError):
    {}["x"]
# %% del
x = 1
del x
try:
    print(x)
except NameError as error:
    print(error)
# %% del of an element
xs = [1, 2, 3]
del xs[0]
print(xs)
# %% pass and ellipsis
def f(): ...
def g(): pass
print(f(), g())
# %% semicolons
x = 1; y = 2; print(x + y)
# %% one-line compounds
if True: print("yes")
for i in (1, 2): print(i)
while False: print("no")
# %% comments and blank lines
# a comment

x = 1  # one

# another
print(x)  # shown
# %% a program that ends
import sys
print("before")
sys.exit(3)
print("after")
# %% input
print("x".join(["a", "b"]))
try:
    input()
except (EOFError, OSError) as error:
    print("no input")
