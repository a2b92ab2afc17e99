"""The folders of older comment plugins for Pelican: one for each post, with a file per comment.

The files are Pelican's own kind: Markdown, reStructuredText or HTML with a few metadata. What
answers another names its slug, which is made from the file's name unless the file says it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup
from dateutil import parser

from afterword import commentfile
from afterword.importers.ampersands import finite
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.shallow import shallow
from afterword.model import Status

_MARKDOWN: Final = frozenset({".md", ".markdown", ".mkd", ".mdown"})
_HTML: Final = frozenset({".html", ".htm"})
_REST: Final = ".rst"
_HEADER: Final = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_FIELD: Final = re.compile(r":([A-Za-z][\w-]*):[ \t]*(.*)")
_UNDERLINE: Final = re.compile(r"([=\-~#*+^\"'`])\1{2,}[ \t]*")
_MISSING: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # the zone is said, or the site's
_LONGEST_DATE: Final = 100
_KNOWN: Final = frozenset({"author", "date", "slug", "replyto", "website", "email", "title"})
_NOT_IN_SLUG: Final = re.compile(r"[^\w\s-]")


@dataclass(frozen=True, slots=True)
class CommentsFolder:
    """A folder of such folders. Dates without a zone are in ``zone``, as they were for Pelican."""

    path: Path
    zone: ZoneInfo

    @property
    def name(self) -> str:
        return "comments-files"

    def read(self) -> Iterator[Finding]:
        threads: set[str] = set()
        for path in sorted(self.path.rglob("*")):
            relative = path.relative_to(self.path)
            if any(part.startswith(".") for part in relative.parts) or path.is_dir():
                continue
            thread = relative.parent.as_posix()
            if thread not in threads and thread != ".":
                threads.add(thread)
                yield Thread(thread, thread, key=thread)
            yield self._file(path, thread, relative.as_posix())

    def _file(self, path: Path, thread: str, place: str) -> Finding:
        kind = path.suffix.lower()
        if path.is_symlink() or not path.is_file():
            return Skipped(place, "is a link to somewhere else, or no file of words")
        if kind not in {*_MARKDOWN, *_HTML, _REST}:
            return Skipped(place, "is no comment: its name ends in none of .md, .rst, .html")
        if thread == ".":
            reason = "lies in no post's folder; where a file holds all comments of a post, make "
            return Skipped(place, f"{reason}a folder of its name with a file for each")
        try:
            with path.open("rb") as file:
                text = file.read(commentfile.MAX_BYTES).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            return Skipped(place, f"cannot be read: {error}")
        metadata, body = _parts(text.replace("\r\n", "\n"), kind)
        if not metadata.keys() & _KNOWN:
            return Skipped(place, "is no comment: it has no author and no date")
        return self._response(metadata, body, path, thread, place)

    def _response(
        self, metadata: Mapping[str, str], body: str, path: Path, thread: str, place: str
    ) -> Response:
        kind = path.suffix.lower()
        notes = [f"its {key!r} does not come along" for key in sorted(metadata.keys() - _KNOWN)]
        if kind == _REST:
            notes.append("is reStructuredText; its markup is shown as it is")
        return Response(
            thread=thread,
            id=metadata.get("slug") or _slug(path.name),
            place=place,
            author=metadata.get("author", ""),
            body=body.strip("\n"),
            date=self._moment(metadata.get("date", "")),
            status=Status.APPROVED,
            wording=Wording.HTML if kind in _HTML else Wording.MARKDOWN,
            email=metadata.get("email", ""),
            website=metadata.get("website", ""),
            parent=metadata.get("replyto") or None,
            notes=tuple(notes),
        )

    def _moment(self, text: str) -> datetime | None:
        try:
            # As Pelican reads them, but for parts that are missing: those it takes from today.
            date: datetime = parser.parse(text[:_LONGEST_DATE], default=_MISSING)
            return (date if date.tzinfo else date.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def _parts(text: str, kind: str) -> tuple[Mapping[str, str], str]:
    """Metadata by lower-case name, and the body."""
    if kind in _HTML:
        return _of_html(text)
    lines = text.split("\n")
    if kind == _REST:
        lines = _without_title(lines)
    fenced = bool(lines) and lines[0].strip() == "---"
    start = int(fenced)
    metadata: dict[str, str] = {}
    last = ""
    for number, line in enumerate(lines[start:], start):
        match = (_FIELD if kind == _REST else _HEADER).fullmatch(line)
        if match:
            last = match[1].lower()
            metadata[last] = match[2].strip()
        elif last and line.startswith("    ") and line.strip():
            metadata[last] = f"{metadata[last]} {line.strip()}"
        else:
            # The line that ends them is no part of the text, unless it is one.
            after = number + (not line.strip() or line.strip() in {"---", "..."})
            return metadata, "\n".join(lines[after:])
    return metadata, ""


def _without_title(lines: list[str]) -> list[str]:
    """What follows the title that a reStructuredText file may begin with."""
    rest = list(lines)
    while rest and (not rest[0].strip() or _UNDERLINE.fullmatch(rest[0])):
        rest.pop(0)
    if len(rest) > 1 and _UNDERLINE.fullmatch(rest[1]) and not _FIELD.fullmatch(rest[0]):
        rest = rest[2:]
        while rest and not rest[0].strip():
            rest.pop(0)
    return rest


def _of_html(text: str) -> tuple[Mapping[str, str], str]:
    soup = BeautifulSoup(shallow(finite(text)), "html.parser")
    metadata = {
        str(tag["name"]).lower(): str(tag.get("content") or tag.get("contents") or "").strip()
        for tag in soup.find_all("meta", attrs={"name": True})
    }
    body = soup.find("body")
    return metadata, body.decode_contents() if body else text


def _slug(name: str) -> str:
    """The slug that such a plugin makes from a file's name, its ending included."""
    return re.sub(r"[-\s]+", "-", _NOT_IN_SLUG.sub("", name).strip().lower())
