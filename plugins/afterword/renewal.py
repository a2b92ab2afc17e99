"""How the site is brought up to date for the service, and for who decides at the command line."""

import logging
from collections.abc import Collection, Sequence
from functools import partial
from urllib.parse import urlsplit

from afterword import building, upkeep
from afterword.building import Outcome
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.errors import AfterwordError, SettingsError
from afterword.office import Office, clock
from afterword.updating import Updater
from afterword.upkeep import Build


def site_build(configuration: Configuration, variables: Environment) -> Build | None:
    """How the service brings the site up to date: by itself, by a command, or not at all.

    A webhook is called after it, or in place of it.
    """
    steps: list[Build] = []
    if not variables.build:
        steps.append(_update(configuration, variables))
    elif variables.build != "no":
        steps.append(lambda _: building.command(variables.build))
    if variables.webhook:
        if urlsplit(variables.webhook).scheme != "https":
            raise SettingsError("AFTERWORD_WEBHOOK", "must be an https address")
        steps.append(lambda _: upkeep.call_webhook(variables.webhook))
    if not steps:
        return None

    def build(entries: Collection[str] | None) -> Outcome:
        outcome = Outcome(ok=True, log="")
        for step in steps:
            outcome = step(entries)
            if not outcome.ok:
                return outcome
        return outcome

    return build


def publish_without_build(office: Office) -> Sequence[str]:
    """Put into finished pages what has changed, unless that is left to others.

    Returns why a build is needed for it, if so; the service does that, or whoever builds.
    """
    changes = office.store.changes()
    others = office.variables.build or office.variables.webhook
    if others or changes.made <= changes.built:
        return ()
    entries_of = upkeep.changed_entries(office.store, changes.built)
    try:
        done = _updater(office.configuration, office.variables).update(entries_of, build=False)
    except AfterwordError as error:
        return (str(error),)
    if not done.result.needed:
        office.store.built(changes.made)
    if "" in done.result.needed:  # this site is always built as a whole
        return ()
    return [f"left to a build: {reason}" for reason in done.result.reasons]


def _updater(configuration: Configuration, variables: Environment) -> Updater:
    output = variables.built(configuration.output)
    said = "somebody else is building or publishing; waiting for the end of it"
    waiting = partial(logging.getLogger(__name__).info, said)
    return Updater(configuration, output, variables.folder / "build", clock, waiting)


def _update(configuration: Configuration, variables: Environment) -> Build:
    """Return what puts responses into finished pages, and builds the site if that is not enough."""
    updater = _updater(configuration, variables)
    log = logging.getLogger(__name__)

    def update(entries: Collection[str] | None) -> Outcome:
        done = updater.update(entries)
        for problem in done.result.problems:
            log.warning("left out or odd", extra={"reason": problem})
        for reason in done.result.reasons:
            log.info("built as a whole", extra={"reason": reason})
        return Outcome(ok=True, log="")

    return update
