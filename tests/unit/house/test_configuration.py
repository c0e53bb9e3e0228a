"""The house in order: locks match what is declared, nothing names a registry, files stay readable."""

import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MAX_LINES = 350
DATA = {Path("playground/sandbox/seccomp.py"), Path("tests/unit/pipeline/ladder/programs.py")}
"""One row per system call, or per program: as long as the list is."""
LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def files(root: Path) -> list[Path]:
    """What belongs to the repository, whether committed yet or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def locked(root: Path, name: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in (root / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in " #":
            requirement = Requirement(line.rstrip("\\ "))
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def declared(project: dict[str, Any], *, tests: bool) -> list[Requirement]:
    extras = project["project"]["optional-dependencies"].values() if tests else []
    groups = [project["project"]["dependencies"], project["build-system"]["requires"], *extras]
    return [Requirement(text) for group in groups for text in group]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_satisfies_what_is_declared(root: Path, project: dict[str, Any], lock: str) -> None:
    there = locked(root, lock)
    for wanted in declared(project, tests=lock == "requirements-dev.txt"):
        if wanted.name != "torch":
            versions = [pin.specifier for pin in there[canonicalize_name(wanted.name)]]
            assert all(wanted.specifier.contains(str(version).removeprefix("==")) for version in versions), wanted


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    entries = [block for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE) if block[:1].isalpha()]
    assert entries
    assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_build_of_torch_is_forced_on_anybody(root: Path, lock: str) -> None:
    names = locked(root, lock)
    assert not [name for name in names if name == "torch" or name.startswith(("nvidia", "cuda", "triton"))]


def test_both_locks_agree(root: Path) -> None:
    small, large = (locked(root, lock) for lock in LOCKS)
    assert all(large[name] == pins for name, pins in small.items())


def test_what_builds_the_wheel_is_locked_too(project: dict[str, Any]) -> None:
    assert set(project["build-system"]["requires"]) < set(project["dependency-groups"]["build"])


def test_no_registry_and_no_address_of_a_mirror_is_named(files: list[Path], root: Path) -> None:
    hosts = ["pypi", "pythonhosted", "download.pytorch", "registry.npmjs", "npmmirror"]
    pattern = re.compile("|".join(re.escape(f"{host}.") for host in hosts) + r"|--(?:extra-)?index-url[ =]http")
    named = [path.relative_to(root) for path in files if _text(path) and pattern.search(_text(path))]
    assert named in ([], [Path(__file__).relative_to(root)])


def test_no_path_of_somebodys_machine_is_named(files: list[Path], root: Path) -> None:
    pattern = re.compile("|".join(map(re.escape, ("/" + "root/", "/" + "work/"))) + r"\w")
    assert [path.relative_to(root) for path in files if pattern.search(_text(path))] == []


def test_python_files_stay_short(files: list[Path], root: Path) -> None:
    lines = {path.relative_to(root): _text(path).count("\n") for path in files if path.suffix == ".py"}
    assert {path: count for path, count in lines.items() if count > MAX_LINES and path not in DATA} == {}


def test_every_exception_to_a_rule_says_why(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    ruff = text.split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.pydocstyle]")[0]
    rules = [line for line in ruff.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert rules
    assert all("#" in line for line in rules)


def test_every_noqa_names_its_rules_and_each_file_says_once_why(files: list[Path], root: Path) -> None:
    unexplained = set()
    for path in (path for path in files if path.suffix == ".py" and path != Path(__file__)):
        found = re.findall(r"# *noqa(?:: ([A-Z]+\d+(?:, [A-Z]+\d+)*))?( - \w)?", _text(path))
        named = {code for codes, _ in found for code in codes.split(", ")}
        explained = {code for codes, reason in found if reason for code in codes.split(", ")}
        unexplained |= {f"{path.relative_to(root)}: {code}" for code in named - explained}
    assert unexplained == set()


def test_folders_stand_in_the_order_in_which_a_run_travels(project: dict[str, Any]) -> None:
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    order = ["cli", "app", "web", "dispatch", "runner", "sandbox", "pipeline"]
    places = [layers.index(f"playground.{name}") for name in order]
    assert all(one < other for one, other in pairwise(places))


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
