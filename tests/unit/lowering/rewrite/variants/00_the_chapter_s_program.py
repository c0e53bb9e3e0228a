# The chapter's program
# %% written
def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g

print(fancy_func(1, 2, 3, 4))
# %% inlined
def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = a + b
    f = c + d
    g = e + f
    return g

print((1 + 2) + (3 + 4))
# %% folded
def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = a + b
    f = c + d
    g = e + f
    return g

print(10)
# %% released
print(10)
