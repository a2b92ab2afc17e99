"""Feeds as Pelican builds them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element

import feedparser
import pytest
from pelican.writers import Writer

from feeds.documents import Job
from feeds.plugin import make, save
from tests.feeds.validity import ATOM, XML, atom_faults, json_faults, parse, rss_faults
from tests.site import Build, Site

FEEDS = "THEME = 'simple'\nPLUGINS = ['feeds']\n"
WITH_CATEGORIES = "THEME = 'simple'\nPLUGINS = ['categories', 'feeds']\n"
TWICE = """
import sys
sys.path[:0] = {paths!r}
from pelican import Pelican, read_settings
pelican = Pelican(read_settings("settings.py", override={{"OUTPUT_PATH": "output"}}))
for folder in ("once", "twice"):
    pelican.output_path = folder
    pelican.run()
"""


def feeds_of(build: Build) -> dict[str, str]:
    """Every file below the output that looks like a feed, ours or not."""
    return {
        name: content.decode("utf-8")
        for name, content in build.files().items()
        if name.endswith((".xml", ".json")) or "feed" in name
    }


def assert_valid(build: Build) -> dict[str, str]:
    """Check every feed there is, and return them all."""
    found = feeds_of(build)
    for name, text in found.items():
        if name.endswith(".json"):
            assert json_faults(text) == [], name
        else:
            faults = rss_faults(text) if name.endswith(".rss.xml") else atom_faults(text)
            assert faults == [], name
            assert not feedparser.parse(text.encode()).bozo, name
    return found


def entries(build: Build, name: str) -> list[Element]:
    return parse(build.read(name)).findall(f"{ATOM}entry")


@pytest.fixture
def blog(site: Site) -> Site:
    site.post("first", category="Art", tags="one, two", author="Ann")
    site.post("second", category="Law", tags="two", author="Bob", date="2026-01-03")
    return site


def test_every_feed_is_there_valid_and_the_only_one(blog: Site) -> None:
    build = blog.build(FEEDS)
    assert build.status == 0, build.log
    stems = [
        "all",
        "author/ann",
        "author/bob",
        "category/art",
        "category/law",
        "tag/one",
        "tag/two",
    ]
    assert sorted(assert_valid(build)) == sorted(
        f"feeds/{stem}.{suffix}" for stem in stems for suffix in ("rss.xml", "atom.xml", "json")
    )
    assert len(entries(build, "feeds/tag/two.atom.xml")) == 2
    assert len(entries(build, "feeds/category/art.atom.xml")) == 1


def announced(build: Build, page: str) -> list[str]:
    return re.findall(r'<link href="([^"]*)" type="application/(?:rss|atom)', build.read(page))


def test_themes_that_know_pelicans_settings_announce_our_feeds(blog: Site) -> None:
    build = blog.build(FEEDS + "FEED_ALL_ATOM = None\nFEED_ALL_RSS_URL = 'elsewhere.xml'\n")
    everywhere = [f"https://blog.example/feeds/all.{form}.xml" for form in ("atom", "rss")]
    assert announced(build, "index.html") == everywhere
    assert announced(build, "category/art/index.html") == everywhere + [
        f"https://blog.example/feeds/category/art.{form}.xml" for form in ("atom", "rss")
    ]
    assert announced(build, "tag/two/index.html") == everywhere + [
        f"https://blog.example/feeds/tag/two.{form}.xml" for form in ("atom", "rss")
    ]


def test_feeds_are_announced_at_the_domain_set_for_them(blog: Site) -> None:
    build = blog.build(FEEDS + "FEED_DOMAIN = 'https://feeds.example/'\nRELATIVE_URLS = True\n")
    assert announced(build, "index.html")[0] == "https://feeds.example/feeds/all.atom.xml"
    channel = json.loads(build.read("feeds/all.json"))
    assert channel["feed_url"] == "https://feeds.example/feeds/all.json"
    assert channel["home_page_url"] == "https://blog.example/"


def test_templates_can_ask_for_any_feed(blog: Site) -> None:
    blog.write(
        {"overrides/index.html": "{{ feed_url('json') }} {{ feed_url('rss', 'tag', 'two') }}"}
    )
    build = blog.build(FEEDS + "THEME_TEMPLATES_OVERRIDES = ['overrides']\n")
    assert build.read("index.html") == "feeds/all.json feeds/tag/two.rss.xml"


def test_a_second_run_in_the_same_process_is_like_the_first(blog: Site) -> None:
    blog.build(FEEDS)  # writes the settings
    paths = [path for path in sys.path if path]
    result = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", TWICE.format(paths=paths)],
        cwd=blog.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    once, twice = (Build(blog.root / name, 0, "") for name in ("once", "twice"))
    assert announced(once, "index.html") == announced(twice, "index.html") != []
    assert feeds_of(once) == feeds_of(twice) != {}


def test_full_text_is_absolute_even_on_a_site_of_relative_addresses(site: Site) -> None:
    site.post("target")
    site.write({"content/posts/i.png": b"x"})
    site.post(
        "first",
        "A [link]({filename}target.md), [one of mine](../target/) and a note[^1].\n\n"
        "![An image]({attach}i.png)\n\n[^1]: The note.",
    )
    for relative in (False, True):
        build = site.build(f"{FEEDS}RELATIVE_URLS = {relative}\nSTATIC_PATHS = ['posts']\n")
        items = json.loads(build.read("feeds/all.json"))["items"]
        html = next(item["content_html"] for item in items if "first" in item["url"])
        assert sorted(re.findall(r'(?:href|src)="([^"]*)"', html)) == [
            "https://blog.example/first/#fn:1",
            "https://blog.example/first/#fnref:1",
            "https://blog.example/first/i.png",
            "https://blog.example/target/",
            "https://blog.example/target/",
        ]
        assert_valid(build)


def test_files_that_posts_bring_along_are_in_the_feeds(site: Site) -> None:
    site.write({"content/audio/Ä 1.mp3": b"12345", "content/posts/near.pdf": b"123"})
    more = "https://cast.example/a.ogg?x=1&y=2 77 audio/x\n    {attach}near.pdf"
    site.post("first", enclosure="{static}/audio/Ä%201.mp3", more=f"x\nEnclosure: {more}")
    wrong = ("javascript:alert(1)", 'https://x.example/"onclick=x', "{static}/../settings.py")
    site.post("second", enclosure="\nEnclosure: ".join(wrong), date="2026-01-01")
    build = site.build(FEEDS)
    assert build.status == 0, build.log
    found = assert_valid(build)
    log = " ".join(build.log.split())
    assert [each for each in wrong if f"enclosure {each!r} is left out" not in log] == []
    episode = ("https://blog.example/audio/%C3%84%201.mp3", "audio/mpeg", "5")
    others = [
        ("https://cast.example/a.ogg?x=1&y=2", "audio/x", "77"),
        ("https://blog.example/first/near.pdf", "application/pdf", "3"),
    ]
    for name, files in (("rss.xml", [episode]), ("atom.xml", [episode, *others])):
        first, second = feedparser.parse(found[f"feeds/all.{name}"].encode()).entries
        assert [(each.href, each.type, each.length) for each in first.enclosures] == files
        assert second.enclosures == []
    first, second = json.loads(found["feeds/all.json"])["items"]
    assert [
        (each["url"], each["mime_type"], str(each["size_in_bytes"]))
        for each in first["attachments"]
    ] == [episode, *others]
    assert "attachments" not in second
    assert build.files()["audio/Ä 1.mp3"] == b"12345"
    assert build.files()["first/near.pdf"] == b"123"


def test_drafts_and_hidden_posts_are_in_no_feed_and_translations_in_all(blog: Site) -> None:
    blog.post("draft", status="draft", title="SECRET")
    blog.post("hidden", status="hidden", title="SECRET")
    blog.write(
        {"content/posts/erste.md": "Title: Erste\nDate: 2026-01-04\nSlug: first\nLang: de\n\nText"}
    )
    build = blog.build(FEEDS)
    found = assert_valid(build)
    assert not [name for name, text in found.items() if "SECRET" in text]
    newest = entries(build, "feeds/all.atom.xml")[0]
    assert (newest.findtext(f"{ATOM}title"), newest.get(f"{XML}lang")) == ("Erste", "de")
    assert len(entries(build, "feeds/all.atom.xml")) == 3


def test_nested_categories_have_feeds_of_what_is_below_them(site: Site) -> None:
    site.post("first", category="Business/Networking, Art")
    site.post("second", category="Business", date="2026-01-03")
    build = site.build(WITH_CATEGORIES)
    assert build.status == 0, build.log
    found = assert_valid(build)
    assert {
        "feeds/category/business.json",
        "feeds/category/business/networking.json",
    } <= found.keys()
    assert len(entries(build, "feeds/category/business.atom.xml")) == 2
    assert len(entries(build, "feeds/category/business/networking.atom.xml")) == 1
    (entry,) = entries(build, "feeds/category/art.atom.xml")
    assert [category.get("label") for category in entry.findall(f"{ATOM}category")] == [
        "Business/Networking",
        "Art",
    ]


def test_long_feeds_have_archives_that_stay(site: Site) -> None:
    few = f"{FEEDS}FEEDS_ITEMS = 2\nFEEDS_ARCHIVE_ITEMS = 2\n"
    for day in range(1, 6):
        site.post(f"post-{day}", date=f"2026-01-0{day}")
    before = assert_valid(site.build(few))
    site.post("post-6", date="2026-01-06")
    after = assert_valid(site.build(few, output="later"))
    assert {"feeds/all.archive-1-2.json", "feeds/all.archive-3-3.atom.xml"} <= before.keys()
    assert {"feeds/all.archive-1-2.json", "feeds/all.archive-3-4.atom.xml"} <= after.keys()
    assert before["feeds/all.archive-1-2.json"] == after["feeds/all.archive-1-2.json"]


def test_a_post_keeps_its_name_where_and_however_it_is_built(blog: Site) -> None:
    def guids(siteurl: str) -> list[str]:
        build = blog.build(f"{FEEDS}SITEURL = {siteurl!r}\n")
        return [item["id"] for item in json.loads(build.read("feeds/all.json"))["items"]]

    names = guids("https://blog.example")
    assert names == ["tag:blog.example,2026-01-03:/second/", "tag:blog.example,2026-01-02:/first/"]
    assert guids("http://blog.example:8000/preview") == names


def test_the_same_blog_gives_the_same_feeds_anywhere(blog: Site) -> None:
    elsewhere = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "tr_TR.UTF-8"}
    here = {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}
    one = feeds_of(blog.build(FEEDS, environment=here))
    assert one == feeds_of(blog.build(FEEDS, environment=elsewhere, output="elsewhere")) != {}


def test_a_post_without_author_or_with_odd_text_leaves_feeds_valid(site: Site) -> None:
    site.post("odd", "]]> <b>&\x0b\x1b\ufffe</b>", title="A\x0b ]]> <i>b</i> & 1 < 2 \ufffe")
    site.post("ancient", date="0476-09-04", tags="naïve & <b>")
    build = site.build(FEEDS + "del AUTHOR\n")
    assert build.status == 0, build.log
    found = assert_valid(build)
    # Pelican writes dates of the first millennium its own way; feeds give them four digits.
    assert "04 Sep 0476" in found["feeds/all.rss.xml"]
    assert "A ]]> b & 1 < 2" in json.loads(found["feeds/all.json"])["items"][0]["title"]


def test_an_address_to_set_is_asked_for(blog: Site) -> None:
    build = blog.build(FEEDS + "SITEURL = ''\n")
    assert build.status == 0, build.log
    assert "set SITEURL" in build.log
    assert 'href="/feeds/all.atom.xml"' in build.read("feeds/all.atom.xml")


def test_a_misspelt_setting_is_pointed_out_and_a_wrong_value_refused(blog: Site) -> None:
    build = blog.build(FEEDS + "FEEDS_ITEM = 5\n")
    assert build.status == 0
    assert "FEEDS_ITEM: there is no such setting" in build.log
    refused = blog.build(FEEDS + "FEEDS_ITEMS = 0\n")
    assert refused.status != 0
    assert "FEEDS_ITEMS is 0" in refused.log


def test_files_appear_whole_and_only_below_the_output_folder(tmp_path: Path) -> None:
    folder, ordinary = tmp_path / "output", tmp_path / "ordinary"
    writer = Writer(str(folder))
    ordinary.touch()
    save(writer, "a/b.xml", "one\n")
    save(writer, "a/b.xml", "zwölf\n")
    assert (folder / "a/b.xml").read_bytes() == "zwölf\n".encode()
    assert (folder / "a/b.xml").stat().st_mode == ordinary.stat().st_mode
    assert [path.name for path in folder.rglob("*")] == ["a", "b.xml"]
    with pytest.raises(RuntimeError):
        save(writer, "../out.xml", "x")
    with pytest.raises(UnicodeEncodeError):
        save(writer, "a/b.xml", "\ud800")
    assert (folder / "a/b.xml").read_bytes() == "zwölf\n".encode()
    assert [path.name for path in folder.rglob("*")] == ["a", "b.xml"]


def test_a_writer_that_can_do_many_things_at_once_is_given_them_all(tmp_path: Path) -> None:
    jobs = [Job("a.xml", b"1", lambda: "A"), Job("b/c.xml", b"", lambda: "C")]
    make(Writer(str(tmp_path / "output")), iter(jobs))
    assert (tmp_path / "output/a.xml").read_text() == "A"
    assert (tmp_path / "output/b/c.xml").read_text() == "C"
    given: list[Job] = []
    able = Writer(str(tmp_path / "elsewhere"))
    able.jobs = given.extend
    make(able, iter(jobs))
    assert given == jobs
