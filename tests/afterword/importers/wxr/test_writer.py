"""Everything given back in WordPress's format, and taken from it again."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.importers.export import Export
from afterword.importers.findings import Response, Thread
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Comment
from afterword.importers.wxr.writer import Writer
from afterword.model import Kind, Status
from afterword.store.memory import MemoryStore
from tests.afterword.importers.conftest import THREAD, Given, Target, response
from tests.afterword.store.conftest import Clock


def give_back(target: Target, file: Path) -> WordPress:
    """Export a site, and return what an import would read."""
    export = Export(target.root / "comments", target.store, target.entries)
    writer = Writer("A Blog", "https://blog.example", target.entries)
    file.write_text("\n".join(writer.lines(export.records())), encoding="utf-8")
    return WordPress((file,), Desk({"post": "posts", "page": "pages"}))


def test_other_systems_find_what_they_know(target: Target, tmp_path: Path) -> None:
    target.take(
        response(17, body="*Yes* & <no>", website="https://x.example/"),
        response("k3x9", parent="17", kind=Kind.PINGBACK),
        response(18, status=Status.PENDING),
        response(19, status=Status.SPAM),
        response(20, status=Status.TRASH),
    )
    source = give_back(target, tmp_path / "out.xml")
    found = {
        each.meta[0][1].partition('"id": "')[2].partition('"')[0]: each
        for each in records(source.paths[0])
        if isinstance(each, Comment)
    }
    assert found["17"].content == "<p><em>Yes</em> &amp; &lt;no&gt;</p>"
    assert (found["17"].id, found["17"].date_gmt) == ("17", "2012-03-14 09:26:53")
    assert (found["17"].email, found["17"].website) == ("dave@example.org", "https://x.example/")
    assert found["k3x9"].id.isdecimal()
    assert (found["k3x9"].parent, found["k3x9"].kind) == ("17", "pingback")
    assert [found[each].approved for each in ("17", "18", "19", "20")] == [
        "1",
        "0",
        "spam",
        "trash",
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]), max_size=20)
RESPONSES = st.lists(
    st.builds(
        response,
        st.integers(1, 30) | st.sampled_from(["a", "b-c", "007"]),
        thread=st.sampled_from(["t", "u"]),
        author=TEXTS,
        body=TEXTS | st.sampled_from(["*a*\n\n- b", "]]>", "  a", "&amp;"]),
        status=st.sampled_from(Status),
        parent=st.none() | st.integers(1, 30).map(str),
        kind=st.sampled_from(Kind),
        website=st.sampled_from(["", "https://x.example/"]),
        by_author=st.booleans(),
    ),
    max_size=8,
)


@given(RESPONSES)
@settings(max_examples=40)
def test_what_is_given_back_makes_the_same_files(
    tmp_path_factory: pytest.TempPathFactory, responses: list[Response]
) -> None:
    root = tmp_path_factory.mktemp("sites")
    one, two = (Target(root / name, MemoryStore(Clock())) for name in ("one", "two"))
    threads = (THREAD, Thread("u", "file", key="not/here"))
    one.take_from(Given((*threads, *responses)), keep=True)
    report = two.take_from(give_back(one, root / "out.xml"), keep=True)
    assert two.files() == one.files()
    assert report.skipped == []
    threads_of = {(each.id, each.thread) for each in responses}
    ids = Counter(name for name, _ in threads_of)
    # Under a number that two threads share, the published one comes first when it is given back.
    for each in (said for said in responses if ids[said.id] == 1):
        before, after = (target.store.get(each.id) for target in (one, two))
        assert (before and before.status) == (after and after.status)
        assert (before and before.body) == (after and after.body)
