"""The file of one response: how it is written, read and found.

A few ``key: value`` lines, an empty line, and the body in Markdown, kept verbatim. There is one
parser, and the writer reads its own file back with it before anybody else can see it.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from afterword import durable
from afterword.errors import (
    AfterwordError,
    EntryError,
    InvalidComment,
    MalformedResponse,
    WriteError,
)
from afterword.model import (
    Comment,
    Kind,
    check_entry_key,
    check_id,
    describe,
    first_forbidden,
)

SUFFIX: Final = ".md"
# Why a file is not written where one is.
TAKEN: Final = "exists already; an id is never used twice"
# Sixteen times the largest body that the form takes.
MAX_BYTES: Final = 1_048_576

_HEADER: Final = re.compile(r"([A-Za-z]+):(.*)")
_KEYS: Final = frozenset({"author", "date", "website", "replyto", "kind", "role", "source"})
_PRIVATE_KEYS: Final = frozenset({"email", "mail", "ip", "status", "useragent"})
_DATE: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def dump(comment: Comment) -> bytes:
    """Return the file's bytes; ``parse`` returns an equal comment for them."""
    headers = [("author", comment.author), ("date", comment.date.isoformat())]
    if comment.website:
        headers.append(("website", comment.website))
    if comment.replyto:
        headers.append(("replyto", comment.replyto))
    if comment.kind is not Kind.COMMENT:
        headers.append(("kind", comment.kind))
    if comment.by_author:
        headers.append(("role", "author"))
    if comment.source:
        headers.append(("source", comment.source))
    lines = "".join(f"{key}: {value}\n" for key, value in headers)
    return f"{lines}\n{comment.body}\n".encode()


def parse(data: bytes, path: Path, entry: str) -> Comment:
    """Read a response out of its file's bytes; ``path`` gives the id and names it in errors.

    CRLF is read as LF, because git may have checked the file out so; a lone CR is refused,
    because some readers of such files take it for a line end and others do not. A date without
    a zone is UTC.

    Raises MalformedResponse, with the line, for anything that is not exactly in the format.
    """
    text = _decode(data, path)
    head, _, body = text.partition("\n\n") if not text.startswith("\n") else ("", "", text)
    headers, lines = _headers(head.removesuffix("\n"), path)
    body = body.removesuffix("\n")
    try:
        return Comment(
            entry=entry,
            id=path.stem,
            author=headers.get("author", ""),
            date=_date(headers.get("date", "")),
            body=body,
            website=headers.get("website"),
            replyto=headers.get("replyto"),
            kind=_kind(headers.get("kind", Kind.COMMENT)),
            by_author=_role(headers.get("role")),
            source=headers.get("source"),
        )
    except InvalidComment as error:
        if error.field == "id":
            raise MalformedResponse(path, 0, f"file name: {error.reason}") from None
        raise MalformedResponse(path, lines.get(error.field, 0), str(error)) from None


def read(path: Path, entry: str) -> Comment:
    """Read one response file. Raises MalformedResponse if that cannot be done."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MalformedResponse(path, 0, error.strerror or str(error)) from None
    if len(data) > MAX_BYTES:
        raise MalformedResponse(path, 0, f"larger than {MAX_BYTES} bytes")
    return parse(data, path, entry)


def line_of(path: Path, key: str) -> int:
    """Return the line of a header in a response file, counted from 1; 0 if it has none."""
    head = path.read_bytes().removeprefix(b"\xef\xbb\xbf").partition(b"\n\n")[0].lower()
    lines = (line.partition(b":")[0] for line in head.split(b"\n"))
    return next((n for n, name in enumerate(lines, start=1) if name == key.encode()), 0)


def path_of(root: Path, comment: Comment) -> Path:
    """Where the response's file lies."""
    return root.joinpath(*comment.entry.split("/"), comment.id + SUFFIX)


def place(root: Path, entry: str, comment_id: str) -> Path:
    """Where the file of a response would lie, below ``root`` whatever the names are.

    Raises EntryError or InvalidComment for names that no response can have.
    """
    check_entry_key(entry)
    check_id(comment_id)
    return root.joinpath(*entry.split("/"), comment_id + SUFFIX)


def remove(root: Path, entry: str, comment_id: str) -> None:
    """Remove a response's file durably, if there is one.

    Raises EntryError, InvalidComment, or WriteError if it is still there.
    """
    path = place(root, entry, comment_id)
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            durable.sync_folder(path.parent)
    except OSError as error:
        raise WriteError.of(path, error) from error


def write(root: Path, comment: Comment, *, replace: bool = False) -> Path:
    """Store a response durably below ``root`` and return its path: on disk when this returns.

    The bytes go to a temporary file in the same folder, are synced, read back with the build's
    own parser and compared field by field, and only then take the file's name. Without
    ``replace`` an existing file is never touched.

    Raises EntryError for an unusable entry key and WriteError for anything else; in both cases
    nothing has been published.
    """
    check_entry_key(comment.entry)
    path = path_of(root, comment)
    try:
        durable.write(
            path, dump(comment), lambda written: _verify(written, path, comment), replace=replace
        )
    except OSError as error:
        raise _refusal(path, error) from error
    return path


def write_new(root: Path, comments: Sequence[Comment]) -> Sequence[AfterwordError | None]:
    """Store many responses, where no files of them are, as ``write`` does, but waiting less.

    Returns for each what ``write`` would have raised; of those without it all are on disk.
    """
    answers: dict[int, AfterwordError | None] = {}
    drafts: dict[int, durable.Draft] = {}
    for number, each in enumerate(comments):
        try:
            check_entry_key(each.entry)
        except EntryError as error:
            answers[number] = error
            continue
        path = path_of(root, each)
        drafts[number] = durable.Draft(path, dump(each), partial(_verify, path=path, comment=each))
    written = durable.write_new(list(drafts.values()))
    for number, trouble in zip(drafts, written, strict=True):
        answers[number] = _refusal(drafts[number].path, trouble) if trouble else None
    return [answers[number] for number in range(len(comments))]


def _refusal(path: Path, trouble: Exception) -> AfterwordError:
    """What to say of a file that could not be written."""
    match trouble:
        case AfterwordError():
            return trouble
        case FileExistsError():
            return WriteError(path, TAKEN)
        case OSError():
            return WriteError.of(path, trouble)
    raise trouble


def move(root: Path, old: str, new: str) -> int:
    """Give the responses of entry ``old`` to entry ``new``; return how many files moved.

    Raises EntryError, before anything has moved, if a key is unusable, ``old`` has no
    responses, or both have a response of the same id.
    """
    check_entry_key(old)
    check_entry_key(new)
    source, target = root / old, root / new
    files = sorted(source.glob("*" + SUFFIX)) if source.is_dir() else []
    if not files:
        raise EntryError(old, f"has no responses in {source}")
    if taken := [file.name for file in files if (target / file.name).exists()]:
        raise EntryError(new, f"already has {', '.join(taken)}")
    durable.make_folder(target)
    for file in files:
        file.rename(target / file.name)
    durable.sync_folder(target)
    durable.sync_folder(source)
    with suppress(OSError):  # what else lies there stays there
        source.rmdir()
    return len(files)


def _decode(data: bytes, path: Path) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MalformedResponse(path, line, "is not valid UTF-8") from None
    text = text.replace("\r\n", "\n")
    if bad := first_forbidden(text):
        line = text.count("\n", 0, text.index(bad)) + 1
        reason = "carriage return without a line feed" if bad == "\r" else f"has {describe(bad)}"
        raise MalformedResponse(path, line, reason)
    return text


def _headers(head: str, path: Path) -> tuple[dict[str, str], dict[str, int]]:
    headers: dict[str, str] = {}
    lines: dict[str, int] = {}
    # Not splitlines(): it splits at ten more characters than a line feed.
    for number, line in enumerate(head.split("\n") if head else [], start=1):
        match = _HEADER.fullmatch(line)
        if not match:
            raise MalformedResponse(path, number, "expected `key: value` or an empty line")
        key, value = match[1].lower(), match[2].strip(" \t")
        if key not in _KEYS:
            raise MalformedResponse(path, number, _unknown(key))
        if key in lines:
            raise MalformedResponse(path, number, f"{key} stands in line {lines[key]} already")
        lines[key] = number
        if value:
            headers[key] = value
    return headers, lines


def _unknown(key: str) -> str:
    if key in _PRIVATE_KEYS:
        return f"{key} must not be in a published file; remove this line"
    return f"unknown key {key[:40]}; known are {', '.join(sorted(_KEYS))}"


def _date(value: str) -> datetime:
    if not value:
        raise InvalidComment("date", "is missing")
    try:
        if not _DATE.fullmatch(value):
            raise ValueError  # noqa: TRY301  # one message for both kinds of wrong
        date = datetime.fromisoformat(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidComment("date", "must be like 2012-03-14T09:26:53+00:00") from None


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise InvalidComment("kind", f"must be one of {', '.join(Kind)}") from None


def _role(value: str | None) -> bool:
    if value not in {None, "author"}:
        raise InvalidComment("role", "must be author, or absent")
    return value == "author"


def _verify(temporary: Path, path: Path, comment: Comment) -> None:
    try:
        found = parse(temporary.read_bytes(), path, comment.entry)
    except MalformedResponse as error:
        raise WriteError(path, f"does not read back: {error.reason}") from error
    if found != comment:
        raise WriteError(path, "does not read back as it was written")
