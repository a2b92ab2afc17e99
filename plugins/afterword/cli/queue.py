"""The commands that moderate."""

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from afterword.cli import listing
from afterword.cli.opening import json_option, queue_of, settings_option
from afterword.errors import visible
from afterword.model import Status
from afterword.moderation import Hand, Outcome, Seen
from afterword.store import Query
from afterword.submission import Action, Door

_ids = click.argument("ids", nargs=-1, required=True, metavar="ID...")
_why = click.option("--why", default="", help="A sentence for the history.")


@click.command()
@click.argument(
    "status",
    type=click.Choice([*(status.value for status in Status), "all"]),
    default=Status.PENDING.value,
)
@click.option("--search", default="", help="Only those with this in name, e-mail, text or post.")
@click.option("--entry", help="Only responses to this post.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out so many.")
@json_option
@settings_option
def queue(  # noqa: PLR0913, PLR0917  # a command's options
    status: str,
    search: str,
    entry: str | None,
    limit: int,
    offset: int,
    settings_file: str,
    *,
    as_json: bool,
) -> None:
    """List responses in a state, newest first: those that wait, if none is named."""
    wanted = None if status == "all" else Status(status)
    asked = Query(status=wanted, text=search, entry=entry, limit=limit, offset=offset)
    with queue_of(settings_file) as office:
        found = office.store.find(asked)
    if as_json:
        records = [listing.record(each) for each in found.submissions]
        click.echo(listing.as_json({"total": found.total, "responses": records}))
        return
    for each in found.submissions:
        click.echo(listing.line(each))
    if found.total > len(found.submissions):
        click.echo(f"{len(found.submissions)} of {found.total:,}", err=True)


@click.command()
@click.argument("response_id", metavar="ID")
@json_option
@settings_option
def show(response_id: str, settings_file: str, *, as_json: bool) -> None:
    """Show a response with all that is known about it."""
    with queue_of(settings_file) as office:
        found = office.desk.get(response_id)
    click.echo(listing.as_json(listing.record(found)) if as_json else listing.page(found))


@click.command()
@click.argument("response_id", metavar="ID")
@json_option
@settings_option
def history(response_id: str, settings_file: str, *, as_json: bool) -> None:
    """Show who decided what about a response, and when."""
    with queue_of(settings_file) as office:
        office.desk.get(response_id)
        found = office.store.history(response_id)
    records = [listing.decision_record(each) for each in found]
    click.echo(listing.as_json(records) if as_json else listing.history(found))


@click.command()
@_ids
@_why
@settings_option
def approve(ids: Sequence[str], why: str, settings_file: str) -> None:
    """Publish responses: writes their files. A running service builds the site."""
    _decide(Action.APPROVE, ids, why, settings_file)


@click.command()
@_ids
@_why
@settings_option
def spam(ids: Sequence[str], why: str, settings_file: str) -> None:
    """Mark responses as spam; the filter learns from it."""
    _decide(Action.SPAM, ids, why, settings_file)


@click.command()
@_ids
@_why
@settings_option
def trash(ids: Sequence[str], why: str, settings_file: str) -> None:
    """Move responses to the trash, published ones too."""
    _decide(Action.TRASH, ids, why, settings_file)


@click.command()
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option(
    "--from",
    "backup",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Restore everything from this backup instead, in place of what is there.",
)
@click.option("--yes", is_flag=True, help="Replace what is in the queue without asking.")
@_why
@settings_option
def restore(
    ids: Sequence[str], backup: Path | None, why: str, settings_file: str, *, yes: bool
) -> None:
    """Put responses back into the queue; or the whole queue back from a backup.

    A backup takes the place of what is in the queue now; if there is anything, you are asked.
    What was approved in it and has no file any more gets one again.
    """
    if bool(ids) == bool(backup):
        raise click.UsageError("name responses, or a backup with --from")
    if backup is None:
        _decide(Action.RESTORE, ids, why, settings_file)
        return
    with queue_of(settings_file) as office:
        there = sum(office.store.counts().values())
        if there and not yes:
            click.confirm(f"Replace the {there:,} response(s) in the queue?", abort=True)
        report = office.desk.restore(backup)
    left = listing.unfinished(report)
    for line in left:
        click.echo(line, err=True)
    sys.exit(1 if left else 0)


@click.command()
@click.argument("response_id", metavar="ID")
@click.option("--author", help="Another name.")
@click.option("--email", help="Another e-mail address.")
@click.option("--website", help="Another website; empty for none.")
@click.option("--body", help="Another text; - reads it from standard input.")
@settings_option
def edit(  # noqa: PLR0913, PLR0917  # a command's options
    response_id: str,
    author: str | None,
    email: str | None,
    website: str | None,
    body: str | None,
    settings_file: str,
) -> None:
    """Change a response, published or not. Without options an editor opens for the text."""
    with queue_of(settings_file) as office:
        now = office.desk.get(response_id)
        if body == "-":
            body = sys.stdin.read()
        elif (author, email, website, body) == (None, None, None, None):
            body = click.edit(now.body, extension=".md")
            if body is None:
                return
        outcome = office.desk.edit(
            Seen(now.id, now.revision),
            _hand(),
            author=now.author if author is None else author,
            email=now.email if email is None else email,
            website=now.website if website is None else (website or None),
            body=now.body if body is None else body.replace("\r\n", "\n").strip("\n"),
        )
    _end([outcome])


@click.command()
@click.argument("response_id", metavar="ID")
@click.option("--body", help="The answer; - reads it from standard input.")
@settings_option
def reply(response_id: str, body: str | None, settings_file: str) -> None:
    """Publish the author's answer to a response, and the response with it."""
    with queue_of(settings_file) as office:
        office.desk.get(response_id)
        text = sys.stdin.read() if body == "-" else body or click.edit(extension=".md")
        if not text or not text.strip():
            raise click.UsageError("there is no answer to publish")
        answer = office.desk.reply(
            response_id, text.strip("\n"), office.configuration.author, _hand()
        )
    click.echo(answer.id)


def decide(action: Action, ids: Sequence[str], why: str, settings_file: str) -> list[Outcome]:
    """Decide about responses; return how that ended for each."""
    with queue_of(settings_file) as office:
        return list(office.desk.decide([Seen(each) for each in ids], action, _hand(), why))


def _decide(action: Action, ids: Sequence[str], why: str, settings_file: str) -> None:
    _end(decide(action, ids, why, settings_file))


def _end(outcomes: Sequence[Outcome]) -> None:
    failed = [outcome for outcome in outcomes if not outcome.ok]
    for outcome in failed:
        click.echo(visible(f"{outcome.id}: {outcome.why}"), err=True)
    sys.exit(1 if failed else 0)


def _hand() -> Hand:
    return Hand(Door.CLI, getpass.getuser())


COMMANDS: Final = (queue, show, history, approve, spam, trash, restore, edit, reply)
