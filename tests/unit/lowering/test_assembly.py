import shutil
import subprocess
from pathlib import Path

import pytest

from playground.lowering import assembly

SOURCE = """#include <stdexcept>
inline float twice(float x) { return x + x; }
extern "C" void kernel(float* data, long size) {
    if (size < 0) throw std::runtime_error("negative");
    for (long i = 0; i < size; i++)
        data[i] = twice(data[i]);
}
extern "C" void other() {}
"""
needs_compiler = pytest.mark.skipif(not shutil.which("g++") or not shutil.which("objdump"), reason="needs g++")
PLACES = ((3, 0, 3, 9),)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("built") / "one.main.cpp"
    source.write_text(SOURCE)
    built = source.with_suffix(".so")
    subprocess.run(["g++", "-O2", "-g1", "-shared", "-fPIC", str(source), "-o", str(built)], check=True)
    return built


@needs_compiler
def test_the_kernels_instructions_stand_under_their_lines(library: Path) -> None:
    code = assembly.lower({"cpp_fused_0": library}, {"cpp_fused_0": PLACES}, "f")
    rows = code.text.splitlines()
    assert rows[0] == "# cpp_fused_0"
    assert rows[1] == "kernel:"
    assert "  # 6: data[i] = twice(data[i]);" in rows
    assert any("add" in row for row in rows)
    assert "other:" not in rows
    assert code.map == ((3, 3, 1, len(rows)),)
    assert code.language == "asm"


@needs_compiler
def test_what_hardly_ever_runs_comes_last(library: Path) -> None:
    heads = [row for row in assembly.lower({"k": library}, {}, "f").text.splitlines() if row.endswith(":")]
    assert heads == sorted(heads, key=lambda head: ".cold" in head)


@needs_compiler
def test_a_source_that_is_gone_leaves_the_numbers_of_its_lines(library: Path, tmp_path: Path) -> None:
    alone = tmp_path / "one.main.so"
    shutil.copy(library, alone)
    text = assembly.lower({"k": alone}, {}, "f").text
    assert "kernel:" in text
    assert "  # 6:" in text


def test_without_objdump_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(assembly.Unreadable, match="not installed"):
        assembly.lower({"k": tmp_path / "k.so"}, {}, "f")


@needs_compiler
def test_a_library_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "k.so"
    broken.write_text("no library")
    with pytest.raises(assembly.Unreadable):
        assembly.lower({"k": broken}, {}, "f")
