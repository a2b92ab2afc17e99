"""The command `afterword`.

Exit statuses: 0 when all is well, 1 when there is something to mend or a command could not do
its work, 2 when it was called wrongly.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from afterword import commentfile
from afterword.errors import AfterwordError, visible
from afterword.published import Problem, gather

_settings_option: Final = click.option(
    "-s",
    "--settings",
    "settings_file",
    default="pelicanconf.py",
    show_default=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Pelican's settings file.",
)


class _Group(click.Group):
    """Turns our own errors into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AfterwordError as error:
            raise click.ClickException(visible(str(error))) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pelican-afterword")
def main() -> None:
    """Reader responses for a static blog."""


@main.command()
@_settings_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of lines.")
def check(settings_file: str, *, as_json: bool) -> None:
    """Report every response that is malformed, orphaned or looping, with file, line and reason."""
    from afterword import plugin  # noqa: PLC0415  # Pelican takes half a second to import

    root, keys = plugin.read_keys(settings_file)
    problems = gather(root, keys).problems
    click.echo(_as_json(problems) if as_json else _as_lines(problems), nl=as_json)
    sys.exit(1 if problems else 0)


@main.command()
@click.argument("old")
@click.argument("new")
@_settings_option
def move(old: str, new: str, settings_file: str) -> None:
    """Give the responses of entry OLD to entry NEW, after a post was renamed.

    OLD and NEW are comment keys: a post's slug, or what its `Comments:` line says.
    """
    from afterword import plugin  # noqa: PLC0415  # Pelican takes half a second to import

    commentfile.move(plugin.read_root(settings_file), old, new)


@main.command()
@_settings_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(settings_file: str, port: int) -> None:
    """Serve the site, and build and reload it when a source file changes."""
    from afterword import devserver  # noqa: PLC0415  # only this command needs a web server

    devserver.serve(settings_file, port, Path("var", "serve"), click.echo)


def _as_lines(problems: Sequence[Problem]) -> str:
    return "".join(f"{problem}\n" for problem in problems)


def _as_json(problems: Sequence[Problem]) -> str:
    listing = [asdict(problem) | {"path": visible(str(problem.path))} for problem in problems]
    return json.dumps(listing, indent=1, ensure_ascii=False)
