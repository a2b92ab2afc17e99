"""Where it is decided about responses: the queue, and what it takes to decide.

The service and the command line share it.
"""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from afterword import entries
from afterword.antispam import Policy
from afterword.antispam.akismet import Akismet
from afterword.book import Book
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.keys import secret_keys
from afterword.moderation import Desk, Press
from afterword.store import Store
from afterword.store.opening import open_store
from afterword.tokens import Signer

_ID_LETTERS: Final = string.digits + "abcdefghjkmnpqrstvwxyz"  # none that look alike
_ID_LENGTH: Final = 10


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A response's id: 50 random bits, short enough for an address."""
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


@dataclass(frozen=True)
class Office:
    """The queue of a site, its desk, and what these need."""

    configuration: Configuration
    variables: Environment
    store: Store
    signer: Signer
    desk: Desk
    book: Book

    @classmethod
    def of(
        cls,
        configuration: Configuration,
        variables: Environment,
        output: Callable[[], Path] | None = None,
    ) -> Self:
        """Put them together. ``output`` says where the built site lies at the moment.

        Raises SettingsError and StoreError.
        """
        settings = configuration.settings
        built = variables.built(configuration.output)
        where = output or (lambda: built)
        store = open_store(variables.database_url, variables.folder, clock)
        desk = Desk(
            store=store,
            press=Press(
                configuration.comments, variables.folder / "press.lock", settings.git_commit
            ),
            policy=Policy(
                max_links=settings.max_links,
                moderation_words=configuration.words(settings.moderation_words),
                blocklist=configuration.words(settings.blocklist),
                auto_approve=settings.auto_approve,
            ),
            clock=clock,
            new_id=new_id,
            **_adviser(configuration, variables),
        )
        book = Book(lambda: where() / entries.PATH)
        return cls(configuration, variables, store, Signer(secret_keys(variables)), desk, book)


def _adviser(configuration: Configuration, variables: Environment) -> Mapping[str, Any]:
    """Akismet, where its owner has given a key."""
    if not variables.akismet_key:
        return {}
    return {"adviser": Akismet(variables.akismet_key, configuration.siteurl)}
