# en: A figure
# zh-Hans: 一张图
# mode: imperative

import matplotlib.pyplot as plt
import torch

x = torch.linspace(-3, 3, 200)
for name in ("relu", "tanh", "sigmoid"):
    plt.plot(x, getattr(torch, name)(x), label=name)
plt.legend()
plt.show()
