# en: The same network, taken out of Python
# zh-Hans: 同一个网络，脱离 Python 运行
# mode: hybrid

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(512, 256),
    nn.ReLU(),
    nn.Linear(256, 128),
    nn.ReLU(),
    nn.Linear(128, 2),
)
x = torch.randn(1, 512)
before = net(x)

net = torch.jit.script(net)
print("same values:", torch.allclose(net(x), before))

net.save("network")
