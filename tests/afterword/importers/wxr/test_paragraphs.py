"""Empty lines and line ends, as WordPress means them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.importers.wxr.paragraphs import paragraphs


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One.", "<p>One.</p>"),
        ("One.\r\n\r\n\r\nTwo\nlines.", "<p>One.</p>\n<p>Two<br>lines.</p>"),
        ("a <br />\nb", "<p>a<br>b</p>"),
        ("a <em>b</em>\n \nc", "<p>a <em>b</em></p>\n<p>c</p>"),
        ("<p>One\ntwo</p>\n\nthree", "<p>One<br>two</p><p>three</p>"),
        ("<p>One\n\n<P class='x'>two", "<p>One<P class='x'>two"),
        ("<ul>\n<li>a\n<li>b</li>\n</ul>", "<ul>\n<li>a<li>b</li>\n</ul>"),
        ("<li>a\n\nb</li>", "<li><p>a</p>\n<p>b</p></li>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p>\n<p>b</p></blockquote>"),
        ("a\n<pre>b\n\n  <p>c\n</pre>\nd", "<p>a</p><pre>b\n\n  <p>c\n</pre><p>d</p>"),
        ("a\n\n<hr/>\n\nb</div>", "<p>a</p><hr/><p>b</p></div>"),
        ("<h2>A\nb</h2>c", "<h2>A<br>b</h2><p>c</p>"),
        ("a <img\n src='b'\n>\nc", "<p>a <img  src='b' ><br>c</p>"),
        ("<pre>a <b\nc></pre>", "<pre>a <b\nc></pre>"),
        ("<prefix>a\n\nb", "<p><prefix>a</p>\n<p>b</p>"),
    ],
)
def test_lines_part_what_they_part_there(text: str, html: str) -> None:
    assert _joined(paragraphs(text)) == _joined(html)


def _joined(html: str) -> str:
    return re.sub(r"\n(?=</|<li>)", "", html)


@given(st.lists(st.sampled_from(["a", "\n", "<p>", "</p>", "<li>", "<pre>", "</pre>", " ", "c"])))
def test_no_word_is_lost(pieces: list[str]) -> None:
    words = [each for each in pieces if each.isalpha()]
    shown = re.sub(r"<[^>]*>", "", paragraphs("".join(pieces)))
    assert list(re.sub(r"\s", "", shown)) == words


def test_endless_white_space_is_no_obstacle() -> None:
    assert paragraphs(f"a{' ' * 300_000}b").startswith("<p>a ")
