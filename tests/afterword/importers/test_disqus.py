"""Disqus's export, sound, odd and hostile."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.disqus import Disqus
from afterword.model import Status
from tests.afterword.importers.conftest import Target

HEAD = """<?xml version="1.0"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="9"><forum>blog</forum><title>General</title></category>
<thread dsq:id="1"><id>first</id><link>https://old.example/first/</link><title>First</title>
 <isDeleted>false</isDeleted></thread>
<thread dsq:id="2"><id/><link>https://old.example/second/</link><isDeleted>true</isDeleted></thread>
<thread dsq:id="3"><id/></thread>
"""


def post(number: int, message: str = "<p>Yes.</p>", thread: int = 1, **more: str) -> str:
    parent = f'<parent dsq:id="{more["parent"]}"/>' if "parent" in more else ""
    flags = {"isDeleted": "false", "isSpam": "false"} | more
    return (
        f'<post dsq:id="{number}"><id/><message><![CDATA[{message}]]></message>'
        f"<createdAt>{more.get('created', '2012-03-14T09:26:53Z')}</createdAt>"
        f"<isDeleted>{flags['isDeleted']}</isDeleted><isSpam>{flags['isSpam']}</isSpam>"
        "<author><email>dave@example.org</email><name>Dave</name></author>"
        f'<ipAddress>127.0.0.1</ipAddress><thread dsq:id="{thread}"/>{parent}</post>\n'
    )


def export(tmp_path: Path, *posts: str, head: str = HEAD) -> Disqus:
    file = tmp_path / "disqus.xml"
    file.write_text(f"{head}{''.join(posts)}</disqus>\n", encoding="utf-8")
    return Disqus(file)


def test_posts_come_along_in_their_states(tmp_path: Path, target: Target) -> None:
    address = "https%3A%2F%2Fx.example%2Fa%3AbCdEfGhIjKlMnOpQrStUvWx1&amp;cuid=3"
    led = f'<a href="https://disq.us/url?url={address}">a</a>'
    source = export(
        tmp_path,
        post(10, f"<p>One {led}</p>"),
        post(11, parent="10", isDeleted="true"),
        post(12, parent="11"),
        post(13, isSpam="true"),
        post(14, thread=2),
        post(15, thread=3),
        post(16, thread=99),
        post(17, created="2011-x09-30T22:48:43Z"),
    )
    report = target.take_from(source)
    assert report.added == {Status.APPROVED: 3, Status.SPAM: 1}
    files = target.files()
    assert files.keys() == {"first/10.md", "first/12.md", "first/17.md"}
    assert files["first/10.md"].endswith("\n\nOne [a](https://x.example/a)\n")
    assert "replyto: 10\n" in files["first/12.md"]
    assert target.get("13").email == "dave@example.org"
    assert [
        (each.place.rpartition(" ")[2], each.reason, each.expected) for each in report.skipped
    ] == [
        ("11", "was deleted there", True),
        ("14", "its thread was deleted there", True),
        ("15", "3: no post or page has this address or slug", False),
        ("16", "answers the thread '99', which is not there", False),
    ]
    source.path.write_bytes(gzip.compress(source.path.read_bytes()))
    assert target.take_from(source).already == 4


def test_a_post_without_an_id_gets_one_the_same_each_time(tmp_path: Path, target: Target) -> None:
    source = export(tmp_path, post(10).replace(' dsq:id="10"', ""))
    assert target.take_from(source).added == {Status.APPROVED: 1}
    assert target.take_from(source).already == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ": is empty"),
        ("<rss></rss>", "is no disqus but rss"),
        (HEAD + "<post>\n<thread dsq:id=1/></post></disqus>", ":9: is no well-formed XML"),
        (HEAD + post(1), "no element found"),
        ('<!DOCTYPE disqus [<!ENTITY a "aa">]><disqus>&a;</disqus>', "DTDForbidden"),
        ('<!DOCTYPE disqus SYSTEM "file:///etc/passwd"><disqus/>', "DTDForbidden"),
        ('<?xml version="1.0" encoding="klingon"?><disqus/>', "unknown encoding|no encoding"),
        (HEAD + "<post>\0</post></disqus>", ":8: is no well-formed XML"),
    ],
)
def test_what_is_broken_or_hostile_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "disqus.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match=reason):
        list(Disqus(file).read())


@pytest.mark.parametrize(
    "name",
    [
        "cyclic",
        "dtd",
        "dtd_element",
        "external",
        "external_file",
        "quadratic",
        "xmlbomb",
        "xmlbomb2",
    ],
)
def test_no_bomb_goes_off(corpora: Path, tmp_path: Path, name: str) -> None:
    text = (corpora / f"defusedxml/{name}.xml").read_text(encoding="utf-8")
    file = tmp_path / "bomb.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused):
        list(Disqus(file).read())


def test_the_whole_is_never_in_memory(tmp_path: Path) -> None:
    source = export(tmp_path, *(post(n, "word " * 2000) for n in range(1000)))
    assert source.path.stat().st_size > 10_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in source.read()) == 1003
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_real_exports_come_along_or_are_refused_with_the_line(
    corpora: Path, target: Target
) -> None:
    report = target.take_from(Disqus(corpora / "isso/disqus.xml"), keep=True)
    assert report.added == {Status.APPROVED: 4}
    assert [each.expected for each in report.skipped] == [True, False]
    assert len(target.files()) == 4
    for name in ("disqus", "disqus-deleted-post", "disqus-deleted-thread"):
        with pytest.raises(ImportRefused, match=r":\d+: is no well-formed XML"):
            target.take_from(Disqus(corpora / f"remark42/{name}.xml"))


def test_real_exports_that_were_broken_come_along_once_mended(
    corpora: Path, target: Target, tmp_path: Path
) -> None:
    added = {}
    for name in ("disqus", "disqus-deleted-post", "disqus-deleted-thread"):
        text = (corpora / f"remark42/{name}.xml").read_text(encoding="utf-8").lstrip("`")
        file = tmp_path / f"{name}.xml"
        file.write_text(text.replace("=247937687/", '="247937687"/'), encoding="utf-8")
        added[name] = target.take_from(Disqus(file), keep=True, dry_run=True).added
    assert added["disqus"] == {Status.APPROVED: 5, Status.SPAM: 1}
    assert added["disqus-deleted-post"] == {Status.APPROVED: 4, Status.SPAM: 1}
    assert added["disqus-deleted-thread"] == {Status.APPROVED: 2}
