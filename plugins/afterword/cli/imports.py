"""The commands that move responses in from other systems."""

import getpass
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from afterword.cli import listing
from afterword.cli.ground import entries_of, ground_of
from afterword.cli.options import exports_argument, import_options
from afterword.cli.progress import progress
from afterword.configuration import Configuration
from afterword.errors import AfterwordError, EntriesUnknown, ImportRefused, StoreError, WriteError
from afterword.importers import slugs
from afterword.importers.commento import Commento
from afterword.importers.disqus import Disqus
from afterword.importers.findings import Source
from afterword.importers.folder import CommentsFolder
from afterword.importers.generic import GenericJson
from afterword.importers.isso import Isso
from afterword.importers.moving import Move, Wish
from afterword.importers.remark42 import Remark42
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.moderation import Hand, Transfer
from afterword.submission import Door


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
@import_options
def json_(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, the generic JSON that `afterword export json` writes."""
    _move(GenericJson(file), **options)


@import_.command()
@_file
@import_options
def isso(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, the database of Isso: its `dbpath`.

    It is only read, and Isso may run meanwhile. Its network addresses and votes do not come
    along.
    """
    _move(Isso(file), **options)


@import_.command()
@_file
@import_options
def remark42(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export or a backup of Remark42, packed or not."""
    _move(Remark42(file), **options)


@import_.command()
@_file
@import_options
def commento(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export of Commento, packed or not."""
    _move(Commento(file), **options)


@import_.command()
@_file
@import_options
def disqus(file: Path, **options: Any) -> None:  # noqa: ANN401  # handed on as they are
    """Import FILE, an export of Disqus in XML, packed or not.

    A file that is not well-formed is refused with the line.
    """
    _move(Disqus(file), **options)


@import_.command("comments-files")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@import_options
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
@import_options
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
    desk = None
    if not only_responses:
        there, known = _there(configuration), _known(configuration)
        desk = Desk(folders, uploads, there=there, known=known, reserved=configuration.reserved)
    _move(WordPress(files, desk), brings_entries=not only_responses, **options)


def _there(configuration: Configuration) -> Mapping[str, str]:
    """How texts link to the posts and pages that the site has been built with."""
    try:
        known = entries_of(configuration)
    except EntriesUnknown:
        return {}
    return slugs.links(known, slugs.files_by_slug(configuration.content, configuration.comments))


def _known(configuration: Configuration) -> Mapping[str, str]:
    """How texts link to the files that say what feeds call them."""
    files = slugs.texts_by_guid(configuration.content, configuration.comments)
    return {guid: f"{{filename}}/{text.file}" for guid, text in files.items()}


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
    with ground_of(settings_file, touch=not dry_run, need_entries=need) as site, progress() as tell:
        transfer = Transfer(site.store, site.press, hand, lambda: datetime.now(UTC))
        try:
            report = Move(source, site.entries, site.files, transfer, wish, tell).run()
        except (StoreError, WriteError) as error:
            reason = f"{error}; what is there already stays, and the same command goes on"
            raise AfterwordError(reason) from error
    if as_json:
        click.echo(listing.as_json(report.as_data()))
    else:
        *told, total = report.lines()
        for line in told:
            click.echo(line, err=True)
        click.echo(total)
    sys.exit(0 if report.clean else 1)
