"""Both versions of control groups, on directories laid out as the kernel lays them out."""

from pathlib import Path

import pytest

from playground.sandbox.cgroups import Group, Hierarchies, Limits, Reading, remove_tree

LIMITS = Limits(memory_bytes=1000, processes=8, cpus=1.5)


@pytest.fixture
def v2(tmp_path: Path) -> Hierarchies:
    return Hierarchies(2, dict.fromkeys(("memory", "pids", "cpu"), tmp_path))


@pytest.fixture
def v1(tmp_path: Path) -> Hierarchies:
    parents = {name: tmp_path / name for name in ("memory", "pids", "cpu", "cpuacct")}
    for path in parents.values():
        path.mkdir()
    return Hierarchies(1, parents)


def test_version_2_gets_its_limits_in_one_directory(v2: Hierarchies, tmp_path: Path) -> None:
    Group(v2, "run-1", LIMITS)
    said = {path.name: path.read_text() for path in (tmp_path / "run-1").iterdir()}
    assert said["memory.max"] == "1000"
    assert said["memory.swap.max"] == "0"
    assert said["pids.max"] == "8"
    assert said["cpu.max"] == "150000 100000"


def test_version_1_gets_its_limits_in_a_directory_per_controller(v1: Hierarchies, tmp_path: Path) -> None:
    Group(v1, "run-1", LIMITS)
    assert (tmp_path / "memory/run-1/memory.limit_in_bytes").read_text() == "1000"
    assert (tmp_path / "pids/run-1/pids.max").read_text() == "8"
    assert (tmp_path / "cpu/run-1/cpu.cfs_quota_us").read_text() == "150000"
    assert list((tmp_path / "cpuacct/run-1").iterdir()) == []


def test_a_missing_controller_is_left_out(tmp_path: Path) -> None:
    group = Group(Hierarchies(2, {"pids": tmp_path}), "run-1", LIMITS)
    assert [path.name for path in (tmp_path / "run-1").iterdir()] == ["pids.max"]
    assert group.read() == Reading(memory_bytes=0, peak_bytes=0, cpu_ns=0, oom_kills=0, refused_forks=0)


def test_without_any_controller_there_is_nothing_to_do() -> None:
    group = Group(Hierarchies(0, {}), "run-1", LIMITS)
    assert group.entrances() == []
    assert group.remove()


def test_files_read_for_the_first_time_are_not_the_runs_memory(tmp_path: Path) -> None:
    """The kernel makes the counters with the directory; here they are laid before the group opens them."""
    run = tmp_path / "run-1"
    counters = {
        "memory.current": "900",
        "memory.peak": "950",
        "memory.stat": "anon 300\nfile 500\nshmem 100\n",
        "memory.events": "low 0\noom 2\noom_kill 1\n",
        "pids.events": "max 7\n",
        "cpu.stat": "usage_usec 12\nuser_usec 9\n",
    }
    hierarchies = Hierarchies(2, dict.fromkeys(("memory", "pids", "cpu"), tmp_path))
    original = Path.mkdir

    def mkdir_as_the_kernel_does(path: Path) -> None:
        original(path)
        for name, text in counters.items():
            (path / name).write_text(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "mkdir", mkdir_as_the_kernel_does)
        group = Group(hierarchies, "run-1", LIMITS)
    assert run.is_dir()
    assert group.read() == Reading(memory_bytes=500, peak_bytes=550, cpu_ns=12_000, oom_kills=1, refused_forks=7)


def test_a_group_with_processes_is_not_removed(v2: Hierarchies, tmp_path: Path) -> None:
    group = Group(v2, "run-1", LIMITS)
    assert not group.remove()  # files stand in for processes: rmdir refuses either way
    remove_tree(tmp_path / "run-1")
    assert (tmp_path / "run-1").exists()
