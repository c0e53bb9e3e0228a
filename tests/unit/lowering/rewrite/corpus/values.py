# %% precedence and order
print((1 + 2) * 3 - 4 // 3 % 2 ** 3)
# %% floats are not reassociated
x = 0.1
print((x + 0.2) + 0.3, x + (0.2 + 0.3), 1e16 + 1.0 - 1e16)
# %% negative zero
x = -0.0
print(x, x + 0, 0.0 * -1, str(x), -0.0 == 0.0)
# %% infinity and not a number
x = float("inf")
print(x, -x, x - x, float("nan") == float("nan"))
nan = float("nan")
print(nan in [nan])
# %% large powers are left
x = 2 ** 100000
print(x % 1000007)
# %% shifts
print(1 << 70, (1 << 70) >> 68, True << 3)
# %% large repetition is left
s = "ab" * 100000
print(len(s))
# %% division by zero
try:
    print(1 // 0)
except ZeroDivisionError as error:
    print(error)
# %% division by zero that is never reached
x = 0
print(x and 1 / x, x or 2)
# %% integers and booleans are not the same
x = True
y = 1
print(x, y, x + x, x == y, [x, y], {x: "a", y: "b"})
# %% one and one point zero
x = 1
if x == 1.0:
    x = 1.0
print(x)
# %% chained comparison
def say(x):
    print("say", x)
    return x
print(say(1) < say(2) < say(0) < say(9))
# %% comparison of what can't be compared
try:
    print(1 < "a")
except TypeError as error:
    print(error)
# %% and, or give operands
print(0 or "a", 1 and [], None or 0, "" and 1 or 2)
# %% not
print(not 0, not "", not not [1])
# %% conditional expressions
x = 3
print("odd" if x % 2 else "even", "a" if [] else "b")
# %% strings
name = "torch"
print(name + "!" * 3, name[1:3], name[-1], len(name), name.upper())
# %% string methods
print(" a,b ".strip().split(","), "-".join(["x", "y"]), "abc".replace("b", "bb"), "a" in "abc")
# %% percent formatting
print("%d %s %5.2f %r" % (1, "a", 2.0, "q"), "%s" % 1)
# %% format
print("{} {0}".replace("0", "1").count("1"), "{}-{}".format(1, 2), "{a:>4}".format(a=1))
# %% f-strings
x, y = 3, "s"
print(f"{x} {y!r} {x:04d} {x + 1} {{}} {y:>{x}}")
print(f"{x=} {y = }")
# %% f-string with quotes
x = "it's"
print(f'{x} "q" {"nested"}', f"{x}\n\t{x!r}")
# %% bytes
b = b"ab"
print(b + b"c", b[0], b.decode(), list(b))
# %% tuples
t = (1, (2, 3))
print(t[1][0], len(t), t + (4,), t * 2)
a, (b, c) = t
print(a, b, c)
# %% swapping
a, b = 1, 2
a, b = b, a
print(a, b)
# %% lists share their elements
a = [1, 2]
b = a
b.append(3)
print(a, b, a == b)
# %% a list in a list is one list
row = [0] * 2
grid = [row] * 2
grid[0][0] = 1
print(grid)
# %% a function gives a new list each time
def make():
    return [1, 2]
a = make()
b = make()
a.append(3)
print(a, b)
# %% a function gives one list twice
def make():
    x = [1]
    return [x, x]
a = make()
a[0].append(2)
print(a)
# %% a list that is made once, read often
xs = [1, 2, 3]
total = 0
for x in xs:
    total += x
xs.append(4)
print(total, xs, sum(xs))
# %% a list changed while it is gone through
xs = [1, 2, 3]
for x in xs:
    if x < 3:
        xs.append(x + 10)
print(xs)
# %% a list changed while it is gone through, in a function
def f():
    xs = [1, 2, 3, 4]
    for x in xs:
        xs.remove(x)
    return xs
print(f())
# %% a dict changed while it is gone through
def f():
    d = {1: 2}
    for k in d:
        d[k + 10] = 1
    return d
try:
    print(f())
except RuntimeError as error:
    print(error)
# %% enumerate over a list that changes
def f():
    xs = [1, 2, 3]
    out = []
    for i, x in enumerate(xs):
        out.append(x)
        if i == 0:
            xs[1] = 20
    return out
print(f())
# %% dicts
d = {"a": 1, "b": 2}
d["c"] = 3
print(d, d.get("z", 0), list(d.items()), "a" in d)
for k, v in d.items():
    print(k, v)
# %% sets
s = {3, 1, 2}
print(sorted(s), 2 in s, len(s | {9}))
# %% slices
xs = list(range(10))
print(xs[2:5], xs[::-2], xs[-3:], xs[:0])
# %% augmented assignment of a list keeps it
a = [1]
b = a
b += [2]
print(a, b)
b = b + [3]
print(a, b)
# %% augmented assignment of a tuple does not
a = (1,)
b = a
b += (2,)
print(a, b)
# %% augmented assignment in a tuple
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    print(error)
print(t)
# %% unpacking with a star
a, *b = [1, 2, 3]
print(a, b)
# %% unpacking that fails
try:
    a, b = (1, 2, 3)
except ValueError as error:
    print(error)
# %% several targets, from left to right
i = 0
xs = [0, 0]
i = xs[i] = 1
print(i, xs)
# %% None and the like
x = None
print(x is None, x is not None, None is None, x == 0)
# %% which object a value is
a = 1000
b = 1000
c = [1]
print(c is c, c is not [1])
# %% id
x = 5
print(id(x) == id(x))
# %% builtins that only compute
print(abs(-3), max(1, 5, 2), min([4, 2]), sum([1, 2]), round(2.5), round(3.14159, 2), divmod(7, 2), pow(2, 5), bin(5))
# %% conversions
print(int("12"), int(3.9), float("1.5"), str(1.0), bool([]), list("ab"), tuple([1]), chr(97), ord("a"), hex(255))
# %% a conversion that fails
try:
    int("x")
except ValueError as error:
    print(error)
# %% ranges
print(list(range(3)), list(range(5, 0, -2)), len(range(10**9)), 5 in range(10))
# %% zip, enumerate, reversed, sorted
print(list(zip([1, 2], "ab")), list(enumerate("ab", 1)), list(reversed([1, 2])), sorted("bca", reverse=True))
# %% any and all stop early
def say(x):
    print("say", x)
    return x
print(any(say(x) for x in [0, 1, 2]), all(say(x) for x in [1, 0, 2]))
# %% a builtin that is hidden
def len(x):
    return 42
print(len([1]))
# %% a builtin that is hidden later
print(abs(-1))
abs = lambda x: "mine"
print(abs(-1))
# %% a builtin that is hidden by a parameter
def f(max):
    return max + 1
print(f(1), max(1, 2))
# %% constants
WIDTH = 4
HEIGHT = WIDTH * 2
def area():
    return WIDTH * HEIGHT
print(area())
# %% constants that change
LEVEL = 1
def show():
    return LEVEL * 10
print(show())
LEVEL = 2
print(show())
# %% walrus
if (n := len("abcd")) > 3:
    print(n)
print([y := 1, y ** 2], y)
# %% walrus in a comprehension
print([last := x for x in range(3)], last)
# %% walrus and the name it changes
x = 1
print(x + (x := 10) + x)
# %% complex numbers and ellipsis
print((1 + 2j) * 2, ..., (1j).imag)
# %% a large tuple stays one
t = tuple(range(100))
print(t[50], len(t))
# %% integers as text, at the limit
x = 10 ** 50
print(x, -x, x // 3)
# %% string escapes
s = "a\tb\\n\u00e9\x00z"
print(s, len(s))
# %% a text over several lines
text = """one
two"""
print(text.split("\n"))
# %% implicit concatenation
print("a" "b" f"{1}" "c")
