"""The author's HTML in feeds."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.markup import text_of, with_absolute_links

BASE = "https://blog.example/a-post/"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain", "Plain"),
        ("Tom &amp; Jerry&rsquo;s", "Tom & Jerry\u2019s"),
        ("A <em>small</em><b>ish</b> point", "A smallish point"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("I <3 you", "I <3 you"),
        ("&lt;b&gt; is bold", "<b> is bold"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("One<br>Two", "One Two"),
        ('<a title="a > b" href=x>link</a>', "link"),
        ("before<!-- a > b -->after", "beforeafter"),
        ("x<script>alert('<b>')</script>y<style>p > a {}</style>z", "xyz"),
        ('so it is<sup id="fnref:1"><a href="#fn:1">1</a></sup>.', "so it is."),
        ("E = mc<sup>2</sup>", "E = mc2"),
        (" many\n\t\xa0 spaces ", "many spaces"),
        ("<blockquote>a</blockquote><b-c>d</b-c>", "a d"),
        ("", ""),
    ],
)
def test_text_is_what_a_browser_shows(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<!", '<a "', "<a href='", "<script>", '<sup id="fnref', " href=", "<"]
)
def test_unfinished_markup_takes_no_more_than_its_time(piece: str) -> None:
    html = piece * (300_000 // len(piece))  # minutes, if every piece looked for its end
    assert len(text_of(html)) <= len(html)
    assert len(with_absolute_links(html, BASE)) >= len(html)


@pytest.mark.parametrize(
    ("html", "absolute"),
    [
        ('<a href="../b/">', '<a href="https://blog.example/b/">'),
        ('<a href="#fn:1">', '<a href="https://blog.example/a-post/#fn:1">'),
        (
            '<a class="x" HREF = "/c?d=1&amp;e=2">',
            '<a class="x" HREF = "https://blog.example/c?d=1&amp;e=2">',
        ),
        ("<a href='c \"d\"'>", '<a href="https://blog.example/a-post/c &quot;d&quot;">'),
        ("<a href=c>", '<a href="https://blog.example/a-post/c">'),
        ('<a href="">', '<a href="https://blog.example/a-post/">'),
        (
            '<img alt="a > b" src="i.png">',
            '<img alt="a > b" src="https://blog.example/a-post/i.png">',
        ),
        ('<img\nsrc="//cdn.example/i.png">', '<img\nsrc="https://cdn.example/i.png">'),
        ('<video poster="p.jpg">', '<video poster="https://blog.example/a-post/p.jpg">'),
        ('<blockquote cite="/q">', '<blockquote cite="https://blog.example/q">'),
        (
            '<img srcset="a.png 1x, /b.png 2x">',
            '<img srcset="https://blog.example/a-post/a.png 1x, https://blog.example/b.png 2x">',
        ),
        (
            '<img srcset="https://x.example/a,b.png 320w">',
            '<img srcset="https://x.example/a,b.png 320w">',
        ),
        (
            '<a href="http://[">/</a><a href="x">',
            '<a href="http://[">/</a><a href="https://blog.example/a-post/x">',
        ),
        ('<a href="//[x">', '<a href="//[x">'),
    ],
)
def test_addresses_are_found_from_anywhere(html: str, absolute: str) -> None:
    assert with_absolute_links(html, BASE) == absolute


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/é?a&b">',
        '<a href="mailto:a@x.example">',
        '<img src="data:image/png;base64,AA==">',
        '<a data-href="x">',
        '<svg><use href="#circle"/></svg>',
        '<abbr src="x">',
        '<p>An href="x" in words, and src=y.</p>',
        "<code>&lt;a href=&quot;x&quot;&gt;</code>",
        "<p>No address at all</p>",
        "",
    ],
)
def test_the_rest_stays_as_it_is(html: str) -> None:
    assert with_absolute_links(html, BASE) == html


class Links(HTMLParser):
    """Collects what href and src lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.found += [value for name, value in attrs if name in {"href", "src"}]


@given(st.lists(st.text(st.sampled_from("ab/#?.&;:é'\" [x"), max_size=8)))
def test_no_relative_address_is_left(addresses: list[str]) -> None:
    html = "".join(f'<a href="{a.replace(chr(34), "&quot;")}">x</a>' for a in addresses)
    links = Links()
    once = with_absolute_links(html, BASE)
    links.feed(once)
    assert len(links.found) == len(addresses)
    assert all(":" in (link or "") or "[" in (link or "") for link in links.found)
    assert with_absolute_links(once, BASE) == once


def test_a_fragment_leads_into_the_post_itself() -> None:
    assert urlsplit(BASE).path in with_absolute_links('<a href="#a">', BASE)
