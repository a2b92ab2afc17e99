"""One response after the other, with a key for each decision."""

import getpass
from collections.abc import Iterator

import click

from afterword.cli import listing
from afterword.cli.opening import queue_of, settings_option
from afterword.errors import AfterwordError, visible
from afterword.model import Status
from afterword.moderation import Hand, Seen
from afterword.office import Office
from afterword.store import Query
from afterword.submission import Action, Door, Submission

_KEYS = {"a": Action.APPROVE, "s": Action.SPAM, "t": Action.TRASH}
_PROMPT = "[a]pprove [s]pam [t]rash [e]dit [r]eply [n]ext [q]uit"


@click.command()
@settings_option
def review(settings_file: str) -> None:
    """Go through the responses that wait, oldest first, and decide about each."""
    hand = Hand(Door.CLI, getpass.getuser())
    with queue_of(settings_file) as office:
        for each in _waiting(office):
            click.echo(listing.page(each))
            if not _ask(office, each, hand):
                return
        click.echo("Nothing waits.")


def _ask(office: Office, each: Submission, hand: Hand) -> bool:
    """Ask until there is a decision about a response; False ends it all."""
    while True:
        key = click.prompt(
            _PROMPT, type=click.Choice([*_KEYS, "e", "r", "n", "q"]), show_choices=False
        )
        if key in _KEYS:
            outcome = office.desk.decide([Seen(each.id, each.revision)], _KEYS[key], hand)[0]
            if not outcome.ok:
                click.echo(visible(outcome.why), err=True)
            return True
        if key in "nq":
            return bool(key == "n")
        if key == "r" and (text := click.edit("", extension=".md") or "").strip():
            try:
                office.desk.reply(each.id, text.strip("\n"), office.configuration.author, hand)
            except AfterwordError as error:
                # What was typed is nowhere else by now.
                click.echo(visible(str(error)), err=True)
                click.echo(text, err=True)
            else:
                return True
        if key == "e" and (edited := click.edit(each.body, extension=".md")):
            outcome = office.desk.edit(
                Seen(each.id, each.revision),
                hand,
                author=each.author,
                email=each.email,
                website=each.website,
                body=edited.strip("\n"),
            )
            click.echo(visible(outcome.why), err=True, nl=not outcome.ok)
            each = outcome.submission or each
            click.echo(listing.page(each))


def _waiting(office: Office) -> Iterator[Submission]:
    """Those that wait, oldest first, each once; what comes in meanwhile too."""
    seen: set[str] = set()
    while True:
        total = office.store.counts()[Status.PENDING]
        found = office.store.find(Query(status=Status.PENDING, limit=max(1, total))).submissions
        fresh = [each for each in reversed(found) if each.id not in seen]
        if not fresh:
            return
        for each in fresh:
            seen.add(each.id)
            now = office.store.get(each.id)
            if now is not None and now.status is Status.PENDING:
                yield now
