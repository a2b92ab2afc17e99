"""The response file: written and read back, refused line by line, and durable."""

import errno
import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword import commentfile, durable
from afterword.errors import EntryError, MalformedResponse, WriteError
from afterword.model import Comment, Kind, first_forbidden
from afterword.published import gather

PATH = Path("content/comments/first/17.md")
GOOD = "author: Dave\ndate: 2012-03-14T09:26:53+00:00\n\nBody\n"


def _is_line(text: str) -> bool:
    return bool(text) and text.strip() == text and first_forbidden(text, line=True) is None


lines = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
    _is_line
)
bodies = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: first_forbidden(text) is None
)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)
websites = st.from_regex(r"https?://[a-z]{1,9}\.example(/[a-z0-9%?=&]{0,9})?", fullmatch=True)
comments = st.builds(
    Comment,
    entry=st.just("first"),
    id=ids,
    author=lines,
    date=st.datetimes(timezones=st.just(UTC)),
    body=bodies,
    website=st.none() | websites,
    replyto=st.none() | ids,
    kind=st.sampled_from(Kind),
    by_author=st.booleans(),
    source=st.none() | websites,
)


def comment(**changes: Any) -> Comment:  # noqa: ANN401  # any field
    """A comment, with what a test says about it."""
    fields: dict[str, Any] = {
        "entry": "first",
        "id": "17",
        "author": "Dave",
        "date": datetime(2012, 3, 14, 9, 26, 53, tzinfo=UTC),
        "body": "Body",
    }
    return Comment(**(fields | changes))


def parse(text: str | bytes) -> Comment:
    """Parse a file's content as that of 17.md."""
    return commentfile.parse(text if isinstance(text, bytes) else text.encode(), PATH, "first")


@given(comments)
def test_what_is_written_is_read_back(written: Comment) -> None:
    path = Path(f"{written.id}.md")
    assert commentfile.parse(commentfile.dump(written), path, "first") == written


@given(st.binary())
def test_no_bytes_raise_anything_but_our_own_error(data: bytes) -> None:
    with suppress(MalformedResponse):
        parse(data)


@given(bodies)
def test_no_header_can_be_smuggled_in_through_the_body(body: str) -> None:
    written = comment(body=f"{body}\nrole: author\nstatus: approved")
    assert not commentfile.parse(commentfile.dump(written), PATH, "first").by_author


def test_the_format_is_what_the_documentation_shows() -> None:
    written = comment(website="https://example.org/", replyto="16", by_author=True, body="A\n\nB")
    assert commentfile.dump(written).decode() == (
        "author: Dave\n"
        "date: 2012-03-14T09:26:53+00:00\n"
        "website: https://example.org/\n"
        "replyto: 16\n"
        "role: author\n"
        "\n"
        "A\n\nB\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 0, "date: is missing"),
        ("author: A\n\nX\n", 0, "date: is missing"),
        ("date: 2012-03-14\n\nX\n", 0, "author: is missing"),
        ("\nauthor: A\ndate: 2012-03-14\n\nX\n", 0, "date: is missing"),
        ("author: A\ndate: 2012-03-14\nshoe: 42\n\nX\n", 3, "unknown key shoe"),
        ("author: A\ndate: 2012-03-14\nEmail: a@b\n\nX\n", 3, "email must not be in"),
        ("author: A\nauthor: B\ndate: 2012-03-14\n\nX\n", 2, "author stands in line 1 already"),
        ("author: A\nAuthor: B\ndate: 2012-03-14\n\nX\n", 2, "author stands in line 1 already"),
        ("author: A\ndate: 2012-03-14\n more\n\nX\n", 3, "expected `key: value`"),
        ("author: A\x1b[2J\ndate: 2012-03-14\n\nX\n", 1, "has U+001B"),
        ("author: A\ndate: 2012-03-14\n\nX\nY\x00\n", 5, "has U+0000"),
        ("author: A\rrole: author\ndate: 2012-03-14\n\nX\n", 1, "carriage return without"),
        ("author: A\ndate: 2012-03-14\n\nX\rY\n", 4, "carriage return without"),
        ("author: A\u2028role: author\ndate: 2012-03-14\n\nX\n", 1, "author: U+2028"),
        ("author: A\x85role: author\ndate: 2012-03-14\n\nX\n", 1, "has U+0085"),
        ("author: A\ndate: yesterday\n\nX\n", 2, "date: must be like"),
        ("author: A\ndate: 2012-02-30\n\nX\n", 2, "date: must be like"),
        ("author: A\ndate: 0001-01-01T00:00+14:00\n\nX\n", 2, "date: must be like"),
        ("author: A\ndate: 2012-W11-3\n\nX\n", 2, "date: must be like"),
        ("author: A\ndate: 2012-03-14\nreplyto: ../17\n\nX\n", 3, "replyto: use letters"),
        ("author: A\ndate: 2012-03-14\nkind: note\n\nX\n", 3, "kind: must be one of"),
        ("author: A\ndate: 2012-03-14\nrole: admin\n\nX\n", 3, "role: must be author"),
        ("author: A\ndate: 2012-03-14\nwebsite: javascript:x\n\nX\n", 3, "website: must be"),
        ("author: A\ndate: 2012-03-14\nwebsite: //a.example\n\nX\n", 3, "website: must be"),
        ("author: A\ndate: 2012-03-14\nwebsite: https://me@a.example\n\nX\n", 3, "website: must"),
        ("author: A\ndate: 2012-03-14\n\n\ufffe\n", 4, "has U+FFFE"),
    ],
)
def test_what_is_not_in_the_format_is_refused(text: str, line: int, reason: str) -> None:
    with pytest.raises(MalformedResponse) as caught:
        parse(text)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line


def test_invalid_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(MalformedResponse) as caught:
        parse(b"author: A\ndate: 2012-03-14\n\nok\n\xff\n")
    assert (caught.value.line, caught.value.reason) == (5, "is not valid UTF-8")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012-03-14T09:26:53Z", datetime(2012, 3, 14, 9, 26, 53, tzinfo=UTC)),
        ("2012-03-14 09:26", datetime(2012, 3, 14, 9, 26, tzinfo=UTC)),
        ("2012-03-14", datetime(2012, 3, 14, tzinfo=UTC)),
        ("2012-03-14T09:26:53+0100", datetime(2012, 3, 14, 8, 26, 53, tzinfo=UTC)),
        ("2012-03-14T00:00-11:00", datetime(2012, 3, 14, 11, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_utc(written: str, read: datetime) -> None:
    found = parse(f"author: A\ndate: {written}\n\nX\n").date
    assert found == read
    assert found.tzinfo is UTC


def test_what_git_and_editors_do_to_files_is_forgiven() -> None:
    plain = parse(GOOD)
    assert parse(GOOD.replace("\n", "\r\n")) == plain
    assert parse(b"\xef\xbb\xbf" + GOOD.encode()) == plain
    assert parse(GOOD.removesuffix("\n")) == plain
    assert parse(GOOD.replace("author", "Author").replace(": ", ":\t")) == plain
    assert parse(GOOD.replace("\n\n", "\nwebsite:\n\n")) == plain


def test_every_code_point_is_either_read_back_or_refused() -> None:
    refused = 0
    for start in range(0, 0x110000, 0x400):
        for code in range(start, start + 0x400):
            character = chr(code)
            if first_forbidden(character):
                refused += 1
        block = "".join(chr(c) for c in range(start, start + 0x400) if not first_forbidden(chr(c)))
        written = comment(body=block)
        assert commentfile.parse(commentfile.dump(written), PATH, "first") == written
    assert refused == 0x110000 - 1_111_935


def test_a_folder_in_place_of_a_file_is_no_response(tmp_path: Path) -> None:
    (tmp_path / "first/17.md").mkdir(parents=True)
    with pytest.raises(MalformedResponse, match="directory"):
        commentfile.read(tmp_path / "first/17.md", "first")


def test_a_response_is_synced_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def watch(name: str) -> None:
        real: Callable[..., object] = getattr(os, name)

        def call(*args: Any, **kwargs: Any) -> object:  # noqa: ANN401  # whatever os takes
            calls.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    commentfile.write(tmp_path, comment(id="16"))  # the folder is there from now on
    for name in ("fsync", "link"):
        watch(name)
    commentfile.write(tmp_path, comment())
    assert calls == ["fsync", "link", "fsync"]


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("name", ["fsync", "link", "open", "fchmod", "replace", "unlink"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_fault_at_any_call_leaves_the_old_or_the_new(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    fault: int,
    replace: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    old, new = comment(body="Old"), comment(body="New")
    if replace:
        commentfile.write(tmp_path, old)
    for nth in range(6):
        count = 0
        real = getattr(os, name)

        def call(*args: Any, nth: int = nth, real: Any = real, **kwargs: Any) -> object:  # noqa: ANN401
            nonlocal count
            count += 1
            if count == nth + 1:
                raise OSError(fault, os.strerror(fault))
            return real(*args, **kwargs)

        with monkeypatch.context() as faulty:
            faulty.setattr(os, name, call)
            try:
                commentfile.write(tmp_path, new, replace=replace)
                failed = False
            except WriteError as error:
                failed = "exists already" not in str(error)
        found = gather(tmp_path, {"first"})
        assert found.problems == ()
        bodies_found = [c.body for each in found.conversations.values() for c in each.comments]
        if not failed:
            assert bodies_found == ["New"]
        assert bodies_found in ([], ["Old"], ["New"])
        assert bodies_found != [] or not replace


def test_many_are_written_each_for_itself(tmp_path: Path) -> None:
    commentfile.write(tmp_path, comment(id="3", body="First"))
    many = [comment(id=str(n)) for n in range(1, 6)]
    many += [comment(entry="second"), comment(entry="../x")]
    told = commentfile.write_new(tmp_path, many)
    assert [each is None for each in told] == [True, True, False, True, True, True, False]
    assert (str(told[2])).endswith(commentfile.TAKEN)
    assert isinstance(told[6], EntryError)
    assert commentfile.read(tmp_path / "first/3.md", "first").body == "First"
    assert commentfile.read(tmp_path / "second/17.md", "second") == many[5]
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == [
        f"{n}.md" for n in range(1, 6)
    ]


@pytest.mark.parametrize("name", ["fsync", "link", "open", "fchmod", "unlink"])
def test_of_many_none_is_said_to_be_there_that_may_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    many = [comment(id=str(n)) for n in range(4)]
    for nth in range(12):
        folder = tmp_path / f"{nth}"
        count = itertools.count()
        real = getattr(os, name)

        def call(*args: Any, nth: int = nth, real: Any = real, **kwargs: Any) -> object:  # noqa: ANN401
            if next(count) == nth:  # noqa: B023  # called in this turn only
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*args, **kwargs)

        with monkeypatch.context() as faulty:
            faulty.setattr(os, name, call)
            told = commentfile.write_new(folder, many)
        for each, trouble in zip(many, told, strict=True):
            if trouble is None:
                assert commentfile.read(folder / f"first/{each.id}.md", "first") == each
        assert next(count) <= nth or any(told) or name == "unlink"


def test_what_killed_writers_left_is_swept_away(tmp_path: Path) -> None:
    path = commentfile.write(tmp_path, comment())
    for name in (".17-x8k2_p0q.tmp", ".17.tmp", ".hidden"):
        path.with_name(name).touch()
    durable.sweep(tmp_path)
    assert sorted(each.name for each in path.parent.iterdir()) == [".17.tmp", ".hidden", "17.md"]


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    commentfile.write(tmp_path, comment(body="First"))
    with pytest.raises(WriteError, match="exists already"):
        commentfile.write(tmp_path, comment(body="Second"))
    assert commentfile.read(tmp_path / "first/17.md", "first").body == "First"
    commentfile.write(tmp_path, comment(body="Mended"), replace=True)
    assert commentfile.read(tmp_path / "first/17.md", "first").body == "Mended"
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["17.md"]


def test_what_does_not_read_back_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commentfile, "dump", lambda _: GOOD.replace("Body", "Other").encode())
    with pytest.raises(WriteError, match="does not read back as it was written"):
        commentfile.write(tmp_path, comment())
    assert list(tmp_path.rglob("*.md")) == []


@pytest.mark.parametrize(
    "key",
    ["", ".", "..", "../x", "a/../b", "/etc", "a//b", ".git", "a\\b", " a", "a\nb", "x" * 201],
)
def test_no_entry_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(EntryError):
        commentfile.write(tmp_path / "comments", comment(entry=key))
    with pytest.raises(EntryError):
        commentfile.move(tmp_path / "comments", "first", key)
    assert list(tmp_path.rglob("*")) == []


def test_traversals_of_the_corpora_stay_inside(corpora: Path, tmp_path: Path) -> None:
    root = tmp_path / "a/b/c/comments"
    names = [
        line
        for path in sorted((corpora / "fuzzdb/path-traversal").glob("*.txt"))
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines()
    ]
    assert names
    for name in dict.fromkeys(names):
        try:
            written = commentfile.write(root, comment(entry=name), replace=True)
        except (EntryError, WriteError):
            continue
        assert written.resolve().is_relative_to(root)


def test_moving_follows_nested_keys(tmp_path: Path) -> None:
    commentfile.write(tmp_path, comment(entry="2012/old"))
    commentfile.write(tmp_path, comment(entry="new", id="3"))
    assert commentfile.move(tmp_path, "2012/old", "new") == 1
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["17.md", "3.md"]


def test_the_line_of_a_header(tmp_path: Path) -> None:
    path = commentfile.write(tmp_path, comment(website="https://a.example", replyto="9"))
    assert commentfile.line_of(path, "replyto") == 4
    assert commentfile.line_of(path, "source") == 0


def test_zones_do_not_matter_to_equality() -> None:
    zone = timezone(timedelta(hours=2))
    written = datetime(2012, 3, 14, 11, 26, 53, tzinfo=zone).isoformat()
    assert parse(f"author: Dave\ndate: {written}\n\nBody\n") == comment()
