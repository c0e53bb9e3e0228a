# en: Does compiling pay, and does it still do the same?
# zh-Hans: 编译值得吗？结果还一样吗？
# mode: compare

import torch
from torch import nn

net = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 2)).eval()
x = torch.randn(1, 512)

net(x)  # this call is repeated along every path: as it is, scripted, traced
