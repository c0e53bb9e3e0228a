# en: Gradient descent, printed as it goes
# zh-Hans: 梯度下降，边算边打印
# mode: imperative

import torch

x = torch.tensor([4.0, -3.0], requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.2)

for step in range(10):
    loss = (x**2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"step {step}: loss {loss.item():8.4f} at {x.tolist()}")
