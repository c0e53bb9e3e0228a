# A value that is large
# %% written
import torch

def total(x):
    return x.sum()

x = torch.randn(1000, 1000)
y = x @ x
print(total(y).shape)
z = torch.zeros(3)
print(z)
# %% inlined
import torch

def total(x):
    return x.sum()

x = torch.randn(1000, 1000)
y = x @ x
print(y.sum().shape)
z = torch.zeros(3)
print(z)
# %% folded
import torch

def total(x):
    return x.sum()

x = torch.randn(1000, 1000)
y = x @ x
print(y.sum().shape)
z = torch.zeros(3)
print(z)
# %% released
import torch

x = torch.randn(1000, 1000)
y = x @ x
del x
print(y.sum().shape)
del y
z = torch.zeros(3)
print(z)
