# Recursion
# %% written
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)

print(factorial(5))
# %% inlined
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)

print(factorial(5))
# %% folded
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)

print(120)
# %% released
print(120)
# %% left alone
# line 4: `factorial` is not inlined: it may call itself, and Python limits how deep calls go
