"""The chapter's cells, verbatim, give the chapter's output; the acceptance data lie beside the repository."""

from collections.abc import Iterator

import pytest

from playground.contracts.events import Status
from tests.support import chapter
from tests.support.chapter import ROW, TIMES, cell
from tests.support.runner import Bench, start

pytestmark = [pytest.mark.sandbox, chapter.needed]
TORCHSCRIPT = {"torchscript", "torchscript_graph", "torchscript_frozen"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = start(tmp_path_factory.mktemp("data"))
    yield bench
    bench.process.terminate()
    bench.process.wait()


@pytest.mark.parametrize(("name", "mode"), [("1_imperative", "imperative"), ("2_symbolic", "symbolic")])
def test_the_first_two_print_what_the_chapter_prints(bench: Bench, name: str, mode: str) -> None:
    result = bench.run(cell(f"{name}.py"), mode)
    assert (result.status, result.stdout) == (Status.OK, cell(f"{name}.out"))


@pytest.mark.parametrize("mode", ["imperative", "symbolic", "hybrid"])
def test_they_print_the_same_in_every_mode(bench: Bench, mode: str) -> None:
    for name in ("1_imperative", "2_symbolic"):
        assert bench.run(cell(f"{name}.py"), mode).stdout == cell(f"{name}.out")


def test_the_generated_program_leads_to_the_lines_that_wrote_it(bench: Bench) -> None:
    source = cell("2_symbolic.py").splitlines()
    result = bench.run("\n".join(source), "symbolic")
    (program,) = [code for code in result.code if code.level == "program"]
    shown = program.text.splitlines()
    assert program.map
    assert all(shown[first - 1].strip() in source[line - 1] for line, _, first, _ in program.map)
    assert {"define", "build", "compile", "execute"} <= set(result.timings)


def test_the_network_is_displayed(bench: Bench) -> None:
    (display,) = bench.run(cell("3_network.py")).displays
    assert ROW.fullmatch(display.data)


def test_the_network_is_scripted_and_its_layers_lead_to_their_lines(bench: Bench) -> None:
    source = cell("4_script.py")
    result = bench.run(source, "hybrid")
    assert result.status is Status.OK
    assert ROW.fullmatch(result.displays[-1].data)
    assert {code.level for code in result.code} >= TORCHSCRIPT
    (graph,) = [code for code in result.code if code.level == "torchscript_graph"]
    lines = source.splitlines()
    linked = {lines[span[0] - 1].strip() for span in graph.map}
    assert {"nn.ReLU(),", "nn.Linear(256, 128),", "nn.Linear(128, 2))"} <= linked
    assert [found.kind for found in result.diagnostics] == ["deprecation"]


def test_both_times_are_printed(bench: Bench) -> None:
    assert TIMES.fullmatch(bench.run(cell("5_benchmark.py"), "hybrid").stdout)


def test_the_saved_network_is_a_file_to_download(bench: Bench) -> None:
    (artifact,) = bench.run(cell("6_save.py"), "hybrid").artifacts
    assert artifact.name == "my_mlp"
    assert artifact.size_bytes > 100_000
