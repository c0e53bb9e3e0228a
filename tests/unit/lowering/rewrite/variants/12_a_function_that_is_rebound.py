# A function that is rebound
# %% written
def step(x):
    return x + 1

print(step(1))
step = abs
print(step(-1))
# %% inlined
def step(x):
    return x + 1

print(step(1))
step = abs
print(step(-1))
# %% folded
def step(x):
    return x + 1

print(step(1))
step = abs
print(step(-1))
# %% released
def step(x):
    return x + 1

print(step(1))
step = abs
print(step(-1))
# %% left alone
# line 4: `step` is not inlined: it may be rebound on line 5
