"""WordPress's exports, read: of every version, mended where that is safe, else refused."""

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import ImportRefused
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Author, Comment, Item, Label, Record, Site, Term
from tests.afterword.importers.wxr.conftest import (
    SPACES,
    Written,
    comment,
    document,
    item,
)

META = "<wp:{0}meta><wp:meta_key>{1}</wp:meta_key><wp:meta_value>{2}</wp:meta_value></wp:{0}meta>"
TERMS = """<wp:category><wp:category_nicename>work</wp:category_nicename>
<wp:category_parent>life</wp:category_parent><wp:cat_name><![CDATA[Work]]></wp:cat_name>
<wp:category_description>All <![CDATA[of <it>]]>.</wp:category_description></wp:category>
<wp:tag><wp:tag_slug>tea</wp:tag_slug><wp:tag_name>Tea</wp:tag_name></wp:tag>
<wp:term><wp:term_taxonomy>genre</wp:term_taxonomy><wp:term_slug>essay</wp:term_slug></wp:term>
"""
LABELS = """<category>Work</category><category domain="tag">Tea</category>
<category domain="category" nicename="work"><![CDATA[Work]]></category>"""


def read(file: Path) -> list[Record]:
    return list(records(file))


def test_everything_is_read_and_comments_come_before_their_post(written: Written) -> None:
    post = item(
        17,
        comment(5, content=" a]]>b\n"),
        comment(6, parent=5, type="pingback").replace(
            "</wp:comment>", META.format("comment", "rating", "5") + "</wp:comment>"
        ),
        post_name="%C3%A4",
        is_sticky=1,
        comment_status="closed",
        more=LABELS + META.format("post", "_wp_old_slug", "zero"),
    )
    found = read(written(TERMS, post, item(18, title="")))
    assert found[:5] == [
        Site("Out of Office", "https://old.example/blog", "Notes", "en", "1.2"),
        Author("3", "ruth", "ruth@example.org", "Ruth Adler"),
        Term("category", "work", "Work", "life", "All of <it>."),
        Term("post_tag", "tea", "Tea", "", ""),
        Term("genre", "essay", "essay", "", ""),
    ]
    first, second, whole, last = found[5:]
    assert isinstance(first, Comment)
    assert isinstance(second, Comment)
    assert isinstance(whole, Item)
    assert isinstance(last, Item)
    assert (first.item, first.id, first.content) == (1, "5", "a]]>b")
    assert (second.number, second.parent, second.kind) == (2, "5", "pingback")
    assert second.meta == (("rating", "5"),)
    assert (whole.number, whole.id, whole.slug, whole.creator) == (1, "17", "%C3%A4", "ruth")
    assert (whole.sticky, whole.comments_open) == (True, False)
    assert whole.labels == (
        Label("category", "", "Work"),
        Label("post_tag", "", "Tea"),
        Label("category", "work", "Work"),
    )
    assert whole.meta == (("_wp_old_slug", "zero"),)
    assert (last.number, last.title) == (2, "")


@pytest.mark.parametrize(
    "spaces",
    [
        SPACES.replace("/1.2/", "/1.0/"),
        SPACES.replace("http://", "https://"),
        SPACES.replace("1.2/", "1.1"),
        "",
        SPACES.replace("xmlns:wp", "xmlns:other"),
    ],
)
def test_all_namespaces_are_the_same(written: Written, spaces: str) -> None:
    plain = read(written(item(1, comment(2))))
    assert read(written(item(1, comment(2)), spaces=spaces)) == plain
    assert len(plain) == 4


def test_a_foreign_namespace_is_not_taken_for_ours(written: Written) -> None:
    more = '<media:title xmlns:media="urn:m">No</media:title><itunes:encoded>No</itunes:encoded>'
    post = item(1, more=more).replace("<title>First</title>", "")
    (found,) = (each for each in read(written(post)) if isinstance(each, Item))
    assert (found.title, found.content) == ("", "One.")


def test_what_is_missing_is_empty(written: Written) -> None:
    bare = "<item><title>A</title><wp:comment><wp:comment_id>7</wp:comment_id></wp:comment></item>"
    _, response, post = read(written(bare, channel="<wp:x/>"))
    assert isinstance(response, Comment)
    assert isinstance(post, Item)
    assert (response.id, response.approved, response.date_gmt) == ("7", "", "")
    assert (post.status, post.kind, post.id) == ("", "", "")


def test_broken_files_are_mended_where_there_is_no_doubt(tmp_path: Path) -> None:
    text = document(item(1, comment(2, content="x<g:plusone>")), item(2, more="<g:more/>"))
    mended = tmp_path / "mended.xml"
    mended.write_bytes(b"\n \n" + text.replace("One.", "On\0e.").encode())
    whole = tmp_path / "whole.xml"
    whole.write_text(text.replace("<g:more/>", ""), encoding="utf-8")
    assert read(mended) == read(whole)
    packed = tmp_path / "packed.xml.gz"
    packed.write_bytes(gzip.compress(mended.read_bytes()))
    assert read(packed) == read(whole)
    wide = tmp_path / "wide.xml"
    wide.write_bytes(text.replace("<g:more/>", "").replace("UTF-8", "UTF-16").encode("utf-16"))
    assert read(wide) == read(whole)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("<feed/>", "is no rss but feed"),
        ("<rss><channel><title>A</title><item/></channel></rss>", "is no export of WordPress"),
        (document("<item>"), r":\d+: is no well-formed XML: mismatched"),
        (document(channel="\n\n<b>")[:-30], r":\d+: ends too early"),
        (document(channel="\0\n\n<wp:x/>&nbsp;"), ":10: is no well-formed XML: undefined entity"),
        (document(item(1, content="a\x0bb")), "is no well-formed XML: not well-formed"),
        (document(channel="<wp:wxr_version>2.0</wp:wxr_version>"), "is WXR 2.0"),
        ('<!DOCTYPE rss [<!ENTITY a "aa">]><rss>&a;</rss>', "DTDForbidden"),
        ('<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "DTDForbidden"),
    ],
)
def test_what_is_broken_or_hostile_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "blog.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match=reason):
        read(file)


@given(cut=st.integers(0, len(document(item(1, comment(2)))) - 8))
def test_a_file_that_ends_too_early_is_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    file = tmp_path_factory.mktemp("cut") / "blog.xml"
    file.write_text(document(item(1, comment(2)))[:cut], encoding="utf-8")
    with pytest.raises(ImportRefused):
        read(file)


def test_the_whole_is_never_in_memory_not_even_of_one_post(tmp_path: Path) -> None:
    file = tmp_path / "blog.xml"
    one = comment(1, content="word " * 1000)
    with file.open("w", encoding="utf-8") as out:
        out.write(document(item(1, *([one] * 1000)), *([item(2, one)] * 1000)))
    assert file.stat().st_size > 10_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in records(file)) == 3003
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


BROKEN = {"crazy-cdata": 18, "malformed": 90, "malformed-simple": 14}


def test_real_exports_are_read_or_refused_with_the_line(corpora: Path) -> None:
    counts = {}
    for file in sorted((corpora / "wordpress-importer").glob("*.xml")):
        if file.stem in BROKEN:
            with pytest.raises(ImportRefused, match=f":{BROKEN[file.stem]}: (is no|ends too)"):
                read(file)
        else:
            counts[file.stem] = len(read(file))
    assert len(counts) == 30
    assert counts["small-export"] == 49
    assert counts["large-authors"] == 301
    assert counts["valid-wxr-1.0"] == 17


@pytest.mark.parametrize("name", ["cyclic", "external", "external_file", "quadratic", "xmlbomb2"])
def test_no_bomb_goes_off(corpora: Path, tmp_path: Path, name: str) -> None:
    bomb = (corpora / f"defusedxml/{name}.xml").read_text(encoding="utf-8")
    file = tmp_path / "bomb.xml"
    for text in (bomb, bomb.replace("<bomb", f"<rss {SPACES}").replace("bomb", "rss")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ImportRefused):
            read(file)
