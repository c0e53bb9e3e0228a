"""Where what is compiled once is kept: found only where it fits, and where nobody else can have written to it."""

import asyncio
from pathlib import Path

import pytest

from playground.runner import workshop
from playground.runner.workshop import NoWorkshop
from playground.sandbox import doctor
from playground.settings import Settings


def made(directory: Path, mode: int = 0o755) -> Path:
    place = directory / workshop.key()
    place.mkdir(parents=True)
    place.chmod(mode)
    return place


def test_one_for_this_machine_is_found(tmp_path: Path) -> None:
    assert workshop.find(tmp_path) is None
    place = made(tmp_path)
    (tmp_path / "0123456789abcdef").mkdir()
    assert workshop.find(tmp_path) == place


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_one_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    made(tmp_path, mode)
    with pytest.raises(NoWorkshop, match="can be written by others"):
        workshop.find(tmp_path)


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / workshop.key()).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NoWorkshop, match="can be written by others"):
        workshop.find(tmp_path)


def test_without_gxx_there_is_none_and_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoWorkshop, match=r"no working g\+\+"):
        asyncio.run(workshop.furnish(Settings(cache_dir=str(tmp_path))))


def test_a_place_with_spaces_is_refused_for_inductors_commands_could_not_name_it(tmp_path: Path) -> None:
    with pytest.raises(NoWorkshop, match="for its spaces"):
        asyncio.run(workshop.furnish(Settings(cache_dir=str(tmp_path / "my cache"))))


def test_nothing_is_built_where_it_is_only_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NoWorkshop, match="none yet"):
        asyncio.run(workshop.furnish(Settings(cache_dir=str(tmp_path)), build=False))
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_unfinished_is_used_as_it_is(tmp_path: Path) -> None:
    place = made(tmp_path)
    assert asyncio.run(workshop.furnish(Settings(cache_dir=str(tmp_path)), build=False)) == place


def test_where_runs_may_not_enter_they_get_a_copy(tmp_path: Path) -> None:
    place = made(tmp_path / "closed")
    (place / "file").write_text("x")
    (tmp_path / "closed").chmod(0o700)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    copied = workshop.passable(place, scratch)
    assert copied.is_relative_to(scratch)
    assert (copied / "file").read_text() == "x"


def test_by_default_it_is_with_the_data(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, cache_dir="").workshops == tmp_path / "compilers"


def test_the_doctor_knows_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    name, there, detail = doctor._compilers()
    assert (name, there) == ("compilers", False)
    assert "g++" in detail
    assert "openssl" in detail
