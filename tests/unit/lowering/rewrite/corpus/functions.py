# %% constant arguments
def add(a, b):
    return a + b
print(add(1, 2))
# %% nested calls
def add(a, b):
    return a + b
print(add(add(1, 2), add(3, add(4, 5))))
# %% keyword arguments in another order
def sub(a, b):
    return a - b
print(sub(b=1, a=10))
# %% keyword arguments are evaluated as written
def say(x):
    print("say", x)
    return x
def sub(a, b):
    return a - b
print(sub(b=say(1), a=say(10)))
# %% defaults
def scale(x, factor=3):
    return x * factor
print(scale(2), scale(2, 5), scale(2, factor=7))
# %% a default is evaluated once, at the definition
n = 5
def f(x, y=n):
    return x + y
n = 100
print(f(1))
# %% a mutable default is shared
def append(x, xs=[]):
    xs.append(x)
    return xs
print(append(1), append(2), append(3, []))
# %% any number of arguments
def total(*xs, **named):
    return sum(xs) + sum(named.values())
print(total(1, 2, 3, a=4))
# %% unpacked arguments
def sub(a, b, c):
    return a - b - c
xs = (10, 3)
print(sub(*xs, 1), sub(*[1, 2], **{"c": 3}))
# %% keyword-only and positional-only
def f(a, /, b, *, c=1):
    return (a, b, c)
print(f(1, 2), f(1, b=2, c=3))
# %% positional-only given by name
def f(a, /):
    return a
print(f(a=1))
# %% too few arguments
def f(a, b):
    return a
print(f(1))
# %% too many arguments
def f(a):
    return a
print(f(1, 2))
# %% an unknown keyword
def f(a):
    return a
print(f(b=1))
# %% the same argument twice
def f(a):
    return a
print(f(1, a=2))
# %% an argument that is used twice is evaluated once
def say(x):
    print("say", x)
    return x
def double(a):
    return a + a
print(double(say(2)))
# %% an argument that is not used is evaluated
def say(x):
    print("say", x)
    return x
def first(a, b):
    return a
print(first(say(1), say(2)))
# %% arguments used in another order
def say(x):
    print("say", x)
    return x
def swapped(a, b):
    return b - a
print(swapped(say(1), say(10)))
# %% an argument used on one branch only
def say(x):
    print("say", x)
    return x
def pick(c, a, b):
    return a if c else b
print(pick(say(0), say(1), say(2)))
# %% an argument that raises before the body runs
def f(a):
    print("body")
    return a
print(f(1 / 0))
# %% an undefined name as an argument
def f(a):
    print("body")
    return a
print(f(undefined))
# %% no return
def f():
    pass
print(f())
# %% a call for its effect
def hello(name):
    print("hello", name)
hello("you")
# %% the last call returns nothing, its body does not
def inner():
    return 5
def main():
    print("main")
    inner()
main()
# %% the last call's value is displayed
def five():
    return 5
five()
# %% a last value that a semicolon hushes
def five():
    return 5
five();
# %% early return
def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0
print(sign(5), sign(-5), sign(0))
# %% early return, arguments not known
def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0
for value in [3, -3, 0.0]:
    print(sign(value))
# %% return in a loop
def find(xs, x):
    for i, one in enumerate(xs):
        if one == x:
            return i
    return -1
print(find([1, 2, 3], 2), find([], 1))
# %% recursion
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
print(fact(5), fact(20))
# %% recursion that is deep
def count(n):
    return 0 if n == 0 else 1 + count(n - 1)
print(count(200))
# %% recursion without end
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as error:
    print(type(error).__name__)
# %% mutual recursion
def even(n):
    return True if n == 0 else odd(n - 1)
def odd(n):
    return False if n == 0 else even(n - 1)
print(even(10), odd(7))
# %% recursion through a helper, to the limit
def add(a, b):
    return a + b
def f(n):
    return add(1, f(n + 1))
try:
    f(0)
except RecursionError:
    print("too deep")
# %% fibonacci
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print(fib(10))
