# %% closures
def counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = counter()
print(c(), c(), counter()())
# %% a closure sees what comes later
def f():
    x = 1
    def g():
        return x
    x = 2
    return g()
print(f())
# %% a closure over a parameter
def adder(n):
    return lambda x: x + n
print(adder(3)(4), [adder(i)(1) for i in range(3)])
# %% global and local of one name
x = "global"
def f():
    x = "local"
    return x
def g():
    return x
print(f(), g(), x)
# %% a name that is local because of what is never run
x = 1
def f():
    if False:
        x = 2
    return x
try:
    f()
except UnboundLocalError as error:
    print(error)
# %% a name that is global because of what is never run
x = 1
def f():
    if False:
        global x
    x = 5
f()
print(x)
# %% a loop that is never run makes its name local
i = 1
def f():
    for i in ():
        pass
    return i
try:
    f()
except UnboundLocalError as error:
    print(error)
# %% class scope
x = "global"
class C:
    x = "class"
    y = x
    def f(self):
        return x
print(C.y, C().f())
# %% class body runs in order
class C:
    print("body")
    n = 0
    for i in range(3):
        n += i
    del i
print(C.n, hasattr(C, "i"))
# %% class body with a comprehension
class C:
    n = 2
    xs = [n for n in range(3)]
print(C.xs, C.n)
# %% class attributes that change
class C:
    count = 0
    def __init__(self):
        C.count += 1
C(); C()
print(C.count)
# %% methods
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def norm(self):
        return square(self.x) + square(self.y)
def square(x):
    return x * x
print(Point(3, 4).norm())
# %% inheritance and super
class A:
    def f(self):
        return "A"
class B(A):
    def f(self):
        return "B" + super().f()
print(B().f())
# %% properties, static and class methods
class C:
    def __init__(self):
        self._x = 1
    @property
    def x(self):
        print("get")
        return self._x
    @staticmethod
    def s(a):
        return a + 1
    @classmethod
    def c(cls):
        return cls.__name__
o = C()
print(o.x + o.x, C.s(1), C.c())
# %% private names of a class
class C:
    def __init__(self):
        self.__secret = 5
    def get(self):
        return self.__secret
print(C().get(), C()._C__secret)
# %% operators
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        print("add")
        return V(self.x + other.x)
    def __eq__(self, other):
        print("eq")
        return self.x == other.x
    def __repr__(self):
        return f"V({self.x})"
def add(a, b):
    return a + b
print(add(V(1), V(2)), add(V(1), V(2)) == V(3))
# %% truth that is asked for once
class T:
    def __bool__(self):
        print("bool")
        return True
def pick(c, a, b):
    return a if c else b
print(pick(T(), 1, 2), T() and 3)
# %% attribute access that does things
class A:
    def __getattr__(self, name):
        print("get", name)
        return len(name)
a = A()
def f(x):
    return x.foo + x.barr
print(f(a))
# %% subscripts that do things
class S:
    def __getitem__(self, key):
        print("item", key)
        return key
s = S()
def f(x, i):
    return x[i], x[i:], x[i, 0]
print(f(s, 1))
# %% an iterator that says what it does
class It:
    def __iter__(self):
        print("iter")
        return iter([1, 2])
for x in It():
    print(x)
a, b = It()
# %% descriptors
class D:
    def __set_name__(self, owner, name):
        print("named", name)
    def __get__(self, instance, owner):
        return 7
class C:
    d = D()
print(C().d)
# %% a dead store makes a name local, a comprehension does not
c = 1
xs = ["a", "b"]
def f():
    print([0 for c in xs])
    if c:
        print("never")
    c = 5
try:
    f()
except UnboundLocalError as error:
    print(error)
