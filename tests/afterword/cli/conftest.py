"""A blog with a queue, for commands that are run as a person runs them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from afterword import entries
from afterword.store import Store
from afterword.store.sqlite import SqliteStore
from afterword.submission import Submission
from tests.afterword.importers.conftest import entry
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import received, sample
from tests.service import OPEN, run
from tests.site import Site

TWO = {
    "version": 1,
    "responses": [
        {"entry": "first", "id": "17", "author": "Dave", "date": "2012-03-14", "body": "Mine."},
        {"url": "/gone/", "id": "18", "author": "Eve", "date": "2012-03-15", "body": "Yours."},
    ],
}


@dataclass(frozen=True)
class Queue:
    """A blog's queue, and the command line beside it."""

    site: Site

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, as a service that runs at the same time has it."""
        store = SqliteStore(self.file, Clock())
        try:
            yield store
        finally:
            store.close()

    @property
    def file(self) -> Path:
        return self.site.root / "var/queue.sqlite3"

    def add(self, number: int, **changes: object) -> Submission:
        """Put a response into it, which is answered by ``a`` and its number."""
        each = sample(number, **{"replyto": None} | changes)
        with self.opened() as store:
            return store.add(each, received(each))

    def get(self, submission_id: str) -> Submission:
        with self.opened() as store:
            found = store.get(submission_id)
        assert found is not None
        return found

    def states(self) -> dict[str, str]:
        """Each response's state."""
        with self.opened() as store:
            return {each.id: str(each.status) for each in store.about("dave@example.org")}

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command line, whatever comes of it."""
        return run(self.site, *arguments, text=text)

    def done(self, *arguments: str, text: str = "") -> str:
        """Run the command line; return what it prints, once it has done its work."""
        result = self.run(*arguments, text=text)
        assert (result.returncode, result.stderr) == (0, ""), result
        return result.stdout

    def published(self) -> list[str]:
        """The ids of the response files."""
        return sorted(path.stem for path in (self.site.root / "content/comments").rglob("*.md"))


@pytest.fixture
def queue(site: Site) -> Queue:
    """An empty queue of a blog with one post."""
    site.post("first", "Morning.")
    site.write({"pelicanconf.py": OPEN})
    return Queue(site)


@pytest.fixture
def built(queue: Queue) -> Queue:
    """The blog with the list of entries that a build leaves."""
    listed = entries.dump([(entry("first"), "[]")])
    queue.site.write({"output/comments/entries.json": listed, "in.json": json.dumps(TWO)})
    return queue
