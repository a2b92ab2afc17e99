"""Feeds of whatever can be typed, for hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from feeds.model import Answered, Category, Enclosure, Feed, Format, Item, Person, Replies

# Everything that a Python string can hold, lone surrogates included.
ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=12) | st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "<script>alert(1)</script>",
        "&amp;&lt;b&gt;",
        "\x00\x0b\x1b",
        "\ufffe\uffff",
        "\x7f\x85\x9f",
        "?><!--",
        "{{ x }}{% y %}",
        " ",
    ]
)
ADDRESSES = st.builds("https://blog.example/{}".format, ANYTHING) | st.sampled_from(
    [
        "https://bücher.example/ä",
        "http://[::1]:8000/",
        "https://x.example/a#b#c",
        "http://x.example",
    ]
)
ZONES = st.timezones() | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))
DATES = st.datetimes(timezones=ZONES)
PEOPLE = st.builds(Person, ANYTHING, st.none() | ANYTHING | ADDRESSES)
CATEGORIES = st.builds(Category, ANYTHING, st.sampled_from(["", "a", "a/b"]), ADDRESSES)
REPLIES = st.builds(
    Replies,
    st.integers(0, 10**6),
    ADDRESSES,
    st.dictionaries(st.sampled_from(Format), ADDRESSES),
    st.none() | DATES,
)
ENCLOSURES = st.builds(
    Enclosure, ADDRESSES, st.sampled_from(["audio/mpeg"]), st.none() | st.integers(0, 10**15)
)
IDS = st.builds("tag:blog.example,2026-01-01:/{}".format, ANYTHING) | st.builds(
    "x{}".format, ANYTHING
)
ITEMS = st.builds(
    Item,
    id=IDS,
    url=ADDRESSES,
    title=ANYTHING,
    published=DATES,
    updated=DATES,
    authors=st.lists(PEOPLE, max_size=2).map(tuple),
    content=st.none() | ANYTHING,
    summary=ANYTHING,
    categories=st.lists(CATEGORIES, max_size=3).map(tuple),
    language=st.none() | ANYTHING | st.sampled_from(["de", "pt_BR"]),
    replies=st.none() | REPLIES,
    answered=st.none() | st.builds(Answered, IDS, ADDRESSES),
    enclosures=st.lists(ENCLOSURES, max_size=2).map(tuple),
)
FEEDS = st.builds(
    Feed,
    siteurl=st.just("https://blog.example"),
    path=st.builds("feeds/{}".format, ANYTHING),
    title=ANYTHING,
    description=ANYTHING,
    page=ADDRESSES,
    language=ANYTHING | st.just("en"),
    # Characters that no feed can hold are left out, so two ids can become one: number them.
    items=st.lists(ITEMS, max_size=4).map(
        lambda items: tuple(replace(item, id=f"{item.id}{n}") for n, item in enumerate(items))
    ),
    authors=st.lists(PEOPLE, max_size=2).map(tuple),
    stylesheet=st.none() | ADDRESSES,
    started=DATES,
)


def plain_item(number: int = 1, **changes: Any) -> Item:  # noqa: ANN401
    """Return an ordinary post."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    item = Item(
        id=f"tag:blog.example,2026-01-01:/{number}/",
        url=f"https://blog.example/{number}/",
        title=f"Post {number}",
        published=moment,
        updated=moment,
        authors=(Person("Ann", "https://blog.example/author/ann/"),),
        content=f"<p>Text {number}</p>",
        summary=f"Text {number}",
    )
    return replace(item, **changes)


def plain_feed(*items: Item, **changes: Any) -> Feed:  # noqa: ANN401
    """Return an ordinary feed of items, which come newest first."""
    ordinary: dict[str, Any] = {
        "siteurl": "https://blog.example",
        "path": "feeds/all",
        "title": "A Blog",
        "description": "About things",
        "page": "https://blog.example/",
        "language": "en",
        "items": items,
    }
    return Feed(**{**ordinary, **changes})


def hostile_feed(text: str = "\ud800\x00\x85\ufffe]]><&\r\n") -> Feed:
    """Return a feed with a text in every field that can hold one."""
    address = f"https://blog.example/{text}"
    people = (Person(text, address), Person(text, text))
    items = (
        plain_item(
            id=f"{number}{text}",
            url=address,
            title=text,
            authors=people,
            content=content,
            summary=text,
            categories=(Category(text, "", address), Category("\x00", "", address)),
            language=text,
            replies=Replies(1, address, dict.fromkeys(Format, address)),
            answered=Answered(text, address),
            enclosures=(Enclosure(address, "audio/mpeg", None),) * 2,
        )
        for number, content in enumerate((text, None))
    )
    return plain_feed(
        *items,
        title=text,
        description=text,
        path=f"feeds/{text}",
        page=address,
        language=text,
        authors=people,
        stylesheet=address,
    )
