"""Everything given back: the published responses and the queue, in the generic JSON.

A response takes one line, so that a file can be compared with the one of last week.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from afterword import commentfile
from afterword.conversations import Conversation
from afterword.entries import Entry
from afterword.importers.generic import VERSION
from afterword.model import Comment, Kind, Status
from afterword.published import gather
from afterword.store import Query, Store
from afterword.submission import Submission

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Export:
    """What a site has: the files below ``root``, and a queue."""

    root: Path
    store: Store
    entries: Mapping[str, Entry]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the JSON document."""
        conversations = gather(self.root, self.entries.keys()).conversations
        yield f'{{"version": {VERSION},\n"threads": ['
        yield from _joined(
            {"id": key, "entry": key, **self._named(key)} for key in sorted(conversations)
        )
        yield '],\n"responses": ['
        yield from _joined(self._responses(conversations))
        yield "]}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield all responses, published or not, those of one entry mostly together."""
        yield from self._responses(gather(self.root, self.entries.keys()).conversations)

    def left_out(self) -> Iterator[str]:
        """Say which files are no responses, and are not given back."""
        for problem in gather(self.root, self.entries.keys()).problems:
            if problem.reason.startswith("left out"):
                yield str(problem)

    def _named(self, key: str) -> Mapping[str, str]:
        entry = self.entries.get(key)
        return {"url": entry.url, "title": entry.title} if entry else {}

    def _responses(self, conversations: Mapping[str, Conversation]) -> Iterator[Mapping[str, Any]]:
        for key in sorted(conversations):
            comments = conversations[key].comments
            for start in range(0, len(comments), _AT_ONCE):
                portion = comments[start : start + _AT_ONCE]
                known = self.store.look_up([each.id for each in portion])
                for each in portion:
                    yield _published(each, known.get(each.id))
        for status in Status:
            yield from self._queued(status)

    def _queued(self, status: Status) -> Iterator[Mapping[str, Any]]:
        offset = 0
        while found := self.store.find(Query(status, offset=offset, limit=_AT_ONCE)).submissions:
            for each in found:
                if not (each.author or each.body):
                    continue  # erased on request
                if status is not Status.APPROVED:
                    yield _record(each, status)
                elif not self._is_published(each):
                    # Somebody has removed its file: that was a decision.
                    yield _record(each, Status.TRASH)
            offset += _AT_ONCE

    def _is_published(self, each: Submission) -> bool:
        return commentfile.place(self.root, each.entry, each.id).exists()


def _published(comment: Comment, known: Submission | None) -> Mapping[str, Any]:
    record = dict(_record(comment, Status.APPROVED))
    if known and known.entry == comment.entry and known.email:
        record["email"] = known.email
    return record


def _record(each: Comment | Submission, status: Status) -> Mapping[str, Any]:
    record = {
        "entry": each.entry,
        "id": each.id,
        "status": status,
        "author": each.author,
        "date": each.date.isoformat(),
        "email": each.email if isinstance(each, Submission) else "",
        "website": each.website,
        "replyto": each.replyto,
        "kind": each.kind if each.kind is not Kind.COMMENT else None,
        "role": "author" if each.by_author else None,
        "source": each.source,
        "body": each.body,
    }
    return {key: value for key, value in record.items() if value or key == "body"}


def _joined(records: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    before = ""
    for record in records:
        yield before + json.dumps(record, ensure_ascii=False)
        before = ","
