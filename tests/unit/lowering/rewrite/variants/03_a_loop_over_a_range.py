# A loop over a range
# %% written
def total(n):
    s = 0
    for i in range(n):
        s += i * i
    return s

print(total(10))
# %% inlined
def total(n):
    s = 0
    for i in range(n):
        s += i * i
    return s

s = 0
for i in range(10):
    s += i * i
print(s)
# %% folded
def total(n):
    s = 0
    for i in range(n):
        s += i * i
    return s

s = 0
s = 285
i = 9
print(285)
# %% released
print(285)
