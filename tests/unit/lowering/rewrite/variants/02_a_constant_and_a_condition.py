# A constant and a condition
# %% written
DEBUG = False
RATE = 0.5

def price(amount):
    if DEBUG:
        print("pricing", amount)
    return amount * RATE

print(price(10) + price(4))
# %% inlined
DEBUG = False
RATE = 0.5

def price(amount):
    if DEBUG:
        print("pricing", amount)
    return amount * RATE

if DEBUG:
    print('pricing', 10)
print(10 * RATE + price(4))
# %% folded
DEBUG = False
RATE = 0.5

def price(amount):
    return amount * 0.5

print(7.0)
# %% released
print(7.0)
# %% left alone
# line 9: `price` is not inlined: here it would need statements of its own, and on line 9 other things come before them
