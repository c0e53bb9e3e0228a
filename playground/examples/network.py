# en: A network, one layer after another
# zh-Hans: 一个网络，一层接一层
# mode: imperative

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
net(x)
