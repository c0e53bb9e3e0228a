# A list that is filled
# %% written
def squares(n):
    found = []
    for i in range(n):
        found.append(i ** 2)
    return found

print(squares(5), sum(squares(5)))
# %% inlined
def squares(n):
    found = []
    for i in range(n):
        found.append(i ** 2)
    return found

print(squares(5), sum(squares(5)))
# %% folded
def squares(n):
    found = []
    for i in range(n):
        found.append(i ** 2)
    return found

print([0, 1, 4, 9, 16], 30)
# %% released
print([0, 1, 4, 9, 16], 30)
