# en: A decorator that TorchScript leaves out
# zh-Hans: 被 TorchScript 忽略的装饰器
# mode: compare

import functools

import torch


def doubled(function):
    @functools.wraps(function)
    def wrapper(x):
        return 2 * function(x)

    return wrapper


@doubled
def add_one(x):
    return x + 1


print(add_one(torch.ones(3)))  # 4: the verdict tells what script makes of it
