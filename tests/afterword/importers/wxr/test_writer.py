"""Everything given back in WordPress's format, and taken from it again."""

from pathlib import Path

from afterword.importers.export import Export
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Comment
from afterword.importers.wxr.writer import Writer
from afterword.model import Kind, Status
from tests.afterword.importers.conftest import Target, response


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
