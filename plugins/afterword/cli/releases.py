"""The commands that put the site before its readers, and take that back."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from afterword.cli import listing
from afterword.cli.opening import json_option
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.errors import BuildFailed, ReleaseError, place
from incremental.releases import Releases
from incremental.shelf import Refused, Shelf, moment
from incremental.trees import scan
from incremental.turns import using

_KEPT: Final = 5

published_option: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "-s",
    "--settings",
    "settings_file",
    default="publishconf.py",
    envvar="AFTERWORD_SETTINGS",
    show_default=True,
    show_envvar=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Pelican's settings file for the public site.",
)


@click.command()
@click.option(
    "--keep",
    default=_KEPT,
    show_default=True,
    type=click.IntRange(1),
    help="How many releases to keep, the new one among them.",
)
@click.option(
    "--renew",
    is_flag=True,
    help="Bring the newest release up to date instead of making another, unless it was rolled "
    "back: what a service does after a decision.",
)
@published_option
def publish(settings_file: str, keep: int, *, renew: bool) -> None:
    """Build the site into a release of its own, and put it live at once when it is whole.

    OUTPUT_PATH (or AFTERWORD_OUTPUT) becomes a link to it. Releases lie beside that, and share
    all files that are the same. A build that fails changes nothing that is live.
    """
    releases, build = _releases(settings_file), partial(_build, settings_file)
    with _explained(releases.shelf):
        done = releases.renew(build) if renew else releases.publish(build, keep)
    click.echo(f"Release {done.release} is live: {done.new} of {done.files} files are new.")


@click.command()
@click.argument("release", required=False)
@published_option
def rollback(settings_file: str, release: str | None) -> None:
    """Put a release live again: the one before, or RELEASE.

    `afterword releases` lists those there are. `afterword publish` goes forward again.
    """
    releases = _releases(settings_file)
    with _explained(releases.shelf):
        was, now = releases.roll_back(release)
    instead = f", in place of {was}" if was and was != now else ""
    click.echo(f"Release {now} is live{instead}.")


@click.command()
@json_option
@published_option
def releases(settings_file: str, *, as_json: bool) -> None:
    """List the releases that are kept, newest first, and say which of them is live."""
    shelf = _releases(settings_file).shelf
    with _explained(shelf):
        kept = list(_kept(shelf))
    as_text = listing.as_json([asdict(each) for each in kept]) if as_json else _lines(kept)
    click.echo(as_text, nl=as_json)


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as it is listed. ``size`` is in bytes, those shared with others too."""

    release: str
    made: str
    live: bool
    files: int
    size: int


def _kept(shelf: Shelf) -> Iterator[Kept]:
    live = shelf.live()
    for name in reversed(shelf.names()):
        made = moment(name)
        with suppress(FileNotFoundError):  # one that goes at this moment
            sizes = [each.size for each in scan(shelf.folder / name).values()]
            when = made.isoformat() if made else ""
            yield Kept(name, when, name == live, len(sizes), sum(sizes))


def _lines(kept: Sequence[Kept]) -> str:
    return "".join(
        f"{each.release}  {'live' if each.live else '    '}  {each.files:>6} files  "
        f"{each.size / 1e6:>8.1f} MB\n"
        for each in kept
    )


def _releases(settings_file: str) -> Releases:
    variables = Environment.from_mapping(os.environ)
    output = Configuration.read(Path(settings_file)).output
    shelf = Shelf.at(variables.built(output))
    return Releases(shelf, lambda: datetime.now(UTC), _say_waiting)


def _say_waiting() -> None:
    click.echo("Somebody else is publishing; waiting for the end of it", err=True)


def _build(settings_file: str, folder: Path) -> None:
    """Build by Pelican, whose messages go where ours go. Raises BuildFailed."""
    command = [sys.executable, "-m", "pelican", "-s", settings_file, "-o", str(folder)]
    command += ["--fatal", "errors", "--log-handler", "plain"]
    with using(folder) as handle:
        run = subprocess.run(command, check=False, pass_fds=(handle,))  # noqa: S603  # our own command line
    if run.returncode:
        raise BuildFailed("see above; nothing that is live has changed")


@contextmanager
def _explained(shelf: Shelf) -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise ReleaseError(shelf.link, str(error)) from error
    except OSError as error:
        name = error.filename2 or error.filename  # what was to be replaced tells more
        where = Path(os.fsdecode(name)) if name else shelf.folder
        raise ReleaseError(shelf.link, f"{place(where)}: {error.strerror}") from error


COMMANDS: Final = (publish, rollback, releases)
