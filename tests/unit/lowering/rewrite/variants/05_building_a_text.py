# Building a text
# %% written
def greet(names):
    text = ""
    for name in names:
        text += f"Hello, {name}! "
    return text.strip()

print(greet(["Ada", "Alan"]))
# %% inlined
def greet(names):
    text = ""
    for name in names:
        text += f"Hello, {name}! "
    return text.strip()

print(greet(["Ada", "Alan"]))
# %% folded
def greet(names):
    text = ""
    for name in names:
        text += f"Hello, {name}! "
    return text.strip()

print('Hello, Ada! Hello, Alan!')
# %% released
print('Hello, Ada! Hello, Alan!')
