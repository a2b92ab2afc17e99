"""The command that leads those on who come by an address of WordPress."""

import os
import sys
from pathlib import Path
from typing import Final

import click

from afterword.cli.ground import entries_of
from afterword.cli.options import exports_argument, settings_option
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.errors import visible
from afterword.importers.redirects.built import Built
from afterword.importers.redirects.finding import find
from afterword.importers.redirects.pages import write_pages
from afterword.importers.redirects.servers import Server, lines


@click.command("redirects")
@exports_argument
@click.option(
    "--for",
    "server",
    type=click.Choice([each.value for each in Server]),
    help="Print them for this server.",
)
@click.option(
    "--pages",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a page for each old address below this folder, for servers that can do nothing "
    "else. `?p=17` and pictures have none.",
)
@click.option(
    "--other-host",
    is_flag=True,
    help="The old addresses are at another host name: lead from all of them to whole addresses. "
    "Not for a server that answers under the new name, too.",
)
@settings_option
def redirects(
    files: tuple[Path, ...],
    server: str | None,
    pages: Path | None,
    *,
    other_host: bool,
    settings_file: str,
) -> None:
    """Lead old addresses of WordPress to where all of it is now.

    FILE is WordPress's export, of which `afterword import wordpress` has made the posts; the
    site has to be built, so that it is known what is where. Posts and pages are led on, feeds,
    categories, tags, authors, archives and pictures, as far as they are here; and nothing from
    where this site has a page.

    The exit status is 1 if a post that was public has no address here: each is named.
    """
    if not server and not pages:
        raise click.UsageError("say --for SERVER, or --pages FOLDER")
    configuration = Configuration.read(Path(settings_file))
    known = entries_of(configuration)
    output = Environment.from_mapping(os.environ).built(configuration.output)
    built = Built.read(output, configuration.siteurl, configuration.archives)
    if other_host and not built.origin:
        raise click.UsageError("--other-host needs SITEURL to name this host")
    found = find(files, known, built, configuration.reserved, other_host=other_host)
    if server:
        for line in lines(Server(server), found.redirects):
            click.echo(line)
    if pages:
        count = write_pages(pages, found.redirects, built.origin, built.base)
        click.echo(f"{count:,} pages written to {pages}", err=True)
    for address, reason in found.missing:
        click.echo(visible(f"{address}: {reason}"), err=True)
    sys.exit(1 if found.missing else 0)


COMMANDS: Final = (redirects,)
