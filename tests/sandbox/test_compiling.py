"""torch.compile inside the walls: in both tiers, from what was prepared once, with a cache that is each run's own."""

import hashlib
import json
from pathlib import Path
from typing import Any

from benchmarks.serving import running
from tests.support.runner import Bench

KNOWN = """
import json, torch
from torch import nn
net = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2))
x = torch.randn(1, 512)
same = torch.allclose(torch.compile(net)(x), net(x))
print(json.dumps([same, dict(torch._dynamo.utils.counters["inductor"])]))
"""
"""The chapter's network, which is among what is rehearsed."""
NEW = """
import json, torch
a = torch.arange(16.0)
f = lambda x: (x.sin() * 3.25 + x.cos()).relu()
same = torch.allclose(torch.compile(f)(a), f(a))
print(json.dumps([same, dict(torch._dynamo.utils.counters["inductor"])]))
"""
PLACE = """
import json
from playground.pipeline import warming
place = str(warming._prepared.place)
print(json.dumps(place))
"""
POISON = f"""
import os
{PLACE}
done = []
def attempt(what, action):
    try: action()
    except OSError: return
    done.append(what)
def overwrite(path):
    with open(path, 'wb') as file: file.write(b'poison')
for directory, directories, names in os.walk(place):
    for name in names:
        path = os.path.join(directory, name)
        attempt('overwrite', lambda: overwrite(path))
        attempt('remove', lambda: os.remove(path))
        attempt('chmod', lambda: os.chmod(path, 0o777))
    attempt('plant', lambda: overwrite(os.path.join(directory, 'planted')))
    attempt('rename', lambda: os.rename(directory, directory + '-away'))
    attempt('chmod', lambda: os.chmod(directory, 0o777))
warming.seed()
for directory, directories, names in os.walk(os.environ['TORCHINDUCTOR_CACHE_DIR']):
    for name in names:
        path = os.path.join(directory, name)
        if os.path.islink(path):  # to what all share
            attempt('overwrite by a link', lambda: overwrite(path))
        else:
            overwrite(path)
print(json.dumps(done))
"""


def found(bench: Bench, source: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    result = bench.run(source)
    assert result.error is None, result.error
    assert result.status == "ok", result
    return json.loads(result.stdout.splitlines()[-1])


def test_a_new_graph_is_compiled(bench: Bench) -> None:
    same, counters = found(bench, NEW)
    assert same
    assert counters["fxgraph_cache_miss"] == 1


def test_what_was_rehearsed_is_not_compiled_again(bench: Bench) -> None:
    same, counters = found(bench, KNOWN)
    assert same
    assert counters["fxgraph_cache_hit"] > 0
    assert "fxgraph_cache_miss" not in counters


def test_no_run_can_change_what_another_compiles_from(bench: Bench) -> None:
    place = Path(found(bench, PLACE))
    before = contents(place)
    assert found(bench, POISON) == []
    for source in (KNOWN, NEW):
        assert found(bench, source)[0]
    assert contents(place) == before


def contents(place: Path) -> dict[str, str]:
    """Every file of a tree, by its hash."""
    files = sorted(path for path in place.rglob("*") if path.is_file())
    assert files
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_fork_server_has_one_thread_after_its_rehearsal(bench: Bench) -> None:
    first, *_ = running(bench.process.pid, "playground.runner.zygote")
    assert len(list(Path(f"/proc/{first}/task").iterdir())) == 1
