# Tensors
# %% written
import torch

def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g

x = torch.ones(2)
y = torch.arange(2.0)
print(fancy_func(x, y, x, y))
# %% inlined
import torch

def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = a + b
    f = c + d
    g = e + f
    return g

x = torch.ones(2)
y = torch.arange(2.0)
print((x + y) + (x + y))
# %% folded
import torch

def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = a + b
    f = c + d
    g = e + f
    return g

x = torch.ones(2)
y = torch.arange(2.0)
print((x + y) + (x + y))
# %% released
import torch

x = torch.ones(2)
y = torch.arange(2.0)
print((x + y) + (x + y))
