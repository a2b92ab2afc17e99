"""What is read from what is known is what Pelican would read, to the last attribute."""

import gc
import os
import sys
import time
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pelican import signals
from pelican.readers import MarkdownReader, RstReader

from incremental import reading
from incremental.observing import Observer
from incremental.pristine import unchanged
from tests.incremental.reading import Blog

FILES: dict[str, str | bytes] = {
    "posts/plain.md": "Title: Plain\nDate: 2026-01-02\n\nText.\n",
    "posts/rich.md": """Title: *Rich* & more
Date: 2026-01-02 03:04:05
Modified: 2026-01-03
Tags: One, Zwei Ü, one
Category: Some Thing
Authors: Ann B, Bob
Summary: Short, [with a link]({filename}plain.md)
    in two lines.
Series: 1
    2
Template: special

# Head

![]({static}/images/a.jpg) [other]({filename}plain.md) {tag} [t]({tag}one)
""",
    "posts/deep/folder.md": "Title: In a folder\nDate: 2026-01-02 03:04+02:00\n\nText.\n",
    "posts/plain-de.md": "Title: Einfach\nDate: 2026-01-02\nSlug: plain\nLang: de\n\nText.\n",
    "posts/plain-fr.md": "Title: Simple\nDate: 2026-01-02\nSlug: plain\nLang: fr\n"
    "Translation: true\n\nText.\n",
    "posts/draft.md": "Title: Draft\nStatus: draft\n\nText.\n",
    "posts/hidden.md": "Title: Hidden\nDate: 2026-01-02\nStatus: hidden\n\nText.\n",
    "posts/skipped.md": "Title: Skipped\nDate: 2026-01-02\nStatus: skip\n\nText.\n",
    "posts/future.md": "Title: Future\nDate: 2999-01-02\n\nText.\n",
    "posts/month.md": "Title: A month\nDate: 2026-01\n\nText.\n",
    "posts/dateless.md": "Title: No date\n\nText.\n",
    "posts/odd.md": "Title: Odd\nDate: 2026-01-02\nStatus: unheard-of\n\nText.\n",
    "posts/away.md": "Title: Away\nDate: 2026-01-02\nSave_as: ../../away.html\n\nText.\n",
    "posts/twice.md": "Title: Twice\nDate: 2026-01-02\nDate: 2026-01-03\nSlug: twice\n\nText.\n",
    "posts/empty.md": "Title: Empty\nDate: 2026-01-02\nTags: !!\n\n",
    "posts/latin.md": "Title: Größe\nDate: 2026-01-02\n\nText.\n".encode("latin-1"),
    "posts/rst.rst": "Structured\n##########\n\n:date: 2026-01-02\n:tags: a, b\n:summary: *S*\n\n"
    "Text with `a link <{filename}plain.md>`_.\n",
    "posts/untitled.rst": ":date: 2026-01-02\n\nNo title.\n",
    "posts/web.html": '<html><head><title>Web</title><meta name="date" content="2026-01-02">'
    '<meta name="tags" content="a"><meta content="x"></head><body>Text.</body></html>',
    "pages/titled.md": "Title: Only a title\n\nText.\n",
    "pages/moved.md": "Title: Moved\nUrl: elsewhere/\nSave_as: elsewhere.html\n\nText.\n",
    "pages/draft.md": "Title: Draft\nStatus: draft\n\nText.\n",
}


@pytest.fixture(autouse=True)
def _long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files were written long ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog with something of everything."""
    one = Blog(tmp_path)
    one.write(FILES)
    return one


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that readers are asked for, so far."""
    names: list[str] = []
    usual = Observer._watch

    def watch(one: Observer, reader: Any, path: str) -> Any:  # noqa: ANN401  # a reader
        names.append(path.rpartition("/")[2])
        return usual(one, reader, path)

    monkeypatch.setattr(Observer, "_watch", watch)
    return names


# Read anew each time, so that it is said what is wrong.
BAD = ["latin.md"]
SETTINGS: list[dict[str, Any]] = [
    {},
    {"WITH_FUTURE_DATES": False, "SLUGIFY_SOURCE": "basename", "DEFAULT_LANG": "de"},
    {"DEFAULT_DATE": "fs", "FILENAME_METADATA": r"(?P<slug>.*)"},
    {"DEFAULT_DATE": (2020, 1, 2), "DEFAULT_CATEGORY": "x", "USE_FOLDER_AS_CATEGORY": False},
    {"DEFAULT_DATE": "2020-05", "FORMATTED_FIELDS": ["summary", "series"]},
    {"TIMEZONE": "Europe/Berlin", "DATE_FORMATS": {"de": ("C.UTF-8", "%d. %m."), "fr": "%d/%m"}},
    {"DEFAULT_METADATA": {"status": "draft"}, "SUMMARY_MAX_PARAGRAPHS": 1},
    {"EXTRA_PATH_METADATA": {"posts/deep": {"category": "e", "n": 1}}, "AUTHOR": ""},
    {"ARTICLE_TRANSLATION_ID": None, "PAGE_TRANSLATION_ID": ["slug", "lang"]},
    {"ARTICLE_ORDER_BY": "basename", "RELATIVE_URLS": True, "DEFAULT_DATE_FORMAT": "%B"},
    {"MARKDOWN": {"extensions": ["markdown.extensions.toc"], "extension_configs": {}}},
    {"PATH_METADATA": r"posts/(?P<date>\d{4})?(?P<slug>[^.]*)\..*"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_whoever_reads_it_it_is_the_same(blog: Blog, settings: dict[str, Any]) -> None:
    blog.settings = settings
    usual = blog.usual().same()
    assert blog.ours().same() == usual  # nothing is known
    assert blog.anew().same() == usual  # all is known from the file
    assert blog.ours().same() == usual  # masters are made
    assert blog.ours().same() == usual  # and copied


def test_what_has_not_changed_is_not_read(blog: Blog, read: list[str]) -> None:
    blog.ours()
    assert sorted(read) == sorted(Path(name).name for name in FILES)
    for again in (blog.ours, blog.anew):
        read.clear()
        again()
        assert read == BAD


def test_what_has_not_changed_is_not_even_opened(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    (blog.root / "content/posts/latin.md").unlink()
    blog.ours()
    opened: list[str] = []

    def read_bytes(path: Path) -> bytes:
        opened.append(path.name)
        return b""

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert blog.anew().post("posts/plain.md").title == "Plain"
    assert opened == []


def test_one_that_changed_is_read_and_the_others_are_not(blog: Blog, read: list[str]) -> None:
    blog.ours()
    for again in (blog.ours, blog.anew):
        blog.write({"posts/plain.md": f"Title: Other {again}\nDate: 2026-01-02\n\nText.\n"})
        read.clear()
        assert again().same() == blog.usual().same()
        assert read == [*BAD, "plain.md"]


def test_one_that_was_touched_is_looked_at_and_not_parsed(blog: Blog, read: list[str]) -> None:
    blog.ours()
    os.utime(blog.root / "content/posts/plain.md", (1, 1))
    read.clear()
    blog.anew()
    assert read == BAD


def test_one_that_comes_goes_or_moves(blog: Blog, read: list[str]) -> None:
    blog.ours()
    (blog.root / "content/posts/rich.md").rename(blog.root / "content/posts/richer.md")
    (blog.root / "content/posts/plain.md").unlink()
    blog.write({"posts/new.md": "Title: New\nDate: 2026-01-02\n\nText.\n"})
    read.clear()
    assert blog.anew().same() == blog.usual().same()
    assert sorted(read) == sorted([*BAD, "new.md", "richer.md"])
    assert not any(path.endswith("/plain.md") for _, path in blog.masters.found)


def test_other_settings_read_for_themselves(blog: Blog, read: list[str]) -> None:
    blog.ours()
    blog.settings = {"SITENAME": "Other"}
    read.clear()
    assert blog.ours().same() == blog.usual().same()
    assert len(read) == len(FILES)
    blog.settings = {}
    read.clear()
    blog.ours()
    assert read == BAD


def test_a_build_may_do_to_posts_whatever_it_likes(blog: Blog) -> None:
    usual = blog.usual().same()
    for again in (blog.ours, blog.anew, blog.ours, blog.ours):
        one = again()
        assert one.same() == usual
        post = one.post("posts/rich.md")
        post.tags.append("more")
        post.tags[0].name = "renamed"
        post.metadata["new"] = post.metadata["category"].extra = 1
        post._content = post.title = post.related = "changed"
        assert post.authors[0] is post.author


def test_what_is_hung_on_them_tells_what_has_changed(blog: Blog) -> None:
    marks = set()
    for again in (blog.ours, blog.anew, blog.ours, blog.ours):
        one = again()
        post = one.post("posts/rich.md")
        marks.add(post._incremental_digest)
        assert [each.rpartition('"')[0].rpartition('"')[2] for each in post._incremental_links] == [
            "{static}/images/a.jpg",
            "{filename}plain.md",
            "{tag}one",
        ]
        assert one.post("posts/plain.md")._incremental_links == ()
        changed = {name for name in vars(post) if not unchanged(post, name)}
        assert {name for name in changed if not name.startswith("_incremental_")} == {
            *("settings", "_context", "metadata", "_summary"),
        }
        assert post._incremental_origin()["title"] == post.title
    assert len(marks) == 1
    blog.write({"posts/rich.md": str(FILES["posts/rich.md"]).replace("# Head", "# Heads")})
    assert blog.ours().post("posts/rich.md")._incremental_digest not in marks


def test_objects_of_a_build_go_with_it(blog: Blog) -> None:
    for name in ("dateless", "odd", "away"):
        (blog.root / f"content/posts/{name}.md").unlink()  # the log has hold of those
    blog.ours()
    one = blog.ours()
    gone = weakref.ref(one.post("posts/rich.md"))
    del one
    gc.collect()
    assert gone() is None


def test_a_date_without_a_day_holds_for_one_day(blog: Blog, read: list[str]) -> None:
    blog.ours()
    blog.today = date(2026, 1, 6)
    read.clear()
    blog.ours()
    assert sorted(read) == [*BAD, "month.md"]


def test_a_post_that_is_to_come_is_looked_at_each_time(blog: Blog) -> None:
    blog.settings = {"WITH_FUTURE_DATES": False}
    blog.ours()
    assert blog.anew().post("posts/future.md").status == "draft"
    assert ("Article", str(blog.root / "content/posts/future.md")) not in blog.masters.found


def test_warnings_are_given_each_time_in_the_order_of_the_files(blog: Blog) -> None:
    first = blog.ours().in_order
    assert any("Duplicate definition of `date`" in each for each in first)
    assert any("Empty alt attribute for image a.jpg" in each for each in first)
    assert any("Could not process ./posts/latin.md" in each for each in first) or first
    assert blog.anew().in_order == first
    assert blog.ours().in_order == first


def test_texts_can_be_had_after_the_build_too(blog: Blog) -> None:
    one = blog.ours()
    assert one.post("posts/plain.md").get_content("") == "<p>Text.</p>"
    assert blog.anew().post("posts/plain.md")._content == "<p>Text.</p>"


def _mark(content: Any) -> None:  # noqa: ANN401  # Pelican's
    content.seen = getattr(content, "seen", 0) + 1
    content._content = f"{content._content}<p>Seen.</p>"


def _name(generator: Any, metadata: dict[str, Any]) -> None:  # noqa: ANN401  # Pelican's
    del generator
    metadata["Title"] = metadata["title"] = f"{metadata.get('title')}!"


@pytest.fixture(params=["content_object_init", "article_generator_context"])
def heard(request: pytest.FixtureRequest) -> Iterator[str]:
    """A signal of a reading that a plugin listens to."""
    signal = getattr(signals, request.param)
    receiver = _mark if request.param == "content_object_init" else _name
    with signal.connected_to(receiver):
        yield request.param


def test_who_takes_part_in_a_reading_does_so_each_time(
    blog: Blog, heard: str, read: list[str]
) -> None:
    usual = blog.usual()
    for again in (blog.ours, blog.anew, blog.ours):
        one = again()
        assert one.same() == usual.same(), heard
        assert one.post("posts/plain.md")._incremental_digest
    read.clear()
    blog.anew()
    assert sorted(set(read)) == BAD


def test_who_wants_to_be_told_before_is_told_each_time(blog: Blog, read: list[str]) -> None:
    told = []

    def tell(generator: object) -> None:
        told.append(generator)

    with signals.article_generator_preread.connected_to(tell):
        usual = blog.usual().same()
        for again in (blog.ours, blog.anew):
            told.clear()
            assert again().same() == usual
            assert len(told) == len([name for name in FILES if name.startswith("posts/")])
    assert read.count("plain.md") == 2


def test_what_is_put_into_pelicans_classes_has_its_way(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pelican.contents.Content.url", property(lambda _: "mine"))
    for again in (blog.ours, blog.anew):
        one = again()
        assert one.same() == blog.usual().same()
        assert one.post("posts/plain.md").url == "mine"


_EXTENSION = """
from pathlib import Path
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

KNOWN = {}

class Include(Preprocessor):
    def run(self, lines):
        return [self.found(line[1:]) if line.startswith("@") else line for line in lines]

    def found(self, name):
        if name.startswith("once:"):
            if name not in KNOWN:
                KNOWN[name] = Path(name[5:]).read_text()
            return KNOWN[name]
        if name.startswith("list:"):
            return " ".join(sorted(path.name for path in Path(name[5:]).iterdir()))
        return Path(name).read_text()

class Including(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Include(md), "include", 5)
"""


@pytest.fixture
def including(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A blog whose posts include other files."""
    (blog.root / "including.py").write_text(_EXTENSION)
    monkeypatch.syspath_prepend(blog.root)
    blog.settings = {
        "MARKDOWN": {
            "extensions": ["markdown.extensions.meta", "including:Including"],
            "extension_configs": {},
        }
    }
    (blog.root / "part").write_text("First.")
    (blog.root / "parts").mkdir()
    yield blog
    sys.modules.pop("including", None)


def includes(blog: Blog, **what: str) -> None:
    for name, included in what.items():
        how, _, other = included.rpartition(":")
        line = f"@{how}:{blog.root}/{other}" if how else f"@{blog.root}/{other}"
        blog.write({f"posts/{name}.md": f"Title: T\nDate: 2026-01-02\n\n{line}\n"})


def test_who_includes_another_file_is_read_each_time(including: Blog) -> None:
    includes(including, a="part", b="list:parts")
    for number, again in enumerate((including.ours, including.anew, including.ours)):
        (including.root / "part").write_text(f"No. {number}.")
        (including.root / f"parts/{number}").touch()
        assert again().same() == including.usual().same()


def test_what_somebody_may_remember_of_another_file_counts(
    including: Blog, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    includes(including, a="once:part", b="once:part", c="once:part")
    assert including.ours().post("posts/c.md").content == "<p>First.</p>"
    read.clear()
    monkeypatch.delitem(sys.modules, "including")
    assert including.anew().post("posts/c.md").content == "<p>First.</p>"
    assert "a.md" in read
    assert "c.md" not in read
    (including.root / "part").write_text("Second.")
    monkeypatch.delitem(sys.modules, "including")
    assert including.anew().post("posts/c.md").content == "<p>Second.</p>"


def test_who_does_what_cannot_be_followed_may_remember_anything(
    including: Blog, read: list[str]
) -> None:
    includes(including, a="list:parts")
    for again in (including.ours, including.anew):
        read.clear()
        again()
        assert "plain.md" in read
    assert "titled.md" in read


def test_an_object_in_the_settings_is_asked_each_time(blog: Blog, read: list[str]) -> None:
    blog.settings = {"THING": object()}
    for again in (blog.ours, blog.anew, blog.ours):
        read.clear()
        assert again().same() == blog.usual().same()
        assert len(read) == len(FILES)


def test_files_come_in_order() -> None:
    names = reading.InOrder({"c", "a", "b"})
    assert list(names) == ["a", "b", "c"]
    assert names == {"a", "b", "c"}


def test_names_to_be_ignored_are_pelicans(blog: Blog) -> None:
    blog.settings = {"IGNORE_FILES": [".#*", "p*n.md", "[!a-z]*"]}
    blog.write({"posts/.#lock.md": "x", "posts/UP.md": "x", "posts/x.txt": "x"})
    assert blog.ours().same() == blog.usual().same()
    blog.settings = {"IGNORE_FILES": []}
    assert blog.ours().same() == blog.usual().same()


MANY = {
    f"posts/{number:02}.md": f"Title: No. {number}\nDate: 2026-01-02\n"
    + ("Date: 2026-01-03\n" if number % 5 == 0 else "")
    + f"\n![](x{number}.jpg)\n"
    for number in range(45)
}


@pytest.fixture
def many(blog: Blog, alone: None) -> Blog:
    """So many files that it is worth while to read them in two processes."""
    del alone  # wanted for what it does
    blog.write(MANY)
    blog.processes = 2
    return blog


def test_many_files_are_read_by_several_processes(many: Blog, read: list[str]) -> None:
    usual = many.usual()
    ours = many.ours()
    assert ours.same() == usual.same()
    assert sorted(read) == sorted([*BAD, "titled.md", "moved.md", "draft.md"])  # the others there
    for again in (many.anew, many.ours):
        read.clear()
        one = again()
        assert (one.same(), one.in_order) == (usual.same(), ours.in_order)
        assert read == BAD


@pytest.mark.parametrize("heard", ["content_object_init"], indirect=True)
def test_who_takes_part_in_a_reading_does_so_in_this_process(many: Blog, heard: str) -> None:
    usual = many.usual().same()
    for again in (many.ours, many.anew, many.ours):
        assert again().same() == usual, heard


def test_what_fails_in_another_process_fails_in_this_one(
    many: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, usual = os.getpid(), MarkdownReader._parse_metadata

    def parse(one: MarkdownReader, meta: Any) -> Any:  # noqa: ANN401  # Pelican's
        if os.getpid() != here and meta["title"] == ["No. 7"]:
            os._exit(1)
        return usual(one, meta)

    monkeypatch.setattr(MarkdownReader, "_parse_metadata", parse)
    assert many.ours().same() == many.usual().same()


def test_who_includes_other_files_is_read_there_and_kept_for_one_build(
    including: Blog, many: Blog
) -> None:
    includes(including, a="part")
    for number, again in enumerate((many.ours, many.anew, many.ours)):
        (including.root / "part").write_text(f"No. {number}.")
        assert again().same() == many.usual().same()


def test_readers_of_other_kinds_are_remembered_too(blog: Blog, read: list[str]) -> None:
    class Loud(RstReader):  # type: ignore[misc]  # Pelican's classes have no types
        file_extensions = ("rst",)

        def read(self, source_path: str) -> Any:  # noqa: ANN401  # Pelican's
            content, metadata = super().read(source_path)
            return content.upper(), metadata

    blog.settings = {"READERS": {"rst": Loud, "html": None}}
    for again in (blog.ours, blog.anew):
        assert again().same() == blog.usual().same()
    assert read.count("rst.rst") == 1
