"""The commands about the site's files: what is wrong with them, and a look at it all."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import click

from afterword import commentfile
from afterword.cli.opening import settings_option
from afterword.errors import SettingsError, visible
from afterword.published import Problem, gather


@click.command()
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of lines.")
def check(settings_file: str, *, as_json: bool) -> None:
    """Report every response that is malformed, orphaned or looping, with file, line and reason."""
    from afterword import plugin  # noqa: PLC0415  # Pelican takes half a second to import

    root, keys = plugin.read_keys(settings_file)
    problems = gather(root, keys).problems
    click.echo(_as_json(problems) if as_json else _as_lines(problems), nl=as_json)
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("old")
@click.argument("new")
@settings_option
def move(old: str, new: str, settings_file: str) -> None:
    """Give the responses of entry OLD to entry NEW, after a post was renamed.

    OLD and NEW are comment keys: a post's slug, or what its `Comments:` line says.
    """
    from afterword import plugin  # noqa: PLC0415  # Pelican takes half a second to import

    commentfile.move(plugin.read_root(settings_file), old, new)


@click.command()
@settings_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(settings_file: str, port: int) -> None:
    """Serve the site with its form and its queue, and build and reload it on every change."""
    # Only this command needs all of them.
    from afterword import devserver, wsgi  # noqa: PLC0415
    from afterword.configuration import Configuration  # noqa: PLC0415
    from afterword.environment import Environment  # noqa: PLC0415
    from afterword.office import Office  # noqa: PLC0415

    variables = Environment.from_mapping(os.environ)

    def guest(address: str, output: devserver.Output) -> devserver.Guest | None:
        try:
            configuration = replace(Configuration.read(Path(settings_file)), siteurl=address)
        except SettingsError as error:
            click.echo(visible(f"{error}\nOnly the site is served: mend this and start anew."))
            return None
        if not configuration.settings.url:
            return None
        office = Office.of(configuration, variables, output)
        service = wsgi.compose(office, None, output)
        wsgi.say_password(service.login, lambda text: click.echo(text, nl=False))
        return service

    devserver.serve(settings_file, port, variables.folder, click.echo, guest)


def _as_lines(problems: Sequence[Problem]) -> str:
    return "".join(f"{problem}\n" for problem in problems)


def _as_json(problems: Sequence[Problem]) -> str:
    listing = [asdict(problem) | {"path": visible(str(problem.path))} for problem in problems]
    return json.dumps(listing, indent=1, ensure_ascii=False)


COMMANDS: Final = (check, move, serve)
