"""The generic JSON, in and out again."""

import json
from pathlib import Path
from typing import Any

import pytest

from afterword.errors import ImportRefused
from afterword.importers.export import Export
from afterword.importers.findings import Response, Skipped, Thread
from afterword.importers.generic import GenericJson
from afterword.model import Kind, Status
from tests.afterword.importers.conftest import Target, response

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
        ("", "is empty"),
        ('[{"comments": [\n1]}]', "is no object"),
        (f'{{"version": 1, "responses": [{"9" * 5000}]}}', "is no sound JSON"),
        ('{"version": 1, "responses": ["\\ude00"]}', "has half a character in it"),
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
