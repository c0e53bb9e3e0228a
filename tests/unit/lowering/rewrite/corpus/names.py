# %% a name that the caller has too
def f(x):
    y = x + 1
    return y * 2
y = 10
print(f(3) + y)
# %% a global that the caller hides
scale = 10
def f(x):
    return x * scale
def g(scale):
    return f(scale)
print(g(3))
# %% a builtin that the caller hides
def f(x):
    return len(x)
def g(len):
    return f(len)
print(g("abc"))
# %% a function called before it is defined
try:
    print(later(1))
except NameError as error:
    print(error)
def later(x):
    return x
print(later(2))
# %% a function defined later than its caller
def outer(x):
    return inner(x) + 1
def inner(x):
    return x * 2
print(outer(4))
# %% a caller that runs too early
def outer(x):
    return inner(x) + 1
try:
    print(outer(1))
except NameError as error:
    print(error)
def inner(x):
    return x * 2
print(outer(4))
# %% redefined
def f():
    return 1
print(f())
def f():
    return 2
print(f())
# %% rebound to a lambda
def f(x):
    return x
print(f(1))
f = lambda x: x * 10
print(f(1))
# %% rebound by another function
def f(x):
    return x
def change():
    global f
    f = lambda x: x + 100
print(f(1))
change()
print(f(1))
# %% defined under a condition
import random
if random.random() < 2:
    def f():
        return 1
else:
    def f():
        return 2
print(f())
# %% deleted
def f():
    return 1
print(f())
del f
try:
    print(f())
except NameError as error:
    print(error)
# %% handed around
def twice(f, x):
    return f(f(x))
def inc(x):
    return x + 1
print(twice(inc, 1))
print(list(map(inc, [1, 2])))
# %% an attribute of a function
def f():
    f.count += 1
    return f.count
f.count = 0
print(f(), f(), f.count)
# %% another name for a function
def f(x):
    return x + 1
g = f
print(g(1), f(1), g == f)
# %% a decorator
def loud(f):
    def inner(*args):
        print("call", args)
        return f(*args)
    return inner
@loud
def add(a, b):
    return a + b
print(add(1, 2))
# %% a decorator that replaces
@lambda f: 5
def f():
    return 1
print(f)
# %% a lambda with a name
double = lambda x: x * 2
print(double(4))
# %% annotations that are evaluated
def note(x):
    print("note", x)
    return int
def f(x: note("x")) -> note("return"):
    return x
print(f(1))
# %% locals that may have no value
def f(c):
    if c:
        x = 1
    return x
try:
    f(0)
except UnboundLocalError as error:
    print(error)
print(f(1))
# %% a parameter that is assigned
def f(x):
    x = x + 1
    x = x * 2
    return x
y = 3
print(f(y), y)
# %% a parameter that is changed in place
def f(xs):
    xs.append(1)
    return xs
a = []
b = f(a)
b.append(2)
print(a, b)
# %% an assert that fails
def f(x):
    assert x > 0, "positive"
    return x
print(f(1))
f(-1)
# %% a function that raises
def f(x):
    raise ValueError(f"bad {x}")
try:
    f(1)
except ValueError as error:
    print(error)
# %% global statement
count = 0
def inc():
    global count
    count += 1
    return count
print(inc() + inc() * 10, count)
# %% a global read before and after
x = 1
def change():
    global x
    x = 2
    return 10
def pair(a, b):
    return (a, b)
print(pair(x, change()), pair(change(), x))
# %% reading a global while it changes
x = 1
def change():
    global x
    x += 1
    return x
print(x + change() + x)
# %% default of a lambda in a loop
fs = [lambda x=i: x for i in range(3)]
print([f() for f in fs])
# %% late binding in a loop
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
# %% main guard
def main():
    total = 0
    for i in range(3):
        total += i
    print("total", total)
if __name__ == "__main__":
    main()
# %% a call within a comprehension
def square(x):
    return x * x
print([square(x) for x in range(4)], {x: square(x) for x in "a" if False})
# %% a comprehension with the callee's name
def f(x):
    return [x for _ in range(2)]
_ = 7
print([f(_) for _ in range(2)], _)
# %% a comprehension that hides an argument
def f(x):
    return [i + x for i in range(2)]
i = 5
print(f(i))
# %% call within a lambda
def square(x):
    return x * x
g = lambda x: square(x + 1)
print(g(2))
# %% call within a condition
def positive(x):
    print("asked", x)
    return x > 0
if positive(1) and positive(-1) or positive(2):
    print("yes")
# %% call within a while test
def less(x):
    return x < 3
n = 0
while less(n):
    n += 1
print(n)
# %% call in an f-string
def f(x):
    return x + 1
print(f"{f(1)} and {f(2)!r:>5}")
# %% call in a subscript and an attribute
def i():
    return 1
xs = [10, 20]
xs[i()] = 5
print(xs[i()], "a".upper())
# %% a generator function is not run by its call
def gen():
    print("started")
    yield 1
g = gen()
print("made")
print(next(g))
# %% a generator whose yield is never reached
def gen():
    if False:
        yield 1
    print("run")
print(list(gen()))
# %% docstrings
def f():
    """Say five."""
    return 5
print(f())
# %% passing more than once
def f(a, b=2, *, c=3):
    return a * 100 + b * 10 + c
print(f(1), f(1, c=9), f(b=8, a=7))
