"""Nothing crosses from one run to the next; what hostile runs try is among the attempts."""

import pytest

from tests.support.runner import Bench

STAINS = {
    "the working directory": (
        "import os; os.chdir('/')",
        "import os; print(os.getcwd() == os.environ['HOME'])",
        "True",
    ),
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
