"""The commands for those who ask what is kept about them."""

from typing import Final

import click

from afterword.cli import listing
from afterword.cli.opening import queue_of, settings_option
from afterword.submission import Submission


@click.group()
def privacy() -> None:
    """What is kept about a person: to hand out, or to erase."""


@privacy.command()
@click.argument("email")
@settings_option
def export(email: str, settings_file: str) -> None:
    """Print everything that was sent in under an e-mail address, as JSON."""
    with queue_of(settings_file) as office:
        found = office.store.about(email)
        records = [
            {
                **listing.record(each),
                "address_hash": each.address,
                "wants_mail": each.wants_mail,
                "history": [
                    listing.decision_record(decision) for decision in office.store.history(each.id)
                ],
            }
            for each in found
        ]
        subscription = office.store.recall(f"subscription:{email.casefold()}")
    click.echo(
        listing.as_json({"email": email, "subscription": subscription, "responses": records})
    )


@privacy.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@settings_option
def erase(email: str, settings_file: str, *, yes: bool) -> None:
    """Erase everything that was sent in under an e-mail address, published responses too.

    It cannot be undone. Backups, and the git history of published files, are yours to clean.
    """
    with queue_of(settings_file) as office:
        found: tuple[Submission, ...] = office.store.about(email)
        if not yes:
            click.confirm(f"Erase {len(found)} response(s) for good?", abort=True)
        office.store.erase(email)
        failed = office.desk.reconcile().failed
    for submission_id, why in failed:
        click.echo(f"{submission_id}: {why}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


COMMANDS: Final = (privacy,)
