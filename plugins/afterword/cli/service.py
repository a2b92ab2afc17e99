"""The commands that run the service and look after its data."""

import json
import os
import sys
from pathlib import Path
from typing import Final

import click

from afterword.cli import listing
from afterword.cli.opening import json_option, queue_of, settings_option
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.keys import new_token
from afterword.office import clock
from afterword.renewal import publish_without_build


@click.command()
@settings_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1))
def intake(settings_file: str, host: str, port: int, workers: int) -> None:
    """Run the service that takes responses, behind a web server that serves the site."""
    import uvicorn  # noqa: PLC0415  # only this command needs a web server

    from afterword import wsgi  # noqa: PLC0415  # nor the service

    wsgi.log_as_json()
    # Said here and now if it cannot start, instead of in a worker's trace.
    wsgi.prepare(Path(settings_file), os.environ)
    os.environ["AFTERWORD_SETTINGS"] = settings_file
    uvicorn.run(
        "afterword.wsgi:app",
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
    )


@click.command()
@settings_option
def password(settings_file: str) -> None:
    """Make a new password for the moderator, print it once, and end all sessions."""
    from afterword.admin import Login, new_password  # noqa: PLC0415  # the moderator's pages

    with queue_of(settings_file) as office:
        new = new_password()
        Login(office.store, clock, new_token).set(new)
    click.echo(new)


@click.command()
@json_option
@settings_option
def reconcile(settings_file: str, *, as_json: bool) -> None:
    """Finish what was decided and not carried out, after a crash or a full disk.

    Safe at any time. Puts into the finished pages what it can, and says what is left to a build;
    says what it could not do, and which approved responses have no file any more: somebody
    removed it, and `afterword trash` or `afterword edit` settles that.
    """
    with queue_of(settings_file) as office:
        report = office.desk.reconcile()
        for line in publish_without_build(office):
            click.echo(line, err=True)
    left = listing.unfinished(report)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "settled": report.settled,
                    "failed": [{"id": each, "why": why} for each, why in report.failed],
                    "missing": report.missing,
                },
                indent=1,
            )
        )
    else:
        for line in left:
            click.echo(line, err=True)
    sys.exit(1 if left else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@settings_option
def backup(file: Path, settings_file: str) -> None:
    """Write the whole queue to FILE, while the service goes on. `restore --from` reads it back.

    It holds e-mail addresses: keep it private. The published responses are files already.
    """
    with queue_of(settings_file) as office:
        office.store.backup(file)


@click.command()
@click.argument("url")
@click.option(
    "--token",
    envvar="AFTERWORD_PULL_TOKEN",
    required=True,
    show_envvar=True,
    help="The service's AFTERWORD_PULL_TOKEN.",
)
@settings_option
def pull(url: str, token: str, settings_file: str) -> None:
    """Fetch what has been approved at a service elsewhere into the folder of responses.

    URL is the folder of its public pages, such as https://blog.example/comments/. What was
    fetched before is not fetched again; what was taken back there is removed here.
    """
    from afterword import pulling  # noqa: PLC0415  # only this command needs it

    configuration = Configuration.read(Path(settings_file))
    variables = Environment.from_mapping(os.environ)
    pulling.pull(url, token, configuration.comments, variables.folder / "pull.json")


COMMANDS: Final = (intake, password, reconcile, backup, pull)
