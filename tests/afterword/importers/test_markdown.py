"""HTML to Markdown: what was said is said, and nothing else."""

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.importers.markdown import to_markdown
from afterword.importers.wxr.paragraphs import paragraphs
from afterword.markup import clean, to_html, to_text
from afterword.model import FORBIDDEN_IN_TEXT

BASE = "https://old.example/first/"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("just words", "just words"),
        ("<p>One</p><p>Two<br>three<br /><br />four</p>", "One\n\nTwo\nthree\n\nfour"),
        ("<p>a <b>b</b> <i>c</i> <s>d</s> <tt>e</tt></p>", "a **b** *c* ~~d~~ `e`"),
        ("un<b>believ</b>able", "un**believ**able"),
        ('a<b>"b"</b>c', 'a"b"c'),
        ("<b>a</b><b>b</b>", "ab"),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>", "- a\n  1. b\n  2. c"),
        ("<blockquote><p>q</p><p>r</p></blockquote>s", "> q\n>\n> r\n\ns"),
        ("<pre><code>a\n  ```\n*b*</code></pre>", "````\na\n  ```\n*b*\n````"),
        ('<a href="https://x.example/a_(b)">c*</a>', "[c\\*](https://x.example/a_%28b%29)"),
        ('<a href="../other/">c</a>', "[c](https://old.example/other/)"),
        ('<a href="mailto:a@b.example">write</a>', "write (a@b.example)"),
        ('<a href="javascript:alert(1)">c</a>', "c"),
        ('<a href="https://x.example/">https://x.example/</a>', "<https://x.example/>"),
        ('<img src="https://x.example/a.png" alt="A cat">', "[A cat](https://x.example/a.png)"),
        ('<img src="data:image/png;base64,xyz" alt="A cat">', "A cat"),
        ('a<iframe src="https://x.example/v"></iframe>', "a <https://x.example/v>"),
        ("<h2>Big</h2>words", "**Big**\n\nwords"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\n\nc"),
        ("10<sup>6</sup> H<sub>2</sub>O", "10^6 H2O"),
        ("He said <q>no</q>", "He said “no”"),
        ("a <vector> b", "a \\<vector> b"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("<!-- nothing -->a<!DOCTYPE x>", "a"),
        ("<![CDATA[a < b]]>", "a \\< b"),
        ("&lt;b&gt; &amp;copy; 1. x", "\\<b> \\&copy; 1\\. x"),
        (
            "see http://x.example/a_b*c or www.x.example",
            "see <http://x.example/a_b*c> or www.x.example",
        ),
        ("# no heading<br>- no item<br>> no quote", "\\# no heading\n\\- no item\n\\> no quote"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
    ],
)
def test_html_is_written_as_a_person_would(html: str, markdown: str) -> None:
    assert to_markdown(html, BASE) == markdown


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]), min_size=1)
ODD = (
    "* ** _a_ # ## - + 1. 2) > = == --- `x` [a](b) https://a.example/x_y www.a.b_c &amp; &lt;b&gt; "
    "&quot; &#8217; &#39; ~~~ ~ \\ ! a@b.example ftp://x :) </ & <b>"
)


@given(st.lists(WORDS | st.sampled_from(["\n", "\n\n", *ODD.split()]), min_size=1, max_size=12))
def test_the_short_way_for_plain_words_leads_to_the_same(words: list[str]) -> None:
    html = paragraphs(" ".join(words).replace(" \n ", "\n").replace(" \n\n ", "\n\n"))
    # A tag that shows nothing sends it the long way.
    assert to_markdown(html) == to_markdown(f"<span></span>{html}")


def test_line_ends_can_count() -> None:
    assert to_markdown("a\nb\n\n<b>c</b>", lines=True) == "a\nb\n\n**c**"
    assert to_markdown("a\nb") == "a b"


_TAGS = "p b i em strong a code pre ul ol li blockquote h1 br hr div span s img table tr td q"
texts = st.text(st.sampled_from("ab1 *_`~[]()<>&#-+=.!:/@\\\"'|\n\té\u00a0"), max_size=12)


def _element(tag: str, inside: list[str]) -> str:
    href = ' href="https://x.example/"' if tag == "a" else ""
    return f"<{tag}>" if tag in {"br", "hr", "img"} else f"<{tag}{href}>{''.join(inside)}</{tag}>"


markup = st.recursive(
    texts.map(escape),
    lambda inner: st.builds(_element, st.sampled_from(_TAGS.split()), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def _said(text: str) -> str:
    return "".join(FORBIDDEN_IN_TEXT.sub("", clean(text)).split())


@given(st.lists(markup, max_size=5).map("".join))
def test_readers_read_what_they_read_before(html: str) -> None:
    found = to_markdown(html)
    words = re.sub(r"<(/?)(td|q)>", "", html)
    shown = "".join(re.split("<[^>]*>", words))
    entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    plain = re.sub("|".join(entities), lambda each: entities[each.group()], shown)
    # Cells are told apart, and quotations marked.
    assert re.sub("[|“”]", "", _said(to_text(found))) == re.sub("[|“”]", "", _said(plain))


@given(st.text())
def test_nothing_breaks_it_and_nothing_gets_through(html: str) -> None:
    page = to_html(to_markdown(html))
    assert "<script" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)


def test_nesting_without_end_is_flattened() -> None:
    assert to_markdown("<div>" * 5000 + "words") == "words"
    assert to_text(to_markdown("<b><i>" * 2000 + "words")) == "words"


def test_many_tags_and_what_never_ends_lose_no_word() -> None:
    assert to_text(to_markdown("<td>x</td>" * 9000)).count("x") == 9000
    assert to_text(to_markdown("<p>x" * 90)).split() == ["x"] * 90
    assert to_text(to_markdown("<b></b>" * 90 + "AT&T &amp; &copy; &foo <a href=")) == (
        "AT&T & © &foo <a href="
    )
    assert to_text(to_markdown("a <!-- b")) == "a <!-- b"
    assert to_text(to_markdown("a <!-- b --> c <!-- d>e")) == "a c <!-- d>e"


OTHER_TAG = re.compile(r"<(?!/?(p|br|em|strong|code|pre|blockquote|[uo]l|li|a|hr|del)\b)")


def test_hostile_html_stays_harmless(corpora: Path) -> None:
    file = corpora / "payloadbox-xss/xss-payload-list.txt"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines[::20]:
        page = to_html(to_markdown(line))
        assert not re.search(
            r"<(?!/?(p|br|em|strong|code|pre|blockquote|[uo]l|li|a|hr|del)\b)", page
        )
        assert not re.search(r"<[^>]*\son\w+=", page)


@pytest.mark.parametrize("odd", ["<![ >", "<![x[ y>", "<![if !IE]>", f"{'<b>' * 70}<![ >"])
def test_what_browsers_take_for_a_comment_is_none_of_the_text(odd: str) -> None:
    assert to_markdown(f"<p>a</p>{odd}<p>b</p>").replace("*", "").split() == ["a", "b"]


def test_a_number_that_is_too_long_for_a_character_is_text() -> None:
    endless = f"&#{'9' * 5000};"
    assert to_markdown(f"<p>{endless}</p>") == f"\\{endless}"
