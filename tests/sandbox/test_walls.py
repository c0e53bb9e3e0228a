"""Who a snippet is; what it may see and call is among the attempts."""

import json
from pathlib import Path
from typing import Any

from tests.support.runner import Bench


def look(bench: Bench, source: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What a snippet finds: it prints JSON."""
    result = bench.run("import json, os\n" + source)
    assert result.error is None, result.error
    return json.loads(result.stdout)


def test_it_is_nobody_special(bench: Bench) -> None:
    uid, gid, groups = look(bench, "print(json.dumps([os.getuid(), os.getgid(), os.getgroups()]))")
    assert (uid == 1000) if bench.tier == "full" else (uid >= 40_000)
    assert (gid, groups) == (uid, [])


def test_it_has_no_capability_and_cannot_gain_any(bench: Bench) -> None:
    rows = look(
        bench, "print(json.dumps(dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines())))"
    )
    assert isinstance(rows, dict)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(rows[name], 16) == 0
    assert rows["NoNewPrivs"] == "1"
    assert rows["Seccomp"] == "2"


def test_it_can_look_into_no_other_process(bench: Bench) -> None:
    source = """
seen = []
for pid in os.listdir('/proc'):
  if pid.isdigit() and int(pid) != os.getpid():
    for file in ('environ', 'maps', 'mem'):
      try: seen.append((pid, file, len(open(f'/proc/{pid}/{file}', 'rb').read(1))))
      except OSError: pass
print(json.dumps(seen))
"""
    assert [found for found in look(bench, source) if found[2]] == []


def test_the_runners_socket_is_for_its_user_alone(bench: Bench) -> None:
    path = Path(bench.data_dir, "run", "cpu.sock")
    assert path.stat().st_mode & 0o007 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
