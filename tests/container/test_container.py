"""The image in a real engine, in each way that the README names: its tier, its answers, its end.

Skipped unless ``TEST_IMAGE`` names an image. Where Debian's packages are all there is, as root::

    apt-get install docker.io debootstrap
    dockerd --data-root $DIR/data --exec-root $DIR/exec --pidfile $DIR/pid --host unix://$DIR/docker.sock \
        --bridge none --iptables=false --ip-masq=false --cgroup-parent playground &
    export DOCKER_HOST=unix://$DIR/docker.sock
    tests/container/build torch-playground
    TEST_IMAGE=torch-playground python -m pytest tests/container
"""

import json

import pytest

from playground.cli import main
from playground.contracts.events import Status
from playground.contracts.result import Result
from tests.support import chapter, engine
from tests.support.chapter import ROW, TIMES, cell
from tests.support.engine import Container, docker

pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(not engine.IMAGE, reason="TEST_IMAGE names no image")]
TIERS = {"plain": "container", "hardened": "container", "full": "full"}
COMPILED = """\
import torch
double = torch.compile(lambda x: x * 2 + 1)
print(double(torch.ones(3)))
"""
OWNERS = """\
import pathlib, sys
for path in pathlib.Path("/proc").glob("[0-9]*"):
    if (path / "cmdline").read_text().split("\\0")[1:3] == ["-m", sys.argv[1]]:
        print((path / "status").read_text().partition("Uid:")[2].split()[0])
"""
SHARE = """\
import json, urllib.request as r
body = json.dumps({"source": "print(10)", "mode": "imperative"}).encode()
request = r.Request("http://127.0.0.1:8000/api/v1/snippets", body, {"Content-Type": "application/json"})
print(json.load(r.urlopen(request))["id"])
"""


def run(container: Container, source: str, mode: str = "imperative") -> Result:
    """Run a snippet over HTTP."""
    words = ("playground", "run", "--server", "http://127.0.0.1:8000", "--mode", mode, "--json", "-")
    return Result.model_validate_json(container.run(*words, text=source).stdout)


def owners(container: Container, module: str) -> set[str]:
    """The user ids of the processes that run a module."""
    return set(container.run("python", "-c", OWNERS, module).stdout.split())


def test_the_doctor_names_the_tier_and_agrees_to_serve(way: str) -> None:
    done = engine.once(engine.options(way), "playground", "doctor", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tier"] == TIERS[way]


def test_a_snippet_runs_without_a_server(way: str) -> None:
    done = engine.once(engine.options(way), "playground", "run", "-", text="print(1 + 2 + 3 + 4)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "10\n", "")


def test_torch_compile_finds_its_compiler(way: str) -> None:
    given = [*engine.options(way), "--env", "PLAYGROUND_TIMEOUT_S=240"]
    done = engine.once(given, "playground", "run", "-", text=COMPILED)
    assert (done.returncode, done.stdout) == (0, "tensor([3., 3., 3.])\n"), done.stderr


def test_it_is_ready_when_it_says_so(container: Container) -> None:
    assert json.loads(container.get("/readyz")) == {"ready": True, "devices": {"cpu": "ok"}}


def test_the_page_is_there(container: Container) -> None:
    assert "<title>" in container.get("/")


def test_a_run_says_which_walls_it_had(container: Container, way: str) -> None:
    environment = run(container, "print(10)").environment
    assert environment is not None
    expected = {"container": "user per run", "full": "private root"}[TIERS[way]]
    assert {expected, "landlock", "seccomp"} <= set(environment.isolation)


@chapter.needed
@pytest.mark.parametrize(("name", "mode"), [("1_imperative", "imperative"), ("2_symbolic", "symbolic")])
def test_the_chapter_prints_what_it_prints(container: Container, name: str, mode: str) -> None:
    result = run(container, cell(f"{name}.py"), mode)
    assert (result.status, result.stdout) == (Status.OK, cell(f"{name}.out"))


@chapter.needed
@pytest.mark.parametrize(("name", "mode"), [("3_network", "imperative"), ("4_script", "hybrid")])
def test_the_chapters_network_is_displayed(container: Container, name: str, mode: str) -> None:
    assert ROW.fullmatch(run(container, cell(f"{name}.py"), mode).displays[-1].data)


@chapter.needed
def test_the_chapters_benchmark_prints_both_times(container: Container) -> None:
    assert TIMES.fullmatch(run(container, cell("5_benchmark.py"), "hybrid").stdout)


@chapter.needed
def test_the_chapters_file_is_kept(container: Container) -> None:
    (artifact,) = run(container, cell("6_save.py"), "hybrid").artifacts
    assert (artifact.name, artifact.size_bytes > 100_000) == ("my_mlp", True)


def test_a_file_that_a_run_left_can_be_fetched(container: Container) -> None:
    (artifact,) = run(container, "open('left.txt', 'w').write('kept')").artifacts
    assert container.get(artifact.url).strip() == "kept"


@pytest.mark.skipif("selftest" not in main.commands, reason="there is no selftest yet")
def test_the_shipped_attacks_fail(container: Container) -> None:
    done = container.run("playground", "selftest")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_web_server_is_not_root(container: Container) -> None:
    assert owners(container, "playground.runner") == {"0"}
    assert owners(container, "playground.command.webserver") == {"10001"}


def test_the_engine_finds_it_healthy(container: Container) -> None:
    check = docker("inspect", "--format", "{{json .Config.Healthcheck.Test}}", engine.IMAGE)
    kind, *command = json.loads(check.stdout)
    assert kind == "CMD"
    assert container.run(*command).returncode == 0


def test_what_is_shared_outlives_the_container(way: str, container: Container) -> None:
    volume = f"{container.name}-data"
    given = [*engine.options(way), "--volume", f"{volume}:/var/lib/playground/data"]
    try:
        with engine.serving(f"{container.name}-first", given) as first:
            snippet = first.run("python", "-c", SHARE).stdout.strip()
            assert first.stop() == 0
        with engine.serving(f"{container.name}-second", given) as second:
            assert json.loads(second.get(f"/api/v1/snippets/{snippet}"))["source"] == "print(10)"
    finally:
        docker("volume", "rm", volume)
