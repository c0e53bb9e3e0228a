"""Nothing crosses from one run to the next."""

import pytest

from tests.support.runner import Bench

STAINS = {
    "a module": ("import sys; sys.modules['stain'] = sys", "import sys; print('stain' in sys.modules)", "False"),
    "a builtin": ("import builtins; builtins.stain = 1", "import builtins; print(hasattr(builtins, 'stain'))", "False"),
    "a file": ("open('/tmp/stain', 'w').write('x')", "import os; print(os.path.exists('/tmp/stain'))", "False"),
    "a file at home": ("open('stain', 'w').write('x')", "import os; print(os.listdir())", "[]"),
    "the environment": ("import os; os.environ['STAIN'] = '1'", "import os; print('STAIN' in os.environ)", "False"),
    "the default dtype": (
        "import torch; torch.set_default_dtype(torch.float64)",
        "import torch; print(torch.get_default_dtype())",
        "torch.float32",
    ),
    "the working directory": ("import os; os.chdir('/')", "import os; print(os.getcwd())", "/home/snippet"),
    "an attribute of torch": ("import torch; torch.stain = 1", "import torch; print(hasattr(torch, 'stain'))", "False"),
    "a variable": ("stain = 1", "print('stain' in globals())", "False"),
    "a figure": (
        "import matplotlib.pyplot as plt; plt.plot([1])",
        "import matplotlib.pyplot as plt; print(plt.get_fignums())",
        "[]",
    ),
}


@pytest.mark.parametrize("what", STAINS)
def test_it_does_not_cross(bench: Bench, what: str) -> None:
    stain, look, clean = STAINS[what]
    for _ in range(2):
        assert bench.run(stain).status == "ok"
    assert bench.run(look).stdout.strip() == clean


def test_random_numbers_differ_from_run_to_run(bench: Bench) -> None:
    source = "import random, numpy, torch; print(random.random(), numpy.random.rand(), torch.rand(1).item())"
    runs = [bench.run(source).stdout.split() for _ in range(4)]
    for generator in zip(*runs, strict=True):
        assert len(set(generator)) == 4
