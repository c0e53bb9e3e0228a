# %% a branch that is known
DEBUG = False
if DEBUG:
    print("debug")
else:
    print("quiet")
# %% elif chains
x = 2
if x == 1:
    print("one")
elif x == 2:
    print("two")
else:
    print("many")
# %% a branch that is not known
import random
x = random.random()
if x < 2:
    y = 1
else:
    y = 1
print(y)
# %% different values from two branches
import random
if random.random() < 2:
    y = 1
else:
    y = 2
print(y)
# %% a loop that is counted
total = 0
for i in range(10):
    total += i
print(total, i)
# %% a loop that prints
for i in range(3):
    print(i, i * i)
# %% a loop over nothing
for i in []:
    print(i)
else:
    print("nothing")
try:
    print(i)
except NameError as error:
    print(error)
# %% break and else
for n in range(2, 6):
    for d in range(2, n):
        if n % d == 0:
            print(n, "=", d, "*", n // d)
            break
    else:
        print(n, "is prime")
# %% continue
for i in range(5):
    if i % 2:
        continue
    print(i)
# %% break on what is not known
import random
for i in range(5):
    if random.random() < 2:
        break
print(i)
# %% while
n = 5
while n > 0:
    n -= 2
    print(n)
# %% while with else
n = 2
while n:
    n -= 1
else:
    print("done", n)
# %% while true
n = 0
while True:
    n += 1
    if n == 4:
        break
print(n)
# %% a long loop
total = 0
for i in range(100000):
    total += i
print(total)
# %% loop variable after the loop
for i in range(3):
    pass
print(i)
# %% loop variable that is reassigned
for i in range(3):
    print(i)
    i = 10
print(i)
# %% nested loops
for i in range(2):
    for j in range(2):
        print(i, j)
# %% a loop over a string
for c in "abc":
    print(c.upper())
# %% a loop over pairs
for a, b in [(1, 2), (3, 4)]:
    print(a + b)
# %% a loop whose iterable says something
def items():
    print("asked")
    return [1, 2]
for x in items():
    print(x)
# %% string building
parts = []
for i in range(3):
    parts.append(str(i))
print("-".join(parts))
# %% string building by adding
s = ""
for c in "hello":
    s = c + s
print(s)
# %% collatz
def steps(n):
    count = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count
print(steps(27))
# %% greatest common divisor
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
print(gcd(48, 36))
# %% primes
def primes(n):
    found = []
    for i in range(2, n):
        if all(i % p for p in found):
            found.append(i)
    return found
print(primes(20))
# %% binary search
def search(xs, x):
    low, high = 0, len(xs)
    while low < high:
        middle = (low + high) // 2
        if xs[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low
print(search([1, 3, 5, 7], 5))
