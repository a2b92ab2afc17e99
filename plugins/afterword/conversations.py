"""The responses of one entry: what is known of them at once, and what is read when looked at.

A site may have tens of thousands of response files. A build must know of each that it is there,
and has to look into few.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

from afterword import commentfile, model, threads
from afterword.errors import MalformedResponse
from afterword.model import Comment, Kind
from afterword.threads import arrange, sort_key

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Who reads a response file: if one of these changes, all files are read anew.
_READERS: Final = (commentfile, model, threads, sys.modules[__name__])


@dataclass(frozen=True, slots=True)
class Answer:
    """One response in short. ``moment`` is in microseconds since the year 1.

    ``digest`` differs if anything about the response does.
    """

    id: str
    moment: int
    digest: str

    def rank(self, entry: str) -> str:
        """What it is sorted by among those of all entries: texts in the order of sort_key.

        The id and the entry follow it, after spaces.
        """
        number = str(int(self.id)) if self.id.isdecimal() else ""
        return f"{self.moment:018}{not number:d}{len(number):02}{number} {self.id} {entry}"


def ranked(rank: str) -> tuple[str, str]:
    """Return the id and the entry of the response that has this rank."""
    _, comment_id, entry = rank.split(" ", 2)
    return comment_id, entry


class Conversation:
    """The responses of an entry, of which the texts are read each time that they are asked for.

    ``summary`` is what a reader makes of a folder; ``files`` returns what is in its files.
    """

    def __init__(self, entry: str, summary: str, files: Callable[[str], Mapping[str, Any]]) -> None:
        self.entry = entry
        self.summary = summary
        self._files = files

    @classmethod
    def of(cls, entry: str, comments: Sequence[Comment] = ()) -> Self:
        """The conversation that these make."""
        files = {each.id + commentfile.SUFFIX: _row(each) for each in comments}
        return cls(entry, _summary(entry, files, []), lambda _: files)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All of them in short, oldest first."""
        return tuple(Answer(*each) for each in self._parsed()["answers"])

    @property
    def total(self) -> int:
        """How many there are."""
        return self._outline[0]

    @property
    def updated(self) -> datetime | None:
        """When the latest was made, or None."""
        return self._outline[1]

    @property
    def digest(self) -> str:
        """What differs if any of them does."""
        return self._outline[2]

    @property
    def problems(self) -> Sequence[tuple[str, int, str]]:
        """What an author should mend: name of a file, line (0: as a whole), and reason."""
        return [(name, line, reason) for name, line, reason in self._parsed()["problems"]]

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments, oldest first."""
        return tuple(sorted(_comments(self.entry, self._files(self.entry)), key=sort_key))

    def comment(self, comment_id: str) -> Comment | None:
        """One of the comments."""
        row = self._files(self.entry).get(comment_id + commentfile.SUFFIX)
        return _comment(self.entry, comment_id, row) if isinstance(row, list) else None

    @cached_property
    def _outline(self) -> tuple[int, datetime | None, str]:
        """What is asked of all conversations of a site, and kept."""
        parsed = self._parsed()
        answers = parsed["answers"]
        updated = _BEGINNING + answers[-1][1] * _MICROSECOND if answers else None
        return len(answers), updated, parsed["digest"]

    def _parsed(self) -> Mapping[str, Any]:
        parsed: Mapping[str, Any] = json.loads(self.summary)
        return parsed


@dataclass(frozen=True, slots=True)
class ResponseReader:
    """Reads the response files below ``root`` for a memory of what is in them."""

    root: Path

    @property
    def version(self) -> bytes:
        """Bytes that are others if the same file might be read in another way."""
        found = blake2b(sys.version.encode(), digest_size=16)
        for module in _READERS:
            found.update(Path(str(module.__file__)).read_bytes())
        return found.digest()

    def read(self, folder: str, name: str) -> tuple[object, bool]:
        """Return what is in a file: a response, or a problem; and whether its bytes tell that."""
        if not folder:
            return _problem(0, "lies in no entry's folder"), True
        if not name.endswith(commentfile.SUFFIX):
            return _problem(
                0, f"is no response: its name does not end in {commentfile.SUFFIX}"
            ), True
        try:
            return _row(commentfile.read(self.root / folder / name, folder)), True
        except MalformedResponse as error:
            told_by_bytes = not isinstance(error.__context__, OSError)
            return _problem(error.line, error.reason), told_by_bytes

    def sum_up(self, folder: str, files: Mapping[str, Any]) -> str:
        """Return the summary of a conversation."""
        problems = [
            (name, value["line"], value["reason"])
            for name, value in files.items()
            if isinstance(value, dict)
        ]
        thread = arrange(_comments(folder, files))
        for found, where in ((thread.orphans, "is not there"), (thread.looping, "leads back here")):
            for each in found:
                path = commentfile.path_of(self.root, each)
                line = commentfile.line_of(path, "replyto")
                reason = f"answers {each.replyto}, which {where}; shown at top level"
                problems.append((path.name, line, reason))
        return _summary(folder, files, problems)


def _summary(entry: str, files: Mapping[str, Any], problems: Sequence[tuple[str, int, str]]) -> str:
    digests = {
        name: blake2b(json.dumps(row).encode(), digest_size=8).hexdigest()
        for name, row in files.items()
        if isinstance(row, list)
    }
    answers = [
        (each.id, (each.date - _BEGINNING) // _MICROSECOND, digests[each.id + commentfile.SUFFIX])
        for each in sorted(_comments(entry, files), key=sort_key)
    ]
    digest = blake2b(json.dumps(answers).encode(), digest_size=16).hexdigest()
    return json.dumps({"digest": digest, "problems": problems, "answers": answers})


def _comments(entry: str, files: Mapping[str, Any]) -> Sequence[Comment]:
    return [
        _comment(entry, name.removesuffix(commentfile.SUFFIX), row)
        for name, row in files.items()
        if isinstance(row, list)
    ]


def _problem(line: int, reason: str) -> dict[str, object]:
    """A file that is no response, as JSON."""
    return {"line": line, "reason": f"left out: {reason}"}


def _row(comment: Comment) -> list[object]:
    """A comment as JSON; its file and folder tell the rest."""
    return [
        comment.author,
        comment.date.isoformat(),
        comment.body,
        comment.website,
        comment.replyto,
        comment.kind,
        comment.by_author,
        comment.source,
    ]


def _comment(entry: str, comment_id: str, row: list[Any]) -> Comment:
    author, date, body, website, replyto, kind, by_author, source = row
    return Comment(
        entry=entry,
        id=comment_id,
        author=author,
        date=datetime.fromisoformat(date).astimezone(UTC),
        body=body,
        website=website,
        replyto=replyto,
        kind=Kind(kind),
        by_author=by_author,
        source=source,
    )
