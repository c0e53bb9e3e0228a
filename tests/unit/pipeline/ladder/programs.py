"""The programs, sixty and more, each of one feature; line 4 is the first of its own."""

from tests.support.ladder import program

FUNCTIONS = [
    program(
        "a function",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x * 3  #: mul
            return torch.relu(y)  #: relu
        result = f(torch.randn(4))
    """,
    ),
    program(
        "a function that calls another",
        """
        def inner(a):
            return torch.sin(a)  #: sin
        @torch.compile(backend=BACKEND)
        def outer(x):
            first = inner(x)
            return first + torch.cos(x)  #: add cos
        result = outer(torch.randn(4))
    """,
    ),
    program(
        "a lambda",
        """
        f = torch.compile(lambda x: x.exp() - 1, backend=BACKEND)  #: exp sub
        result = f(torch.randn(3))
    """,
    ),
    program(
        "keyword arguments and defaults",
        """
        @torch.compile(backend=BACKEND)
        def f(x, *, scale=2.0, shift=None):
            x = x * scale  #: mul
            return x if shift is None else x - shift  #: sub
        result = f(torch.randn(3), shift=torch.ones(3))
    """,
    ),
    program(
        "any number of arguments",
        """
        @torch.compile(backend=BACKEND)
        def f(*tensors, **named):
            total = tensors[0]
            for one in tensors[1:]:
                total = total + one  #: add
            return total / named["by"]  #: div
        result = f(torch.ones(2), torch.ones(2), torch.ones(2), by=torch.full((2,), 4.0))
    """,
    ),
    program(
        "a closure",
        """
        weight = torch.randn(3)
        def make(factor):
            def f(x):
                return (x * weight).tanh() + factor  #: mul tanh add
            return f
        result = torch.compile(make(2.5), backend=BACKEND)(torch.randn(3))
    """,
    ),
    program(
        "a method",
        """
        class Scale:
            def __init__(self, by):
                self.by = by
            @torch.compile(backend=BACKEND)
            def apply(self, x):
                return torch.sigmoid(x) * self.by  #: sigmoid mul
        result = Scale(3).apply(torch.randn(2, 2))
    """,
    ),
    program(
        "several results",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            small = x.min()  #: min
            large = x.max()  #: max
            return small, large, x.argmax()  #: argmax
        result = f(torch.tensor([3.0, 1.0, 2.0]))
    """,
    ),
    program(
        "a tree of results",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return {"up": [x.ceil()], "down": (x.floor(), 7)}  #: ceil floor
        result = f(torch.randn(5))
    """,
    ),
    program(
        "expressions over several lines",
        """
        @torch.compile(backend=BACKEND)
        def f(a, b):
            return torch.where(  #: where
                a > b,  #: gt
                a.abs(),  #: abs
                b.neg(),  #: neg
            )
        result = f(torch.randn(6), torch.randn(6))
    """,
    ),
]

MODULES = [
    program(
        "the layers of a Sequential",
        """
        net = nn.Sequential(
            nn.Linear(4, 8),  #: addmm
            nn.ReLU(),  #: relu
            nn.Linear(8, 2),  #: addmm
        )
        result = torch.compile(net, backend=BACKEND)(torch.randn(3, 4))
    """,
        backward=True,
    ),
    program(
        "a Sequential made by a function",
        """
        def get_net():
            parts = [nn.Linear(4, 4)]  #: addmm
            parts.append(nn.Tanh())  #: tanh
            return nn.Sequential(*parts)
        with torch.no_grad():
            result = torch.compile(get_net(), backend=BACKEND)(torch.randn(3, 4))
    """,
    ),
    program(
        "Sequentials within each other",
        """
        net = nn.Sequential(
            nn.Sequential(nn.Linear(3, 3), nn.Sigmoid()),  #: addmm sigmoid
            nn.Sequential(
                nn.ELU(),  #: elu
            ),
        )
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(2, 3))
    """,
    ),
    program(
        "a module of one's own",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(4, 4)
            def forward(self, x):
                h = self.hidden(x)  #: addmm
                return h.relu()  #: relu
        with torch.no_grad():
            result = torch.compile(Net(), backend=BACKEND)(torch.randn(2, 4))
    """,
    ),
    program(
        "a Sequential in a module of one's own",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(
                    nn.Linear(4, 4),  #: addmm
                    nn.Softplus(),  #: softplus
                )
            def forward(self, x):
                return self.body(x).sum()  #: sum
        with torch.no_grad():
            result = torch.compile(Net(), backend=BACKEND)(torch.randn(2, 4))
    """,
    ),
    program(
        "a list of modules",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.heads = nn.ModuleList([nn.Linear(4, 2) for _ in range(2)])
            def forward(self, x):
                return torch.cat([head(x) for head in self.heads])  #: cat addmm
        with torch.no_grad():
            result = torch.compile(Net(), backend=BACKEND)(torch.randn(2, 4))
    """,
    ),
    program(
        "a dictionary of modules",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.by_name = nn.ModuleDict({"a": nn.Linear(3, 3), "b": nn.ReLU()})
            def forward(self, x, name):
                return self.by_name[name](x) + 1  #: addmm add
        with torch.no_grad():
            result = torch.compile(Net(), backend=BACKEND)(torch.randn(2, 3), "a")
    """,
    ),
    program(
        "module.compile()",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(
                    nn.LayerNorm(4),  #: native_layer_norm
                    nn.GELU(),  #: gelu
                )
            def forward(self, x):
                return self.body(x)
        net = Net()
        net.compile(backend=BACKEND)
        with torch.no_grad():
            result = net(torch.randn(2, 4))
    """,
    ),
    program(
        "a module called by a compiled function",
        """
        net = nn.Linear(4, 4)
        @torch.compile(backend=BACKEND)
        def f(x):
            return net(x).square()  #: addmm pow
        with torch.no_grad():
            result = f(torch.randn(2, 4))
    """,
    ),
    program(
        "shared weights",
        """
        layer = nn.Linear(4, 4)  #: addmm
        net = nn.Sequential(layer, nn.Hardtanh(), layer)  #: hardtanh
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(2, 4))
    """,
    ),
    program(
        "a module that holds a container and a buffer",
        """
        class Running(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("seen", torch.zeros(()))
            def forward(self, x):
                self.seen += x.sum()  #: add sum
                return x / self.seen  #: div
        net = Running()
        fast = torch.compile(net, backend=BACKEND)
        result = [fast(torch.ones(3)), fast(torch.ones(3)), net.seen]
    """,
    ),
    program(
        "parameters of one's own",
        """
        class Affine(nn.Module):
            def __init__(self):
                super().__init__()
                self.gain = nn.Parameter(torch.randn(4))
            def forward(self, x):
                return x * self.gain.exp()  #: mul exp
        with torch.no_grad():
            result = torch.compile(Affine(), backend=BACKEND)(torch.randn(4))
    """,
    ),
]

LAYERS = [
    program(
        "convolution",
        """
        net = nn.Sequential(
            nn.Conv2d(1, 2, 3),  #: convolution
            nn.MaxPool2d(2),  #: max_pool2d_with_indices
            nn.Flatten(),  #: view
        )
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(1, 1, 8, 8))
    """,
    ),
    program(
        "batch normalization that learns",
        """
        net = nn.Sequential(nn.BatchNorm1d(3))  #: _native_batch_norm_legit_functional
        with torch.no_grad():
            result = [torch.compile(net, backend=BACKEND)(torch.randn(4, 3)), net[0].running_mean]
    """,
    ),
    program(
        "embedding",
        """
        table = nn.Embedding(10, 4)
        @torch.compile(backend=BACKEND)
        def f(ids):
            rows = table(ids)  #: embedding
            return rows.mean(1)  #: mean
        with torch.no_grad():
            result = f(torch.tensor([[1, 2], [3, 4]]))
    """,
    ),
    program(
        "attention, written out",
        """
        @torch.compile(backend=BACKEND)
        def attend(q, k, v):
            scores = q @ k.transpose(-1, -2)  #: bmm transpose
            weights = scores.softmax(-1)  #: _softmax
            return weights.matmul(v)  #: bmm
        result = attend(*torch.randn(3, 2, 4, 8).unbind())
    """,
    ),
    program(
        "attention, built in",
        """
        @torch.compile(backend=BACKEND)
        def attend(q, k, v):
            q = q.mul(0.5)  #: mul
            return nn.functional.scaled_dot_product_attention(q, k, v)
        with torch.no_grad():
            result = attend(*torch.randn(3, 1, 2, 4, 8).unbind())
    """,
    ),
    program(
        "dropout, with the state of random numbers",
        """
        net = nn.Sequential(
            nn.Dropout(0.5),
            nn.LeakyReLU(),  #: leaky_relu
        )
        torch.manual_seed(7)
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(3, 3))
    """,
    ),
    program(
        "dropout while evaluating",
        """
        net = nn.Sequential(nn.Dropout(0.5), nn.SiLU()).eval()  #: silu
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(3, 3))
    """,
    ),
    program(
        "a recurrence, written out",
        """
        cell = torch.randn(3, 3)
        @torch.compile(backend=BACKEND)
        def run(xs, h):
            for x in xs:
                h = torch.tanh(x + h @ cell)  #: tanh add
            return h
        result = run([torch.randn(3) for _ in range(3)], torch.zeros(3))
    """,
    ),
    program(
        "losses",
        """
        @torch.compile(backend=BACKEND)
        def loss(y, target):
            soft = y.log_softmax(1)  #: _log_softmax
            return nn.functional.nll_loss(soft, target)  #: nll_loss_forward
        result = loss(torch.randn(4, 3), torch.tensor([0, 1, 2, 0]))
    """,
    ),
    program(
        "an encoder layer of torch's",
        """
        layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()  #: native_layer_norm
        net = nn.Sequential(layer)
        result = torch.compile(net, backend=BACKEND)(torch.randn(1, 3, 8))
    """,
        backward=True,
    ),
]

TRAINING = [
    program(
        "a training step",
        """
        net = nn.Sequential(
            nn.Linear(4, 4),  #: addmm mm
            nn.ReLU(),  #: relu
            nn.Linear(4, 1),  #: addmm mm
        )
        best = torch.optim.SGD(net.parameters(), lr=0.1)
        fast = torch.compile(net, backend=BACKEND)
        for _ in range(2):
            best.zero_grad()
            fast(torch.ones(2, 4)).sum().backward()
            best.step()
        result = [p for p in net.parameters()]
    """,
        backward=True,
    ),
    program(
        "a loss with the model in it",
        """
        net = nn.Linear(3, 1)
        @torch.compile(backend=BACKEND)
        def loss(x, y):
            error = net(x) - y  #: addmm sub
            return error.abs().mean()  #: abs mean
        value = loss(torch.randn(4, 3), torch.randn(4, 1))
        value.backward()
        result = [value, net.weight.grad]
    """,
        backward=True,
    ),
    program(
        "gradients of inputs",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return (x.sin() * x).sum()  #: sin mul sum
        x = torch.randn(5, requires_grad=True)
        f(x).backward()
        result = x.grad
    """,
        backward=True,
    ),
    program(
        "a custom function of autograd",
        """
        class Double(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2
            @staticmethod
            def backward(ctx, grad):
                return grad * 3
        @torch.compile(backend=BACKEND)
        def f(x):
            return Double.apply(x).sigmoid()  #: sigmoid
        x = torch.randn(3, requires_grad=True)
        f(x).sum().backward()
        result = x.grad
    """,
        backward=True,
    ),
    program(
        "detach and no_grad inside",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            with torch.no_grad():
                fixed = x.cos()  #: cos
            return (x * fixed.detach()).sum()  #: mul sum
        x = torch.randn(3, requires_grad=True)
        f(x).backward()
        result = x.grad
    """,
        backward=True,
    ),
    program(
        "gradient clipping outside",
        """
        net = nn.Sequential(nn.Linear(2, 2))  #: addmm mm
        torch.compile(net, backend=BACKEND)(torch.ones(1, 2)).sum().backward()
        result = [nn.utils.clip_grad_norm_(net.parameters(), 1.0), net[0].weight.grad]
    """,
        backward=True,
    ),
    program(
        "double precision and half",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            wide = x.double()  #: _to_copy
            return wide.sqrt().bfloat16()  #: sqrt _to_copy
        result = f(torch.rand(4))
    """,
    ),
]

CONTROL = [
    program(
        "a branch on a Python value",
        """
        @torch.compile(backend=BACKEND)
        def f(x, up):
            if up:
                return x.ceil()  #: ceil
            return x.floor()
        result = f(torch.randn(3), True)
    """,
    ),
    program(
        "a loop that is unrolled",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            for power in range(3):
                x = x + x ** power  #: add pow
            return x
        result = f(torch.randn(3))
    """,
    ),
    program(
        "a branch on a tensor",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.relu()  #: relu
            if y.sum() > 0:  #: sum gt
                return y.sqrt()  #: sqrt
            return y
        result = f(torch.ones(3))
    """,
        graphs=2,
        breaks=(7,),
    ),
    program(
        "a tensor made a number",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            top = x.max().item()  #: max
            return x / top  #: div
        result = f(torch.tensor([1.0, 2.0]))
    """,
        graphs=2,
        breaks=(6,),
    ),
    program(
        "printing inside",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.exp()  #: exp
            print("between")
            return y.log()  #: log
        result = f(torch.ones(2))
    """,
        graphs=2,
        breaks=(7,),
    ),
    program(
        "a break that is asked for",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.sin()  #: sin
            torch._dynamo.graph_break()
            return y.cos()  #: cos
        result = f(torch.ones(2))
    """,
        graphs=2,
        breaks=(7,),
    ),
    program(
        "a function that must not be compiled",
        """
        @torch.compiler.disable
        def plain(x):
            return x + 1
        @torch.compile(backend=BACKEND)
        def f(x):
            y = plain(x * 2)  #: mul
            return y.tanh()  #: tanh
        result = f(torch.ones(2))
    """,
        graphs=2,
        breaks=(9,),
    ),
    program(
        "torch.cond",
        """
        @torch.compile(backend=BACKEND, fullgraph=True)
        def f(x):
            y = x.abs()  #: abs
            return torch.cond(y.sum() > 1, lambda z: z.sin(), lambda z: z.cos(), (y,))  #: sum gt
        result = f(torch.ones(3))
    """,
    ),
    program(
        "an exception raised and caught inside",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            try:
                raise ValueError("no")
            except ValueError:
                x = x.neg()  #: neg
            return x.exp()  #: exp
        result = f(torch.ones(2))
    """,
    ),
    program(
        "an exception that leaves",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.sin()
            raise RuntimeError("on purpose")
        f(torch.ones(2))
    """,
        graphs=0,
        breaks=(7,),
        error="on purpose",
    ),
    program(
        "a shape that does not fit",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x @ torch.ones(7)
        f(torch.ones(2, 3))
    """,
        graphs=0,
        error=" ",
    ),
    program(
        "fullgraph=True where it breaks",
        """
        @torch.compile(backend=BACKEND, fullgraph=True)
        def f(x):
            print(x)
            return x
        f(torch.ones(2))
    """,
        graphs=0,
        error="print",
    ),
    program(
        "nested compiles",
        """
        @torch.compile(backend=BACKEND)
        def inner(x):
            return x.sigmoid()  #: sigmoid
        @torch.compile(backend=BACKEND)
        def outer(x):
            return inner(x) * 2  #: mul
        result = outer(torch.ones(2))
    """,
    ),
    program(
        "logs and resets between compiles",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.rsqrt()  #: rsqrt
        f(torch.ones(2))
        torch._logging.set_logs()
        torch._dynamo.reset()
        @torch.compile(backend=BACKEND)
        def g(x):
            return x.sign()  #: sign
        result = [f(torch.ones(2)), g(torch.ones(2))]
    """,
        graphs=3,
    ),
]

SHAPES = [
    program(
        "another size",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.cumsum(0)  #: cumsum
        result = [f(torch.ones(n)) for n in (3, 5, 7)]
    """,
        graphs=2,
        recompiles=1,
    ),
    program(
        "dynamic from the start",
        """
        @torch.compile(backend=BACKEND, dynamic=True)
        def f(x):
            return x.flip(0)  #: flip
        result = [f(torch.arange(n)) for n in (3, 5)]
    """,
    ),
    program(
        "marked dynamic",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.sinh()  #: sinh
        x = torch.ones(4)
        torch._dynamo.mark_dynamic(x, 0)
        result = [f(x), f(torch.ones(9))]
    """,
    ),
    program(
        "a constant that changes",
        """
        @torch.compile(backend=BACKEND, dynamic=False)
        def f(x, n):
            return x * n  #: mul
        result = [f(torch.ones(2), n) for n in range(2, 5)]
    """,
        graphs=3,
        recompiles=2,
    ),
    program(
        "another type",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.clamp(0, 1)  #: clamp
        result = [f(torch.ones(2)), f(torch.ones(2, dtype=torch.float64))]
    """,
        graphs=2,
        recompiles=1,
    ),
    program(
        "with and without gradients",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.asin()  #: asin
        x = torch.zeros(2, requires_grad=True)
        first = f(x)
        with torch.no_grad():
            result = [first, f(x)]
    """,
        graphs=2,
        recompiles=1,
        backward=True,
    ),
    program(
        "an empty tensor",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.atan()  #: atan
        result = f(torch.empty(0))
    """,
    ),
]

VALUES = [
    program(
        "in-place mutation of an argument",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            x.add_(1)  #: add
            x.mul_(3)  #: mul
            return x.view(-1)
        x = torch.zeros(2, 2)
        result = [f(x), x]
    """,
    ),
    program(
        "indexed assignment",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.clone()  #: clone
            y[0] = x[1].log()  #: log
            return y
        result = f(torch.rand(3, 2))
    """,
    ),
    program(
        "a dictionary of tensors",
        """
        @torch.compile(backend=BACKEND)
        def f(batch):
            both = batch["left"] - batch["right"]  #: sub
            return {"size": both.abs()}  #: abs
        result = f({"left": torch.randn(3), "right": torch.randn(3)})
    """,
    ),
    program(
        "a dataclass",
        """
        from dataclasses import dataclass
        @dataclass
        class Pair:
            a: torch.Tensor
            b: torch.Tensor
        @torch.compile(backend=BACKEND)
        def f(pair):
            return torch.maximum(pair.a, pair.b).expm1()  #: maximum expm1
        result = f(Pair(torch.randn(3), torch.randn(3)))
    """,
    ),
    program(
        "a named tuple and a list that grows",
        """
        from collections import namedtuple
        Point = namedtuple("Point", "x y")
        @torch.compile(backend=BACKEND)
        def f(p):
            found = []
            found.append(p.x.erf())  #: erf
            found.append(p.y.round())  #: round
            return torch.stack(found)
        result = f(Point(torch.randn(2), torch.randn(2)))
    """,
    ),
    program(
        "hooks of a module",
        """
        net = nn.Linear(2, 2)
        net.register_forward_hook(lambda module, args, out: out * 10)  #: mul
        fast = torch.compile(net, backend=BACKEND)
        with torch.no_grad():
            result = fast(torch.ones(1, 2))
    """,
    ),
    program(
        "torch.func",
        """
        from torch.func import grad, vmap
        def energy(x):
            return (x.cos() ** 2).sum()
        @torch.compile(backend=BACKEND)
        def f(xs):
            return vmap(grad(energy))(xs).tan()  #: tan
        result = f(torch.randn(3, 2))
    """,
    ),
    program(
        "views and strides",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            turned = x.permute(1, 0)  #: permute
            return turned.reshape(-1).log1p()  #: log1p
        result = f(torch.rand(2, 3))
    """,
    ),
    program(
        "words of other scripts in the source",
        """
        @torch.compile(backend=BACKEND)
        def 激活(输入):
            说明 = "各层"; 输出 = 输入.exp2()  #: exp2
            return 输出.trunc()  #: trunc
        result = 激活(torch.randn(3))
    """,
    ),
    program(
        "complex numbers",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.acos()  #: acos
        result = f(torch.tensor([0.5, 0.25]))
    """,
    ),
]

GENERATED = [
    program(
        "kernels of a function",
        """
        @torch.compile(backend=BACKEND)
        def f(a, b):
            c = a.tanh()  #: tanh
            return c * b  #: mul
        with torch.no_grad():
            result = f(torch.randn(64), torch.randn(64))
    """,
        backend="inductor",
    ),
    program(
        "kernels of two lines fused, and a sum",
        """
        @torch.compile(backend=BACKEND)
        def f(a):
            b = a.sin()  #: sin
            return b.sum()  #: sum
        result = f(torch.randn(64))
    """,
        backend="inductor",
    ),
    program(
        "kernels of a Sequential",
        """
        net = nn.Sequential(
            nn.Linear(8, 8),  #: addmm
            nn.ReLU(),  #: relu
        )
        with torch.no_grad():
            result = torch.compile(net, backend=BACKEND)(torch.randn(2, 8))
    """,
        backend="inductor",
    ),
    program(
        "kernels forwards and backwards",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            return x.sigmoid().sum()  #: sigmoid sum
        x = torch.randn(32, requires_grad=True)
        f(x).backward()
        result = x.grad
    """,
        backend="inductor",
        backward=True,
    ),
    program(
        "kernels on both sides of a break",
        """
        @torch.compile(backend=BACKEND)
        def f(x):
            y = x.exp()  #: exp
            torch._dynamo.graph_break()
            return y + 1  #: add
        result = f(torch.randn(16))
    """,
        backend="inductor",
        graphs=2,
        breaks=(7,),
    ),
]

PROGRAMS = [*FUNCTIONS, *MODULES, *LAYERS, *TRAINING, *CONTROL, *SHAPES, *VALUES, *GENERATED]
