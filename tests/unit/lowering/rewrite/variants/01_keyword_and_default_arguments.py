# Keyword and default arguments
# %% written
def scale(x, factor=2, *, offset=0):
    return x * factor + offset

print(scale(3), scale(3, offset=1), scale(factor=5, x=4))
# %% inlined
def scale(x, factor=2, *, offset=0):
    return x * factor + offset

print(3 * 2 + 0, 3 * 2 + 1, 4 * 5 + 0)
# %% folded
def scale(x, factor=2, *, offset=0):
    return x * factor + offset

print(6, 7, 20)
# %% released
print(6, 7, 20)
