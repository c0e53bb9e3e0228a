"""The wheel of a clean clone holds all it needs, and works from any directory."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

LOOK = """
from playground.app import create_app
from playground.settings import Settings
import playground
assert playground.__file__.startswith({target!r}), playground.__file__
client = create_app(Settings()).test_client()
page = client.get("/")
assert page.status_code == 200, page.status
assert b"<html" in page.data
import re
for address in set(re.findall(rb'(?:src|href)="(/[^"]+[.](?:js|css|svg))"', page.data)):
    assert client.get(address.decode()).status_code == 200, address
    print(address.decode())
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from what git has, and nothing that was built before."""
    clone, out = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("wheel")
    names = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(names, cwd=root, check=True, capture_output=True).stdout
    for name in (Path(os.fsdecode(part)) for part in listed.split(b"\0") if part):
        if (root / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            (clone / name).write_bytes((root / name).read_bytes())
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(clone)]
    subprocess.run([sys.executable, "-m", *command], check=True, timeout=300, stdin=subprocess.DEVNULL)
    (built,) = out.glob("*.whl")
    return built


def test_it_holds_templates_the_built_page_and_the_license(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.startswith("playground/_assets/templates/") and name.endswith(".html")]
    assert "playground/_assets/dist/manifest.json" in names
    assert [name for name in names if name.startswith("playground/_assets/dist/") and name.endswith(".js")]
    assert [name for name in names if name.startswith("playground/examples/") and name.endswith(".py")]
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_it_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"playground"}
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name or "/tests/" in name]
    assert wheel.stat().st_size < 5_000_000


def test_it_serves_the_page_from_any_directory(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    install = ["pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True, timeout=120)
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(target=str(target))],
        cwd="/",
        env=os.environ | {"PYTHONPATH": str(target), "PLAYGROUND_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ".js" in done.stdout
    assert ".css" in done.stdout
