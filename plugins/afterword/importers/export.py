"""Everything given back: the published responses and the queue, in the generic JSON.

A response takes one line, so that a file can be compared with the one of last week.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from afterword import commentfile
from afterword.entries import Entry
from afterword.errors import AfterwordError
from afterword.importers.generic import OURS, VERSION
from afterword.importers.portions import portions
from afterword.model import Comment, Kind, Status
from afterword.published import Published, gather
from afterword.store import Query, Store
from afterword.submission import Submission

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Export:
    """What a site has: the files below ``root``, and a queue. It is looked at once."""

    root: Path
    store: Store
    entries: Mapping[str, Entry]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the JSON document."""
        yield f'{{"version": {VERSION}, "from": "{OURS}",\n"threads": ['
        keys = sorted(self._published.conversations)
        yield from _joined({"id": key, "entry": key, **self._named(key)} for key in keys)
        yield '],\n"responses": ['
        yield from _joined(self.records())
        yield "]}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield all responses, published or not, those of one entry mostly together."""
        for key, portion, known in self._portions():
            for each in portion:
                row = _own(known.get(each.id), key)
                # What has been decided and is not carried out yet, the queue says.
                if row is None or row.settled:
                    yield _record(
                        each,
                        Status.APPROVED,
                        email=row.email if row else "",
                        alone=(key, each.id) in self.alone,
                    )
        for status in Status:
            yield from self._queued(status)

    def left_out(self) -> Iterator[str]:
        """Say which files are no responses, and are not given back."""
        for problem in self._published.problems:
            if problem.reason.startswith("left out"):
                yield str(problem)

    @cached_property
    def alone(self) -> frozenset[tuple[str, str]]:
        """The published responses, by entry and id, whose ids others have in the queue."""
        owners: dict[str, str] = {}
        found = set()
        for key, portion, known in self._portions():
            for each in portion:
                row = known.get(each.id)
                owner = row.entry if row else owners.setdefault(each.id, key)
                if owner != key:
                    found.add((key, each.id))
        return frozenset(found)

    @cached_property
    def _published(self) -> Published:
        return gather(self.root, self.entries.keys())

    def _portions(
        self,
    ) -> Iterator[tuple[str, Sequence[Comment], Mapping[str, Submission | None]]]:
        """The published responses of each entry, with what the queue has under their ids."""
        for key, conversation in sorted(self._published.conversations.items()):
            for portion in portions(conversation.comments, _AT_ONCE):
                yield key, portion, self.store.look_up([each.id for each in portion])

    def _named(self, key: str) -> Mapping[str, str]:
        entry = self.entries.get(key)
        return {"url": entry.url, "title": entry.title} if entry else {}

    def _queued(self, status: Status) -> Iterator[Mapping[str, Any]]:
        offset = 0
        while found := self.store.find(Query(status, offset=offset, limit=_AT_ONCE)).submissions:
            for each in found:
                if not (each.author or each.body):
                    continue  # erased on request
                if not each.settled:
                    yield _record(each, status, email=each.email)
                elif not self._has_file(each):
                    # Somebody has removed the file of what is approved: that was a decision.
                    shown = Status.TRASH if status is Status.APPROVED else status
                    yield _record(each, shown, email=each.email)
            offset += _AT_ONCE

    def _has_file(self, each: Submission) -> bool:
        try:
            return commentfile.place(self.root, each.entry, each.id).exists()
        except AfterwordError:
            return False


def _own(row: Submission | None, entry: str) -> Submission | None:
    """What the queue has under a published response's id, if it is of the same entry."""
    return row if row and row.entry == entry else None


def _record(
    each: Comment | Submission, status: Status, *, email: str = "", alone: bool = False
) -> Mapping[str, Any]:
    record = {
        "entry": each.entry,
        "id": each.id,
        "status": status,
        "author": each.author,
        "date": each.date.isoformat(),
        "email": email,
        "website": each.website,
        "replyto": each.replyto,
        "kind": each.kind if each.kind is not Kind.COMMENT else None,
        "role": "author" if each.by_author else None,
        "source": each.source,
        "alone": alone,
        "body": each.body,
    }
    return {key: value for key, value in record.items() if value or key == "body"}


def _joined(records: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    before = ""
    for record in records:
        yield before + json.dumps(record, ensure_ascii=False)
        before = ","
