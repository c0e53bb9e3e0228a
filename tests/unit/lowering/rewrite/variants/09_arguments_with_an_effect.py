# Arguments with an effect
# %% written
def ask(question):
    print(question)
    return len(question)

def sub(a, b):
    return b - a

print(sub(ask("one"), ask("three")))
# %% inlined
def ask(question):
    print(question)
    return len(question)

def sub(a, b):
    return b - a

print('one')
a = len('one')
print('three')
b = len('three')
print(b - a)
# %% folded
def ask(question):
    print(question)
    return len(question)

def sub(a, b):
    return b - a

print('one')
a = 3
print('three')
b = 5
print(2)
# %% released
print('one')
print('three')
print(2)
