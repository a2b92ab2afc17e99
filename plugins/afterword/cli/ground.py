"""The site that responses are moved to, or given back from."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from afterword import entries
from afterword.configuration import Configuration
from afterword.entries import Entry
from afterword.environment import Environment
from afterword.errors import EntriesUnknown
from afterword.importers.entryfiles import EntryFiles
from afterword.moderation import Press
from afterword.store import Store
from afterword.store.opening import look_into, open_store


@dataclass(frozen=True, slots=True)
class Ground:
    """What an import needs of a site."""

    store: Store
    press: Press
    files: EntryFiles
    entries: Mapping[str, Entry]


def entries_of(configuration: Configuration) -> Mapping[str, Entry]:
    """Return the posts and pages that a site was built with, by key. Raises EntriesUnknown."""
    output = Environment.from_mapping(os.environ).built(configuration.output)
    return {key: each.entry for key, each in entries.load(output / entries.PATH).items()}


@contextmanager
def ground_of(settings_file: str, *, touch: bool, need_entries: bool) -> Iterator[Ground]:
    """Open a site; without ``touch`` its database is left as it is."""
    configuration = Configuration.read(Path(settings_file))
    variables = Environment.from_mapping(os.environ)
    try:
        known = entries_of(configuration)
    except EntriesUnknown:
        if need_entries:
            raise
        known = {}
    opening = open_store if touch else look_into
    store = opening(variables.database_url, variables.folder, lambda: datetime.now(UTC))
    # Thousands of files are for one commit of their owner's, not for as many of ours.
    press = Press(configuration.comments, variables.folder / "press.lock")
    try:
        yield Ground(store, press, EntryFiles(configuration.content, configuration.comments), known)
    finally:
        store.close()
