"""HTML of posts to Markdown: whatever it is, the build shows the same."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from afterword.importers.wxr.prose import prose


def same(address: str, _: bool) -> str:  # noqa: FBT001  # as it is called
    return address


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("<p>One<br>two</p><p>three</p>", "One  \ntwo\n\nthree"),
        ("words <b>alone</b><p>p</p>", "words **alone**\n\np"),
        ("<p>* a_b _c_ [d] &lt;e&gt; &amp;amp;</p>", "\\* a_b \\_c\\_ \\[d\\] &lt;e> &amp;amp;"),
        ("<p>1. a</p><p># b</p><p>: c</p>", "1\\. a\n\n\\# b\n\n&#58; c"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n    1. b"),
        ("<ol start='3'><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ('<h2 id="x">A</h2><h3>B</h3>', "## A {: #x }\n\n### B"),
        ('<p><a href="https://x.example/(a)">b</a></p>', "[b](https://x.example/%28a%29)"),
        ('<p><a href="https://x.example/">https://x.example/</a></p>', "<https://x.example/>"),
        ('<p><img src="a b.png" alt="c [d]"></p>', "![c \\[d\\]](a%20b.png)"),
        (
            '<figure><a href="b"><img src="a"></a><figcaption>C</figcaption></figure>',
            "[![C](a)](b)\n\n*C*",
        ),
        ('<pre><code class="language-py">a\n\n`b`</code></pre>', "```py\na\n\n`b`\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<blockquote>a</blockquote><blockquote>b<cite>C</cite></blockquote>",
            "> a\n\n<!-- -->\n\n> b — C",
        ),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
        ('<p><a href="a">b</a><a href="c">d</a></p>', "[b](a) [d](c)"),
        ("<p>H<sub>2</sub>O <del>no</del></p>", "H<sub>2</sub>O <del>no</del>"),
        ("<hr>", "---"),
        ("<p>\nhttps://x.example/a_b_c\n</p>", "<https://x.example/a_b_c>"),
        (
            '<ul class="blocks-gallery-grid"><li class="blocks-gallery-item"><img src=a></li></ul>',
            "![](a)",
        ),
        ("<p>a<!-- b -->c</p><style>x</style>", "ac"),
        (
            "<details><summary>a <b>b</b></summary><p>c</p></details>",
            '<details markdown="1">\n<summary markdown="span">a **b**</summary>\n\nc\n\n</details>',
        ),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c|d</td><td>e</td></tr></table>",
            "| a | b |\n| --- | --- |\n| c\\|d | e |",
        ),
    ],
)
def test_good_html_is_good_markdown(html: str, markdown: str) -> None:
    assert prose(html, same) == (markdown, ())


def test_what_markdown_cannot_say_stays_html() -> None:
    html = "<table><tbody><tr><td>a|b</td><td><ul><li>c</li></ul></td></tr></tbody></table>"
    assert prose(f"<p>*</p>\n{html}", same)[0] == f"\\*\n\n{html}"


@pytest.mark.parametrize("cell", ["<td>a</td>", "<th></th>"])
def test_tables_without_headings_stay_html(cell: str) -> None:
    html = f"<table><tr>{cell}<th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    assert prose(html, same)[0].startswith("<table><tbody><tr><td>")
    assert prose(html.replace(cell, "<th>a</th>"), same)[0].startswith("| a | b |")


def test_code_that_stays_html_keeps_its_empty_lines() -> None:
    html = "<table><tbody><tr><td>a|b<pre>c\n\nd</pre></td></tr></tbody></table>"
    assert prose(html, same)[0] == html


def test_what_would_ask_other_sites_is_a_link_and_scripts_stay_out() -> None:
    html = '<iframe src="https://v.example/1"></iframe><script>x()</script><p>a</p>'
    assert prose(html, same) == (
        "<https://v.example/1>\n\na",
        (
            "has a script, which stays out",
            "had https://v.example/1 embedded, and links to it now",
        ),
    )


def test_tags_without_end_are_no_obstacle() -> None:
    text, notes = prose("<div>" * 3000 + "words", same)
    assert text == "words"
    assert notes == ("has tags in tags without end; the innermost stay out",)


def test_addresses_are_led() -> None:
    html = '<p><a href="a">b</a><img src="c"></p>'
    led = prose(html, lambda each, shown: f"{{{'static' if shown else 'filename'}}}/{each}")[0]
    assert led == "[b]({filename}/a)![]({static}/c)"


def test_a_file_that_is_here_is_called_as_it_is() -> None:
    html = '<p><a href="https://x.example/a%20b.mp3">https://x.example/a%20b.mp3</a></p>'
    assert prose(html, lambda *_: "{static}/images/a b.mp3")[0] == (
        "[a b.mp3]({static}/images/a%20b.mp3)"
    )


TAGS = ["p", "b", "em", "ul", "li", "ol", "blockquote", "h2", "code", "pre", "a", "td", "div", "u"]
PIECES = [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]
TEXTS = [
    "a",
    " ",
    "\n",
    "*",
    "_",
    "#",
    "> ",
    "- ",
    "1. ",
    "[x]",
    "&lt;b&gt;",
    "`",
    "|",
    "\\",
    "~~~",
]


@given(st.lists(st.sampled_from(PIECES + TEXTS), max_size=12))
def test_no_word_is_lost_or_added(pieces: list[str]) -> None:
    html = "".join(pieces)
    shown = Markdown(extensions=["extra", "sane_lists"]).convert(prose(html, same)[0])
    said = [BeautifulSoup(each, "html.parser").get_text() for each in (html, shown)]
    assert re.sub(r"\s", "", said[1]) == re.sub(r"\s", "", said[0])


@pytest.mark.parametrize("lead", ["{attach}", "{static}", "{filename}", "|attach|", " &#123;x}"])
def test_addresses_of_strangers_are_nothing_that_a_build_follows(lead: str) -> None:
    """Pelican would publish the file; one with a broken address in it stops a build."""
    address = f"{lead}http://[secret.env"
    text, _ = prose(
        f'<a href="{address}">a</a><img src="{address}" alt="src=\'{address}\'">'
        f'<table title="x href=\'{address}\'"><tr><td><q cite="{address}">b</q></td></tr></table>',
        same,
    )
    html = Markdown(extensions=["extra", "sane_lists"]).convert(text)
    assert "secret.env" in html
    assert not re.search(r"""<[^>]+(?:href|src|cite)\s*=\s*["'][{|]""", html)


def test_scripts_stay_out_of_however_many_tags() -> None:
    hostile = "<table><tr><td onclick='x()'><a href='javascript:x()'>a</a></td></tr></table>"
    text, notes = prose(hostile + "<i></i>" * 10_000, same)
    assert text == "<table><tbody><tr><td>a</td></tr></tbody></table>"
    assert notes == ("has more than 20,000 tags; those after them stay out",)


def test_long_lists_are_numbered() -> None:
    text, _ = prose(f"<ol>{'<li>a</li>' * 3000}</ol>", same)
    assert text.startswith("1. a\n2. a\n")
    assert text.endswith("\n3000. a")


@pytest.mark.parametrize("tag", ["<b>", "<b>x", "<a href='x'><b>", "<blockquote>"])
def test_tags_in_words_without_end_are_no_obstacle(tag: str) -> None:
    text, notes = prose(f"<p>{tag * 9000}words</p>", same)
    assert text.count("words") == 1
    assert notes == ("has tags in tags without end; the innermost stay out",)


def test_pictures_with_broken_addresses_have_a_name_in_links() -> None:
    assert 'alt="b"' in prose('<a href="b"><img src="//[x"></a>', same)[0]


def test_a_paragraph_that_takes_too_long_to_read_stays_html() -> None:
    html = f"<p>{'[' * 300_000}</p>"
    assert prose(html, same) == (html, ())
