"""The command that publishes responses in finished pages."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from afterword.cli.options import json_option, settings_option
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.errors import visible
from afterword.updating import Update, Updater


@click.command("publish-responses")
@click.argument("entries", nargs=-1, metavar="[ENTRY]...")
@click.option("--no-build", is_flag=True, help="Change nothing where only a build will do.")
@json_option
@settings_option
def publish_responses(
    entries: tuple[str, ...], settings_file: str, *, no_build: bool, as_json: bool
) -> None:
    """Publish what has changed of the responses, in the finished pages, lists and feeds.

    ENTRY is a comment key: a post's slug, or what its `Comments:` line says. Without one, all
    are looked through. What has to be rendered as a whole is named with the reason, and the
    site is built then; with --no-build the exit status is 1 instead.
    """
    configuration = Configuration.read(Path(settings_file))
    variables = Environment.from_mapping(os.environ)
    output = variables.built(configuration.output)
    folder = variables.folder / "build"
    updater = Updater(configuration, output, folder, lambda: datetime.now(UTC), _say_waiting)
    done = updater.update(entries or None, build=not no_build)
    for line in (*done.result.problems, *done.result.reasons):
        click.echo(visible(line), err=True)
    if as_json:
        click.echo(_as_json(done))
    sys.exit(1 if done.result.needed and not done.built else 0)


def _say_waiting() -> None:
    click.echo("Somebody else is building or publishing; waiting for the end of it", err=True)


def _as_json(done: Update) -> str:
    found = {
        "entries": list(done.result.entries),
        "files": list(done.result.files),
        "needed": dict(done.result.needed),
        "built": done.built is not None,
    }
    return json.dumps(found, indent=1, ensure_ascii=False)


COMMANDS: Final = (publish_responses,)
