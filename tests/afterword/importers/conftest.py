"""A site without a build, and sources that say what a test wants them to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from afterword.entries import Entry
from afterword.importers.entryfiles import EntryFiles
from afterword.importers.findings import Finding, Response, Source, Thread
from afterword.importers.moving import Move, Wish
from afterword.importers.report import Report
from afterword.model import Status
from afterword.moderation import Hand, Press, Transfer
from afterword.store.memory import MemoryStore
from afterword.submission import Door, Submission
from tests.afterword.store.conftest import Clock

DATE = datetime(2012, 3, 14, 9, 26, 53, tzinfo=UTC)
THREAD = Thread("t", "file", url="https://old.example/first/")
RESPONSE = Response(
    thread="t",
    id="17",
    place="file: 17",
    author="Dave",
    body="Networks *work*.",
    date=DATE,
    status=Status.APPROVED,
    email="dave@example.org",
)


def response(number: int | str, **changes: object) -> Response:
    """The sample with another id."""
    each = replace(RESPONSE, id=str(number), place=f"file: {number}")
    return replace(each, **changes)  # type: ignore[arg-type]  # what a test wants changed


@dataclass(frozen=True)
class Given:
    """A source that yields what it is given."""

    findings: Sequence[Finding]
    name: str = "given"

    def read(self) -> Iterator[Finding]:
        yield from self.findings


def entry(key: str) -> Entry:
    """A post of the site."""
    return Entry(key, key.title(), f"https://blog.example/{key}/", "", "", DATE, open=True)


@dataclass
class Target:
    """A site that responses are moved to."""

    root: Path
    store: MemoryStore
    entries: Mapping[str, Entry] = field(default_factory=lambda: {"first": entry("first")})

    @property
    def folder(self) -> EntryFiles:
        return EntryFiles(self.root / "content", self.root / "comments")

    @property
    def transfer(self) -> Transfer:
        hand = Hand(Door.IMPORT, "somebody")
        press = Press(self.root / "comments", self.root / "lock")
        return Transfer(self.store, press, hand, Clock())

    def take(self, *findings: Finding, **wish: object) -> Report:
        """Import these findings, after the thread that they belong to."""
        return self.take_from(Given((THREAD, *findings)), **wish)

    def take_from(self, source: Source, **wish: object) -> Report:
        move = Move(source, self.entries, self.folder, self.transfer, Wish(**wish))  # type: ignore[arg-type]  # a wish's fields
        report = move.run()
        accounted = sum(report.added.values()) + report.entries + report.already + report.updated
        assert report.read == accounted + len(report.skipped)
        return report

    def files(self) -> dict[str, str]:
        """Every file of a response, by its path."""
        folder = self.root / "comments"
        found = sorted(folder.rglob("*")) if folder.exists() else []
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in found
            if path.is_file()
        }

    def get(self, submission_id: str) -> Submission:
        found = self.store.get(submission_id)
        assert found is not None
        return found


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """A site with one post and no responses."""
    return Target(tmp_path, MemoryStore(Clock()))
