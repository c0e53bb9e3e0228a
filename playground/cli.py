"""The command line. Each command is a few lines here; what it does is in ``command``."""

import json
import sys
from collections.abc import Iterable
from typing import TextIO

import click
from pydantic import ValidationError

from playground import __version__
from playground.contracts.events import AnyEvent
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.result import gather
from playground.settings import Settings

REFUSED = 2
"""The exit code when nothing was run, as click has it for wrong usage."""


def read_settings(**given: object) -> Settings:
    """Read the settings; those given here count more than the environment.

    Raises:
        click.UsageError: one has a value it cannot have.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"PLAYGROUND_{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
        raise click.UsageError("\n".join(lines)) from None


@click.group()
@click.version_option(__version__, prog_name="playground")
def main() -> None:
    """See what a Python or PyTorch program prints, becomes and costs."""


@main.command()
@click.option("--host", help="Address to listen on (PLAYGROUND_HOST).")
@click.option("--port", type=int, help="Port to listen on, 0 for a free one (PLAYGROUND_PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Serve the page and the API, with a runner per device, until stopped."""
    from playground.command import serve as command

    settings = read_settings(host=host, port=port)
    environment = {"PLAYGROUND_HOST": settings.host, "PLAYGROUND_PORT": str(settings.port)}
    try:
        command.serve(settings, environment)
    except command.FailedError as failure:
        raise click.ClickException(str(failure)) from None


@main.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default="imperative",
    show_default=True,
    help="How it is run.",
)
@click.option(
    "--device",
    type=click.Choice([device.value for device in Device]),
    default="cpu",
    show_default=True,
    help="Where it is run.",
)
@click.option("--stdin", type=click.File(encoding="utf-8"), help="What the snippet reads as its standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result, with all levels and timings, as JSON.")
@click.option("--server", metavar="URL", help="Run it there instead of on this machine.")
def run(file: TextIO, mode: str, device: str, stdin: TextIO | None, as_json: bool, server: str | None) -> None:
    """Run FILE (- for standard input) in a sandbox, as the page would; no web server is needed.

    Exits as the snippet does; with 128 + n for signal n, with 124 at the time limit, with 1 at another limit.
    """
    given = {"source": file.read(), "mode": mode, "device": device, "stdin": stdin and stdin.read()}
    try:
        request = RunRequest.model_validate(given)
    except ValidationError as error:
        raise click.UsageError("; ".join(f"{e['loc'][0]} {e['msg']}" for e in error.errors())) from None
    sys.exit(_run(request, server, as_json=as_json))


def _run(request: RunRequest, server: str | None, *, as_json: bool) -> int:
    from playground.command import local, remote

    try:
        if server:
            return _show(request, remote.run(server, request), as_json=as_json)
        with local.events(read_settings(), request) as events:
            return _show(request, events, as_json=as_json)
    except (remote.ServerRefusedError, local.NotRunError) as error:
        click.echo(f"Error: {error}", err=True)
        return REFUSED


def _show(request: RunRequest, events: Iterable[AnyEvent], *, as_json: bool) -> int:
    from playground.command import terminal

    if not as_json:
        return terminal.follow(events)
    result = gather(request.mode, request.device, events)
    click.echo(result.model_dump_json(indent=2))
    return terminal.exit_code(result)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def settings(as_json: bool) -> None:
    """Print the settings in force and where each came from."""
    from playground.command.effective import effective

    rows = tuple(effective(read_settings()))
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
        return
    for row in rows:
        click.echo(f"{row.variable}={row.value}  # {row.source}: {row.meaning}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor(as_json: bool) -> None:
    """Say which walls a sandbox has on this machine, and how to raise those that are missing.

    Exits with 0 in the full tier, with 0 in the container tier, with 1 where nothing would be served.
    """
    from playground.command import checkup
    from playground.sandbox.doctor import examine

    report = examine(read_settings())
    click.echo(checkup.as_json(report) if as_json else "\n".join(checkup.lines(report)))
    sys.exit(report.tier is None)


@main.command()
def prepare() -> None:
    """Compile once what every run then compiles with: for an image, or before the first start.

    The first start does it too, by itself; then the server waits for the first part of it, and logs each step.
    """
    from playground.logs import configure
    from playground.runner import workshop

    settings = read_settings()
    configure(settings.log_level)
    try:
        click.echo(f"The compilers are prepared in {workshop.prepare(settings)}.")
    except workshop.NoWorkshop as problem:
        message = f"The compilers are not prepared: {problem}."
        raise click.ClickException(message) from None


@main.command()
@click.option("--only", multiple=True, metavar="CATEGORY", help="Attempts of one category only; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def selftest(only: tuple[str, ...], as_json: bool) -> None:
    """Attack this deployment, and say what stopped each attempt. Exits with 0 only if everything was stopped."""
    from playground.command import attack

    try:
        sys.exit(attack.attack(read_settings(), only, as_json=as_json))
    except attack.NotAttackedError as error:
        raise click.UsageError(str(error)) from None


@main.group()
def db() -> None:
    """Look after the database of shared links."""


@db.command()
def upgrade() -> None:
    """Bring the database's tables to this version."""
    from playground.command import webuser
    from playground.store import upgrade as bring_up_to_date

    settings = read_settings()
    webuser.prepare(settings)
    webuser.become(settings)
    bring_up_to_date(settings.database)
    click.echo("The database is up to date.")
