# Input is not known
# %% written
def square(x):
    return x * x

def norm(a, b):
    return square(a) + square(b)

a = float(input())
b = float(input())
print(norm(a, b), norm(3, 4))
# %% inlined
def square(x):
    return x * x

def norm(a, b):
    return a * a + b * b

a = float(input())
b = float(input())
print(a * a + b * b, 3 * 3 + 4 * 4)
# %% folded
def square(x):
    return x * x

def norm(a, b):
    return a * a + b * b

a = float(input())
b = float(input())
print(a * a + b * b, 25)
# %% released
a = float(input())
b = float(input())
print(a * a + b * b, 25)
