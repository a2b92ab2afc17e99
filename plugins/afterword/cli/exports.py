"""The commands that give all responses back."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from afterword.cli.ground import ground_of
from afterword.cli.options import settings_option
from afterword.configuration import Configuration
from afterword.entries import Entry
from afterword.errors import WriteError, visible
from afterword.importers.export import Export
from afterword.importers.wxr.writer import Writer


@click.group()
def export() -> None:
    """Give everything back: the published responses and the queue."""


@export.command("json")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@settings_option
def export_json(file: Path | None, settings_file: str) -> None:
    """Write all responses to FILE, or print them: published or not, with e-mail addresses.

    `afterword import json --unmatched keep FILE` makes of it what is here now. It holds e-mail
    addresses: keep it private, and out of git.
    """
    _give(file, settings_file, lambda given, _: given.lines())


@export.command("wxr")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@settings_option
def export_wxr(file: Path | None, settings_file: str) -> None:
    """Write all responses to FILE, or print them, in WordPress's format (WXR 1.2).

    WordPress and most systems for comments read it. Posts stand in it with their titles and
    addresses, without their texts. `afterword import wordpress --unmatched keep FILE` makes of it
    what is here now. It holds e-mail addresses: keep it private, and out of git.
    """
    configuration = Configuration.read(Path(settings_file))

    def lines(given: Export, listed: Mapping[str, Entry]) -> Iterator[str]:
        writer = Writer(configuration.sitename, configuration.siteurl, listed, given.alone)
        return writer.lines(given.records())

    _give(file, settings_file, lines)


def _give(
    file: Path | None,
    settings_file: str,
    lines: Callable[[Export, Mapping[str, Entry]], Iterator[str]],
) -> None:
    """Write what there is as lines, or print it; the exit status is 1 if something stays out."""
    with ground_of(settings_file, touch=False, need_entries=False) as site:
        given = Export(site.press.root, site.store, site.entries)
        if file is None:
            for line in lines(given, site.entries):
                click.echo(line)
        else:
            _write(file, lines(given, site.entries))
        left_out = list(given.left_out())
    for line in left_out:
        click.echo(visible(line), err=True)
    sys.exit(1 if left_out else 0)


def _write(file: Path, lines: Iterator[str]) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line}\n" for line in lines)
        temporary.replace(file)
    except OSError as error:
        raise WriteError.of(file, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
