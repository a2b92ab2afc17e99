"""RSS 2.0 and Atom."""

import random
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import feedparser
import pytest
from hypothesis import example, given

from feeds.archive import split
from feeds.characters import speakable
from feeds.model import Answered, Category, Enclosure, Feed, Format, Item, Person, Replies
from feeds.xml import render
from tests.feeds.strategies import FEEDS, hostile_feed, plain_feed, plain_item
from tests.feeds.validity import (
    ATOM,
    CONTENT,
    DC,
    FH,
    SLASH,
    THR,
    WFW,
    XML,
    atom_faults,
    parse,
    rss_faults,
)

REPLIES = Replies(
    4,
    "https://blog.example/1/#comments",
    {form: f"https://blog.example/1/comments.{form.suffix}" for form in Format},
    datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
)


def rendered(feed: Feed, form: Format, newest: int = 20, each: int = 100) -> list[str]:
    return [render(part, form) for part in split(feed, newest, each)]


def rss_item(item: Item) -> Element:
    (text,) = rendered(plain_feed(item), Format.RSS)
    assert rss_faults(text) == []
    found = parse(text).find("channel/item")
    assert found is not None
    return found


def atom_entry(item: Item, **changes: object) -> Element:
    (text,) = rendered(plain_feed(item, **changes), Format.ATOM)
    assert atom_faults(text) == []
    found = parse(text).find(f"{ATOM}entry")
    assert found is not None
    return found


@given(FEEDS)
@example(hostile_feed())
@example(hostile_feed("\x00"))
def test_any_feed_is_valid_rss(feed: Feed) -> None:
    for text in rendered(feed, Format.RSS, 2, 1):
        assert rss_faults(text) == []


@given(FEEDS)
@example(hostile_feed())
@example(hostile_feed("\x00"))
def test_any_feed_is_valid_atom(feed: Feed) -> None:
    for text in rendered(feed, Format.ATOM, 2, 1):
        assert atom_faults(text) == []


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
@given(feed=FEEDS)
@example(feed=hostile_feed())
def test_a_feed_reader_takes_any_feed_without_complaint(form: Format, feed: Feed) -> None:
    (text, *_) = rendered(feed, form)
    result = feedparser.parse(text.encode(), response_headers={"content-type": form.media_type})
    assert not result.bozo, result.bozo_exception
    assert len(result.entries) == len(feed.items)


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
@given(feed=FEEDS)
def test_the_same_feed_gives_the_same_text(form: Format, feed: Feed) -> None:
    assert rendered(feed, form) == rendered(feed, form)


@given(FEEDS)
def test_text_arrives_as_it_was(feed: Feed) -> None:
    (text,) = rendered(feed, Format.ATOM, 99)
    for item, entry in zip(feed.items, parse(text).iter(f"{ATOM}entry"), strict=True):
        assert entry.findtext(f"{ATOM}title") == as_xml_reads(item.title)
        assert entry.findtext(f"{ATOM}content") == (
            None if item.content is None else as_xml_reads(item.content)
        )


def as_xml_reads(text: str) -> str:
    """Parsers turn every end of line into a line feed (XML 1.0, section 2.11)."""
    return speakable(text).replace("\r\n", "\n").replace("\r", "\n")


def test_an_rss_item_holds_what_its_post_has() -> None:
    item = rss_item(
        plain_item(
            content="<p>Full & whole ]]></p>",
            summary="Full & <whole>",
            categories=(
                Category("Business/Networking", "business/networking", "https://x.example/"),
            ),
            replies=REPLIES,
        )
    )
    assert {child.tag: child.text for child in item} == {
        "title": "Post 1",
        "link": "https://blog.example/1/",
        "guid": "tag:blog.example,2026-01-01:/1/",
        "pubDate": "Thu, 01 Jan 2026 01:00:00 GMT",
        f"{DC}creator": "Ann",
        "category": "Business/Networking",
        # Readers take a description for HTML, in which a summary's text has to be escaped.
        "description": "Full &amp; &lt;whole&gt;",
        f"{CONTENT}encoded": "<p>Full & whole ]]></p>",
        "comments": "https://blog.example/1/#comments",
        f"{WFW}commentRss": "https://blog.example/1/comments.rss.xml",
        f"{SLASH}comments": "4",
    }


def test_an_rss_item_without_responses_or_full_text_says_nothing_of_them() -> None:
    item = rss_item(plain_item(content=None))
    assert {child.tag for child in item} == {
        *("title", "link", "guid", "pubDate", "description", f"{DC}creator"),
    }


ENCLOSURES = (
    Enclosure("https://x.example/é.mp3?a=1&b=2", "audio/mpeg", 12),
    Enclosure("https://x.example/b", "video/mp4", None),
)


def test_an_rss_item_brings_one_file_along() -> None:
    for enclosure, length in zip(ENCLOSURES, ("12", "0"), strict=True):
        item = rss_item(plain_item(enclosures=(enclosure, *ENCLOSURES)))
        (found,) = item.findall("enclosure")
        assert found.attrib == {
            "url": enclosure.url.replace("é", "%C3%A9"),
            "length": length,
            "type": enclosure.type,
        }


def test_an_atom_entry_brings_all_its_files_along() -> None:
    entry = atom_entry(plain_item(enclosures=ENCLOSURES))
    links = [each.attrib for each in entry.findall(f"{ATOM}link") if each.get("rel") == "enclosure"]
    one = {"type": "audio/mpeg", "length": "12", "href": "https://x.example/%C3%A9.mp3?a=1&b=2"}
    other = {"type": "video/mp4", "href": "https://x.example/b"}
    assert links == [{"rel": "enclosure"} | one, {"rel": "enclosure"} | other]


def test_an_atom_entry_tells_of_its_responses() -> None:
    entry = atom_entry(plain_item(replies=REPLIES))
    links = [link.attrib for link in entry.findall(f"{ATOM}link") if link.get("rel") == "replies"]
    common = {
        "rel": "replies",
        f"{THR}count": "4",
        f"{THR}updated": "2026-02-03T04:05:06Z",
    }
    assert links == [
        common | {"type": "text/html", "href": "https://blog.example/1/#comments"},
        common
        | {"type": "application/atom+xml", "href": "https://blog.example/1/comments.atom.xml"},
    ]
    assert entry.findtext(f"{THR}total") == "4"


def test_an_atom_entry_says_what_it_answers() -> None:
    answered = Answered("tag:blog.example,2026-01-01:/1/#comment-7", "https://blog.example/1/#c7")
    (element,) = atom_entry(plain_item(answered=answered)).findall(f"{THR}in-reply-to")
    assert element.attrib == {
        "ref": "tag:blog.example,2026-01-01:/1/#comment-7",
        "href": "https://blog.example/1/#c7",
        "type": "text/html",
    }


def test_an_atom_entry_holds_its_authors_categories_and_text() -> None:
    entry = atom_entry(
        plain_item(
            authors=(Person("Ann", "https://x.example/é"), Person("Bob", "javascript:alert(1)")),
            categories=(Category("Art & Law", "art", "https://blog.example/category/"),),
            language="de_AT",
        )
    )
    people = [
        (author.findtext(f"{ATOM}name"), author.findtext(f"{ATOM}uri"))
        for author in entry.findall(f"{ATOM}author")
    ]
    assert people == [("Ann", "https://x.example/%C3%A9"), ("Bob", None)]
    (category,) = entry.findall(f"{ATOM}category")
    assert category.attrib == {
        "term": "art",
        "scheme": "https://blog.example/category/",
        "label": "Art & Law",
    }
    (content,) = entry.findall(f"{ATOM}content")
    assert content.attrib == {"type": "html", f"{XML}base": "https://blog.example/1/"}
    assert entry.get(f"{XML}lang") == "de-AT"


def test_every_atom_entry_has_an_author() -> None:
    def names(entry: Element) -> list[str | None]:
        return [author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author")]

    nameless = plain_item(authors=(Person("\x00 "),))
    assert names(atom_entry(nameless)) == ["Anonymous"]
    assert names(atom_entry(nameless, authors=(Person("The Blog"),))) == ["The Blog"]


@pytest.mark.parametrize("name", ["?p=42", "42", "a post"])
def test_an_imported_name_that_is_no_uri_becomes_one_in_atom_alone(name: str) -> None:
    in_atom = atom_entry(plain_item(id=name)).findtext(f"{ATOM}id") or ""
    assert in_atom.startswith("urn:uuid:")
    assert rss_item(plain_item(id=name)).findtext("guid") == name


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
def test_documents_of_a_long_feed_name_each_other(form: Format) -> None:
    feed = plain_feed(*(plain_item(n) for n in range(9, 0, -1)))
    texts = rendered(feed, form, 2, 3)  # 9 and 8; 7; 6 to 4; 3 to 1

    def address(path: str) -> str:
        return f"https://blog.example/feeds/{path}.{form.suffix}"

    def links(text: str) -> dict[str | None, str | None]:
        found = parse(text).iter(f"{ATOM}link")
        relations = {"self", "current", "prev-archive", "next-archive"}
        return {link.get("rel"): link.get("href") for link in found if link.get("rel") in relations}

    current = address("all")
    one, two, last = (address(f"all.archive-{numbers}") for numbers in ("1-3", "4-6", "7-7"))
    assert [links(text) for text in texts] == [
        {"self": current, "prev-archive": last},
        {"self": last, "current": current, "prev-archive": two},
        {"self": two, "current": current, "prev-archive": one},
        {"self": one, "current": current, "next-archive": two},
    ]
    marked = [bool(list(parse(text).iter(f"{FH}archive"))) for text in texts]
    assert marked == [False, True, True, True]


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
def test_a_full_archive_keeps_its_bytes_while_the_next_one_fills(form: Format) -> None:
    def oldest(count: int) -> str:
        items = (plain_item(n) for n in range(count, 0, -1))
        return rendered(plain_feed(*items), form, 2, 3)[-1]

    assert len({oldest(count) for count in range(5, 8)}) == 1


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
def test_a_stylesheet_stands_before_the_feed(form: Format) -> None:
    feed = plain_feed(stylesheet='https://blog.example/a"?><x b="ü.css')
    (text,) = rendered(feed, form)
    assert text.splitlines()[1] == (
        '<?xml-stylesheet type="text/css" href="https://blog.example/a%22?%3E%3Cx%20b=%22%C3%BC.css"?>'
    )
    assert (rss_faults if form is Format.RSS else atom_faults)(text) == []


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
def test_a_feed_changes_when_its_items_do_and_never_with_the_clock(form: Format) -> None:
    later = datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)
    (text,) = rendered(plain_feed(plain_item(2, updated=later), plain_item(1)), form)
    assert ("06 May 2030 07:08:09" if form is Format.RSS else "2030-05-06T07:08:09Z") in text


def test_hostile_data_stays_text(corpora: Path) -> None:
    for line in hostile_lines(corpora):
        item = plain_item(title=line, summary=line, content=line, authors=(Person(line, line),))
        feed = plain_feed(item, title=line, description=line)
        assert rss_faults(rendered(feed, Format.RSS)[0]) == []
        assert atom_faults(rendered(feed, Format.ATOM)[0]) == []


def hostile_lines(folder: Path, most: int = 3000) -> list[str]:
    """Lines out of every file there, the same ones each time."""
    lines: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            lines.update(path.read_text("utf-8", "surrogateescape").split("\n")[:500])
    return random.Random(1).sample(sorted(lines), min(most, len(lines)))  # noqa: S311  # a choice, no secret
