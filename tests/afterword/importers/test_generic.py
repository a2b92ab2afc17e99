"""The generic JSON, in and out again."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.errors import ImportRefused
from afterword.importers.export import Export
from afterword.importers.findings import Response, Skipped, Thread
from afterword.importers.generic import GenericJson
from afterword.model import Comment, Kind, Status
from afterword.store.memory import MemoryStore
from afterword.submission import Submission
from tests.afterword.importers.conftest import Target, response
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import received
from tests.afterword.test_commentfile import bodies, ids, lines, websites

FULL = {
    "entry": "first",
    "id": "18",
    "status": "pending",
    "author": "Dave",
    "date": "2012-03-14T10:26:53+01:00",
    "body": "Networks *work*.",
    "email": "dave@example.org",
    "website": "https://example.org/",
    "replyto": "17",
    "kind": "webmention",
    "role": "author",
    "source": "https://x.example/",
}


def written(tmp_path: Path, data: object) -> GenericJson:
    file = tmp_path / "in.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return GenericJson(file)


def read(tmp_path: Path, *responses: dict[str, Any], **more: object) -> list[object]:
    return list(written(tmp_path, {"version": 1, "responses": responses} | more).read())


def test_every_field_is_read(tmp_path: Path) -> None:
    thread, found = read(tmp_path, FULL)
    assert thread == Thread("first", "in.json", key="first")
    assert found == response(
        18,
        thread="first",
        place="in.json: responses, number 1",
        status=Status.PENDING,
        website="https://example.org/",
        parent="17",
        kind=Kind.WEBMENTION,
        by_author=True,
        source="https://x.example/",
    )


def test_threads_are_named_once_or_by_each_response(tmp_path: Path) -> None:
    threads = [{"id": "t", "url": "/first/", "title": "First"}]
    found = read(
        tmp_path,
        {"thread": "t", "body": "a"},
        {"url": "/second/", "body": "b"},
        {"url": "/second/", "html": "c"},
        threads=threads,
    )
    assert [each.id for each in found if isinstance(each, Thread)] == ["t", "/second/"]
    responses = [each for each in found if isinstance(each, Response)]
    assert [each.thread for each in responses] == ["t", "/second/", "/second/"]
    assert [each.wording for each in responses] == ["markdown", "markdown", "html"]
    # What has no id gets one, the same each time.
    again = [each.id for each in read(tmp_path, {"url": "/second/", "body": "b"})[1:]]  # type: ignore[attr-defined]  # a response
    assert again == [responses[1].id]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"body": "a"}, "names no entry, url or thread"),
        ({"entry": "first"}, "has neither body nor html"),
        ({"entry": "first", "body": ["a"]}, "its body is no text"),
        ({"entry": "first", "body": "a", "status": "maybe"}, "its status or kind is unknown"),
        ({"entry": "first", "body": "a", "kind": "note"}, "its status or kind is unknown"),
    ],
)
def test_what_cannot_be_taken_is_skipped_with_its_place(
    tmp_path: Path, item: dict[str, object], reason: str
) -> None:
    *_, found = read(tmp_path, item)
    assert isinstance(found, Skipped)
    assert found.place == "in.json: responses, number 1"
    assert found.reason.startswith(reason)


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    source = written(tmp_path, "\ufeff" + json.dumps({"version": 1, "responses": [FULL]}))
    assert len(list(source.read())) == 2


def test_what_nobody_knows_is_named(tmp_path: Path) -> None:
    *_, found = read(tmp_path, FULL | {"votes": 3})
    assert isinstance(found, Response)
    assert found.notes == ("its 'votes' does not come along",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"version": 1,\n"responses": [\n{"body": }]}', "in.json:3: is no sound JSON"),
        ('{"version": 1,\n"responses": [{"body": "a"}', "in.json:2: is no sound JSON"),
        ('{"version": 2}', "has version 2; known is 1"),
        ('{"version": 1, "responses": ["a"]}', "responses, number 1: is no object"),
        ("[1]", "this is another kind"),
        ("", "is no sound JSON"),
        ('[{"comments": [\n1]}]', "is no object"),
        ("[" * 1_000_000, "is nested in more than 64 levels"),
        ('{"version": 1, "responses": ' + '{"a":' * 100_000, "is nested in more than 64 levels"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        list(written(tmp_path, text).read())


def test_the_generic_format_of_isso_is_read(corpora: Path, target: Target) -> None:
    report = target.take_from(GenericJson(corpora / "isso/generic.json"), keep=True)
    assert report.added == {Status.APPROVED: 2}
    assert sorted(target.files()) == ["posts/0001/0.md", "posts/0007/0.md"]


everything = st.lists(
    st.tuples(
        st.builds(
            Comment,
            entry=st.sampled_from(["first", "2012/second", "größe"]),
            id=ids,
            author=lines,
            date=st.datetimes(timezones=st.just(UTC)),
            body=bodies,
            website=st.none() | websites,
            replyto=st.none(),
            kind=st.sampled_from(Kind),
            by_author=st.booleans(),
            source=st.none() | websites,
        ),
        st.sampled_from(Status),
        st.emails() | st.just(""),
    ),
    unique_by=lambda each: each[0].id.casefold(),
    max_size=8,
)


def queued(comment: Comment, status: Status, email: str) -> Submission:
    return Submission(
        **{name: getattr(comment, name) for name in Comment.__dataclass_fields__},
        status=status,
        email=email,
    )


@settings(max_examples=30)
@given(everything, st.randoms(use_true_random=True))
def test_what_is_exported_makes_the_same_site_elsewhere(
    tmp_path_factory: pytest.TempPathFactory,
    site: list[tuple[Comment, Status, str]],
    random: Any,  # noqa: ANN401  # hypothesis has no type for it
) -> None:
    here = Target(tmp_path_factory.mktemp("here"), MemoryStore(Clock()))
    parents: dict[str, str] = {}
    for comment, status, email in site:
        above = parents.get(comment.entry)
        each = queued(comment, status, email)
        if above and random.random() < 0.5:  # every other one is a reply
            each = queued(Comment(**(_fields(comment) | {"replyto": above})), status, email)
        if status is Status.APPROVED:
            here.transfer.press.add([each.comment()])
            parents[comment.entry] = comment.id
        here.store.add(each, received(each))
    export = Export(here.root / "comments", here.store, {})
    file = here.root / "out.json"
    file.write_text("\n".join(export.lines()), encoding="utf-8")
    there = Target(tmp_path_factory.mktemp("there"), MemoryStore(Clock()), {})
    report = there.take_from(GenericJson(file), keep=True)
    assert report.read == len(site)
    assert report.clean
    assert there.files() == here.files()
    for comment, status, email in site:
        if not (comment.author or comment.body):
            continue
        found = there.get(comment.id)
        assert (found.status, found.email) == (status, email)
    again = Export(there.root / "comments", there.store, {})
    assert list(again.lines()) == list(export.lines())


def _fields(comment: Comment) -> dict[str, Any]:
    return {name: getattr(comment, name) for name in Comment.__dataclass_fields__}


def test_a_file_by_hand_is_given_back_and_a_removed_one_is_trash(target: Target) -> None:
    target.take(response(17), response(18), response(19))
    root = target.root / "comments"
    (root / "first/17.md").unlink()
    (root / "first/18.md").write_text("author: Dave\ndate: 2012-03-14\n\nMended.\n")
    (root / "first/20.md").write_text("no response")
    export = Export(root, target.store, target.entries)
    data = json.loads("".join(export.lines()))
    states = {each["id"]: (each["status"], each["body"]) for each in data["responses"]}
    assert states == {
        "17": ("trash", "Networks *work*."),
        "18": ("approved", "Mended."),
        "19": ("approved", "Networks *work*."),
    }
    assert data["threads"] == [
        {"id": "first", "entry": "first", "url": "https://blog.example/first/", "title": "First"}
    ]
    (left_out,) = export.left_out()
    assert "20.md:1: left out" in left_out
