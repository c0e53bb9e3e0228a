# A loop that prints
# %% written
def show(x):
    print("x is", x)

for i in range(3):
    show(i * 10)
# %% inlined
def show(x):
    print("x is", x)

for i in range(3):
    print('x is', i * 10)
# %% folded
def show(x):
    print("x is", x)

i = 0
print('x is', 0)
i = 1
print('x is', 10)
i = 2
print('x is', 20)
# %% released
print('x is', 0)
print('x is', 10)
print('x is', 20)
