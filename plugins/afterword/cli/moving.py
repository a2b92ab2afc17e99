"""The commands that move responses in from other systems, and all of them out again."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from afterword import entries
from afterword.cli import listing
from afterword.cli.options import exports_argument, json_option, settings_option
from afterword.cli.progress import progress
from afterword.configuration import Configuration
from afterword.entries import Entry
from afterword.environment import Environment
from afterword.errors import (
    AfterwordError,
    EntriesUnknown,
    EntryError,
    ImportRefused,
    visible,
)
from afterword.importers import slugs
from afterword.importers.commento import Commento
from afterword.importers.disqus import Disqus
from afterword.importers.entryfiles import EntryFiles
from afterword.importers.export import Export
from afterword.importers.findings import Source
from afterword.importers.folder import CommentsFolder
from afterword.importers.generic import GenericJson
from afterword.importers.isso import Isso
from afterword.importers.moving import Move, Wish
from afterword.importers.remark42 import Remark42
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.writer import Writer
from afterword.model import check_entry_key
from afterword.moderation import Hand, Press, Transfer
from afterword.store import Store
from afterword.store.opening import look_into, open_store
from afterword.submission import Door


@dataclass(frozen=True, slots=True)
class _Site:
    """What an import needs of a site."""

    store: Store
    press: Press
    files: EntryFiles
    entries: Mapping[str, Entry]


@contextmanager
def _site(settings_file: str, *, touch: bool, need_entries: bool) -> Iterator[_Site]:
    """Open a site; without ``touch`` its database is left as it is."""
    configuration = Configuration.read(Path(settings_file))
    variables = Environment.from_mapping(os.environ)
    output = variables.built(configuration.output)
    try:
        listed = entries.load(output / entries.PATH)
    except EntriesUnknown:
        if need_entries:
            raise
        listed = {}
    opening = open_store if touch else look_into
    store = opening(variables.database_url, variables.folder, lambda: datetime.now(UTC))
    # Thousands of files are for one commit of their owner's, not for as many of ours.
    press = Press(configuration.comments, variables.folder / "press.lock")
    try:
        known = {key: each.entry for key, each in listed.items()}
        yield _Site(store, press, EntryFiles(configuration.content), known)
    finally:
        store.close()


def _said(_: click.Context, __: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    said = {}
    for value in values:
        address, equals, key = value.rpartition("=")
        try:
            check_entry_key(key)
        except EntryError as error:
            raise click.BadParameter(str(error)) from None
        if not equals:
            raise click.BadParameter(f"{value!r} has no =KEY")
        said[address] = key
    return said


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all imports have."""
    for option in reversed(
        (
            click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done."),
            click.option(
                "--update",
                is_flag=True,
                help="Overwrite the words of responses that are there already. Their state stays.",
            ),
            click.option(
                "--unmatched",
                type=click.Choice(["skip", "keep"]),
                default="skip",
                show_default=True,
                help="Threads that no post or page of the site belongs to: skip and report them, "
                "or keep them under a key made from their address.",
            ),
            click.option(
                "--match",
                "said",
                multiple=True,
                metavar="ADDRESS=KEY",
                callback=_said,
                help="Which comment key the thread with this address (or id) belongs to.",
            ),
            json_option,
            settings_option,
        )
    ):
        command = option(command)
    return command


@click.group("import")
def import_() -> None:
    """Move responses in from another system.

    What is published there is published here, under its old number; what waits there, or lies
    in the spam folder or the trash, does so here. The site has to be built first, so that it is
    known which posts there are. A second run adds nothing; one that was interrupted goes on.

    The exit status is 1 if something was left out that you might miss: each is named with the
    reason.
    """


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@import_.command("json")
@_file
@_options
def json_(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, the generic JSON that `afterword export json` writes."""
    _move(GenericJson(file), **options)


@import_.command()
@_file
@_options
def isso(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, the database of Isso: its `dbpath`.

    It is only read, and Isso may run meanwhile. Its network addresses and votes do not come
    along.
    """
    _move(Isso(file), **options)


@import_.command()
@_file
@_options
def remark42(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export or a backup of Remark42, packed or not."""
    _move(Remark42(file), **options)


@import_.command()
@_file
@_options
def commento(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export of Commento, packed or not."""
    _move(Commento(file), **options)


@import_.command()
@_file
@_options
def disqus(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export of Disqus in XML, packed or not.

    A file that is not well-formed is refused with the line.
    """
    _move(Disqus(file), **options)


@import_.command("comments-files")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_options
def comments_files(folder: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FOLDER, the comments of an older plugin for Pelican.

    It has a folder for each post, and a file for each comment, as those of
    pelican_comment_system are.
    """
    configuration = Configuration.read(Path(options["settings_file"]))
    here, there = configuration.comments.resolve(), folder.resolve()
    if here == there or here in there.parents or there in here.parents:
        reason = "is where the responses of this site lie; move the old ones elsewhere first"
        raise ImportRefused(folder, 0, reason)
    _move(CommentsFolder(folder, configuration.zone), **options)


@import_.command()
@exports_argument
@click.option(
    "--uploads",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A copy of WordPress's folder wp-content/uploads: what texts show of it is copied to "
    "content/images.",
)
@click.option(
    "--only-responses", is_flag=True, help="The posts and pages are here already: leave them alone."
)
@_options
def wordpress(
    files: tuple[Path, ...],
    *,
    uploads: Path | None,
    only_responses: bool,
    **options: Any,  # noqa: ANN401  # handed on as they are
) -> None:
    """Import FILE, the export of WordPress (WXR); several files if they are of one site.

    Posts and pages, and the descriptions of categories and tags, become Markdown files, but for
    those that the site has already. What not everybody could read there (drafts, private and
    planned posts, those with a password) gets `Status: skip`, which keeps it out of the site, and
    responses to it wait in the queue. Editors' notes and other comments that were never for
    readers stay out.

    Menus and widgets do not come along; redirects from old addresses are made by `afterword
    redirects`, once the site is built.
    """
    configuration = Configuration.read(Path(options["settings_file"]))
    folders = {
        "post": configuration.articles,
        "page": configuration.pages,
        "category": configuration.categories,
        "post_tag": configuration.tags,
    }
    there = {} if only_responses else _there(configuration)
    desk = None if only_responses else Desk(folders, uploads, there=there)
    _move(WordPress(files, desk), brings_entries=not only_responses, **options)


def _there(configuration: Configuration) -> Mapping[str, str]:
    """How texts link to the posts and pages that the site has been built with."""
    output = Environment.from_mapping(os.environ).built(configuration.output)
    try:
        listed = entries.load(output / entries.PATH)
    except EntriesUnknown:
        return {}
    files = slugs.files_by_slug(configuration.content, configuration.comments)
    return slugs.links({key: each.entry for key, each in listed.items()}, files)


def _move(  # noqa: PLR0913  # a command's options
    source: Source,
    *,
    brings_entries: bool = False,
    dry_run: bool,
    update: bool,
    unmatched: str,
    said: Mapping[str, str],
    as_json: bool,
    settings_file: str,
) -> None:
    keep = unmatched == "keep"
    wish = Wish(update=update, keep=keep, dry_run=dry_run, said=said)
    hand = Hand(Door.IMPORT, getpass.getuser())
    need = not (keep or brings_entries)
    with _site(settings_file, touch=not dry_run, need_entries=need) as site, progress() as tell:
        transfer = Transfer(site.store, site.press, hand, lambda: datetime.now(UTC))
        report = Move(source, site.entries, site.files, transfer, wish, tell).run()
    if as_json:
        click.echo(listing.as_json(report.as_data()))
    else:
        *told, total = report.lines()
        for line in told:
            click.echo(line, err=True)
        click.echo(total)
    sys.exit(0 if report.clean else 1)


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
    with _site(settings_file, touch=False, need_entries=False) as site:
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
        raise AfterwordError(f"{file}: {error.strerror or error}") from error


COMMANDS: Final = (import_, export)
