"""Inductor made ready before anybody compiles: what it finds out, builds and imports once is done once, for all runs.

A ``place`` is a directory made by ``build``, then only read: ``headers`` holds the precompiled header of Inductor's C++
(about 150 MB, and 10 s of g++), ``cache`` what Inductor keeps of the programs below and of its probe of the processor's
vector units. The fork server rehearses from it, so its children have all of that in memory. Each run has a cache of
its own, of which no other run sees anything; ``seed`` copies the known programs into it. ``finish`` adds what few runs
want: AOTInductor's headers (300 MB) and the loader of saved programs.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn
from torch._dynamo.utils import counters

CACHE, HEADERS, LOADER, FINISHED = "cache", "headers", "loader", "finished"
LOADER_SOURCE = Path(__file__).parents[1] / "loaders" / "loader.cpp"
_CACHE_VARIABLE = "TORCHINDUCTOR_CACHE_DIR"


class _Prepared:
    """What this process, or the fork server that it came from, has rehearsed with."""

    place: Path | None = None


_prepared = _Prepared()


def build(place: Path, say: Callable[[str], None]) -> None:
    """Fill ``place``, which nobody else knows yet; ``say`` is told of each step before it is taken.

    Raises:
        Exception: whatever Inductor raises, ``InvalidCxxCompiler`` where there is no g++.
    """
    for name in (CACHE, HEADERS):
        (place / name).mkdir(parents=True, exist_ok=True)
    say("imports Inductor")
    with _environment(place / CACHE), _headers(place / HEADERS, place / HEADERS / "locks"):
        from torch._inductor.cpu_vec_isa import pick_vec_isa  # noqa: PLC0415 - seconds: only who compiles pays for it

        say("tries the processor's vector units")
        pick_vec_isa()
        say("compiles the header of Inductor's C++")
        for name, program in PROGRAMS.items():
            _compile(program)
            say(f"has compiled {name}")


def finish(place: Path, say: Callable[[str], None]) -> None:
    """Add what is missing to a place that is in use already: each file appears whole.

    Raises:
        Exception: as ``build``; ``CalledProcessError`` where the loader does not compile.
    """
    with tempfile.TemporaryDirectory(prefix=f"{place.name}.", dir=place.parent) as beside:
        if not (place / LOADER).exists():
            say("compiles the loader of saved programs")
            _compile_loader(Path(beside, LOADER))
            Path(beside, LOADER).rename(place / LOADER)
        say("compiles AOTInductor's headers")
        headers = Path(beside, HEADERS)
        with _environment(Path(beside)), _headers(headers, headers / "locks"):
            _compile_ahead(Path(beside, "program.pt2"))
        for file in sorted(headers.glob("*.h*"), reverse=True):  # first what was compiled, then what stands for it
            file.rename(place / HEADERS / file.name)
    (place / FINISHED).touch()


def loader() -> Path | None:
    """The program that runs saved programs without Python, where it is built."""
    path = _prepared.place and _prepared.place / LOADER
    return path if path and path.exists() else None


def rehearse(place: Path) -> None:
    """Compile the known programs, from ``place``, which is left as it is. For the fork server, before it forks.

    Raises:
        Exception: as ``build``.
    """
    with tempfile.TemporaryDirectory() as own:
        shutil.copytree(place / CACHE, own, dirs_exist_ok=True)
        with _environment(Path(own)), _headers(place / HEADERS, Path(own, "header-locks"), for_good=True):
            for program in PROGRAMS.values():
                _compile(program)
    torch.compiler.reset()
    counters.clear()
    _prepared.place = place


def settle() -> None:
    """Let this run keep what it compiles for itself; a header that it needs besides the known ones too."""
    if _prepared.place:
        own = Path(os.environ[_CACHE_VARIABLE], HEADERS)
        _put_headers(own, own / "locks")


def seed() -> None:
    """Copy the known programs into this run's cache: 1 MB, so only where something may be compiled.

    The headers are linked to: they are found there even by who has forgotten where they are, or never knew.
    """
    if _prepared.place:
        own = Path(os.environ[_CACHE_VARIABLE])
        with contextlib.suppress(OSError):  # without them they are compiled like any other
            shutil.copytree(_prepared.place / CACHE, own, dirs_exist_ok=True)
            (own / HEADERS).mkdir()
            for file in (_prepared.place / HEADERS).glob("*.h*"):
                (own / HEADERS / file.name).symlink_to(file)


def _compile_loader(to: Path) -> None:
    torch_home = Path(torch.__file__).parent
    library = torch_home / "lib"
    include = torch_home / "include"
    places = [f"-I{include}", f"-I{include / 'torch/csrc/api/include'}", f"-L{library}", f"-Wl,-rpath,{library}"]
    libraries = ["-ltorch", "-ltorch_cpu", "-lc10"]
    command = ["g++", "-w", "-O1", "-std=c++20", str(LOADER_SOURCE), "-o", str(to), *places, *libraries]
    subprocess.run(command, check=True)  # noqa: S603 - our own source, with fixed words


def _compile_ahead(to: Path) -> None:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exported = torch.export.export(nn.Tanh(), (torch.ones(8),))
        torch._inductor.aoti_compile_and_package(exported, package_path=str(to))  # noqa: SLF001 - its documented name


def _compile(program: Callable[[], object]) -> None:
    torch.compiler.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's about itself
        program()


def _mlp() -> nn.Module:
    return nn.Sequential(
        nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2)
    )  # d2l.ai, 13.1: the network of "Compilers and Interpreters"


def _function() -> object:
    return torch.compile(lambda x: torch.tanh(x) * x)(torch.ones(8))


def _network() -> object:
    return torch.compile(_mlp())(torch.randn(1, 512))


def _network_without_grad() -> object:
    with torch.no_grad():
        return _network()


def _training() -> None:
    torch.compile(_mlp())(torch.randn(1, 512)).sum().backward()


def _several_sizes() -> None:
    """The second size makes Dynamo compile for any: symbolic shapes import a lot."""
    compiled = torch.compile(lambda x: (x + 1).sum())
    for size in (3, 5, 7):
        compiled(torch.ones(size))


PROGRAMS: dict[str, Callable[[], object]] = {
    "a function": _function,
    "a network": _network,
    "a network without gradients": _network_without_grad,
    "a step of training": _training,
    "a function of several sizes": _several_sizes,
}
"""Rehearsed, and known to every run. The first one pays for all that is done once."""


@contextlib.contextmanager
def _environment(cache: Path) -> Iterator[None]:
    """Let Inductor keep everything below ``cache``."""
    before = os.environ.get(_CACHE_VARIABLE)
    os.environ[_CACHE_VARIABLE] = str(cache)
    try:
        yield
    finally:
        os.environ.pop(_CACHE_VARIABLE)
        if before is not None:
            os.environ[_CACHE_VARIABLE] = before


@contextlib.contextmanager
def _headers(place: Path, locks: Path, *, for_good: bool = False) -> Iterator[None]:
    """Let Inductor find its precompiled headers at ``place``.

    It remembers in the process where it found each, so ``place`` must stay where it is ``for_good``.
    """
    from torch._inductor import codecache  # noqa: PLC0415 - see build()

    codecache._precompile_header.cache_clear()  # noqa: SLF001 - torch remembers, and has no way to forget
    _put_headers(place, locks)
    try:
        yield
    finally:
        if not for_good:
            codecache._precompile_header.cache_clear()  # noqa: SLF001


def _put_headers(place: Path, locks: Path) -> None:
    """There is no setting for it: torch takes the temporary directory of whoever imports Inductor first."""
    from torch._inductor import codecache  # noqa: PLC0415 - see build()

    vars(codecache).update(_HEADER_DIR=str(place), _HEADER_LOCK_DIR=str(locks))
