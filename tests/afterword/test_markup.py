"""Untrusted Markdown: whatever goes in, only harmless HTML comes out, and no word is lost."""

import html.parser
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword import markup

ALLOWED = {tag: set[str]() for tag in markup.TAGS} | {"a": {"href", "title", "rel"}}
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Inspector(html.parser.HTMLParser):
    """Reads HTML by other rules than the sanitiser's, and notes what should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.faults.append(tag)
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.faults.append(f"{tag} {name}")
            if name == "href" and not re.match(r"https?://[^/]", value or "", re.IGNORECASE):
                self.faults.append(f"{tag} {value}")
        if tag == "a" and "href" not in dict(attrs):
            self.faults.append("a link that leads nowhere")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}")

    def handle_data(self, data: str) -> None:
        self.text += data


def inspect(text: str) -> Inspector:
    """Render a text and read the result."""
    inspector = Inspector()
    inspector.feed(markup.to_html(text))
    inspector.close()
    return inspector


def is_harmless(text: str) -> bool:
    """Whether nothing is there that should not be, and sanitising again changes nothing."""
    rendered = markup.to_html(text)
    return not inspect(text).faults and markup._cleaner().clean(rendered) == rendered


@given(st.text())
def test_any_text_is_harmless(text: str) -> None:
    assert is_harmless(text)


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *("<", ">", "](", "[", "![", "`", "```\n", "*", "**", "~~", "\n", "\n\n", "> ", "- "),
            *("1. ", "# ", "&#x", ";", "&lt;", "javascript:", "https://a.b", "//c.d", "data:"),
            *("{attach}", '"', "'", " onload=", "script", "style", "\\", "|", "a@b.cc", "    "),
            *("\t", "<!--", "-->", "<![CDATA[", "]]>", "\u202e", "&#x202e;", "x", "===", "%"),
        ]
    )
).map("".join)


@given(FRAGMENTS)
def test_any_markup_is_harmless(text: str) -> None:
    assert is_harmless(text)


def corpus(root: Path) -> Iterator[str]:
    """Every payload, line by line."""
    for path in sorted(root.rglob("*.txt")):
        if path.parent.name != "comment-blocklist":
            yield from path.read_text(encoding="utf-8", errors="ignore").splitlines()
    yield from (
        (root / "owasp-cheatsheets/XSS_Filter_Evasion_Cheat_Sheet.md").read_text().split("```")
    )


def test_the_corpora_are_harmless(corpora: Path) -> None:
    texts = list(dict.fromkeys(corpus(corpora)))
    assert len(texts) > 5000
    assert [text for text in texts if not is_harmless(text)] == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT&colon;alert(1)",
        "java&#10;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "mailto:dave@example.org",
        "//evil.example/x",
        "/relative",
        "relative",
        "#fragment",
        "{attach}../secret.env",
        "{static}/secret.txt",
        "{filename}/posts/x.md",
        "%7Battach%7D../secret.env",
        "&#123;attach&#125;x",
        "|attach|x",
        "https://bank.example@evil.example/",
        "https://",
        "ftp://a.example/",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    for text in (f"[x]({address})", f"![x]({address})", f"<{address}>", f"[x]: {address}\n\n[x]"):
        assert "href" not in markup.to_html(text), text


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("use a <div> tag", "<p>use a &lt;div&gt; tag</p>\n"),
        ("<b>\nbold", "<p>&lt;b&gt;<br>\nbold</p>\n"),
        ("# Loud", "<p>Loud</p>\n"),
        ("Loud\n====", "<p>Loud</p>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("```python\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>\n"),
        ("~~no~~", "<p><del>no</del></p>\n"),
        ("dave@example.org", "<p>dave@example.org</p>\n"),
        (
            "https://a.example/?b=c&d",
            (
                '<p><a href="https://a.example/?b=c&amp;d" rel="nofollow ugc noopener">'
                "https://a.example/?b=c&amp;d</a></p>\n"
            ),
        ),
        (
            "![a cat](https://a.example/cat.png)",
            '<p><a href="https://a.example/cat.png" rel="nofollow ugc noopener">a cat</a></p>\n',
        ),
        (
            "[![a cat](https://a.example/cat.png)](https://b.example)",
            '<p><a href="https://b.example" rel="nofollow ugc noopener">a cat</a></p>\n',
        ),
        (
            "[x](https://a.example/100%/[y])",
            '<p><a href="https://a.example/100%25/%5By%5D" rel="nofollow ugc noopener">x</a></p>\n',
        ),
    ],
)
def test_what_readers_mean_is_what_they_get(text: str, rendered: str) -> None:
    assert markup.to_html(text) == rendered


@given(st.lists(st.from_regex(r"[a-z]{1,12}", fullmatch=True), min_size=1))
def test_no_word_is_lost(words: list[str]) -> None:
    for form in ("{}", "# {}", "> {}", "- {}", "<{}>", "    {}", "![{}](x)", "[{}](javascript:x)"):
        text = "\n\n".join(form.format(word) for word in words)
        found = inspect(text).text
        assert [word for word in words if word not in found] == []


@pytest.mark.parametrize("character", BIDI)
def test_nothing_reorders_text(character: str) -> None:
    entity = f"&#x{ord(character):x};"
    spelt = f"a{character}b {entity} `{character}` [x{character}](https://a.example 't{entity}')"
    assert character not in markup.to_html(spelt)
    assert character not in markup.clean(spelt)


def test_no_entity_brings_back_a_character_that_no_page_can_carry() -> None:
    spelt = " ".join(f"&#x{code:x};" for code in [*range(32), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0x1FFFE])
    rendered = markup.to_html(spelt)
    assert markup.clean(rendered) == rendered


def test_text_for_feeds_is_one_plain_line() -> None:
    assert markup.to_text("*Hello* <b>\n\n> you & I") == "Hello <b> you & I"
    assert markup.to_text("<b>\n> one\n\n<i>\n\n- two\n- three") == "<b> > one <i> two three"


def test_what_is_too_long_or_too_deep_is_shown_as_it_was_written() -> None:
    assert markup.to_html(">" * 40 + " a *b*").startswith("<p>&gt;&gt;")
    assert markup.to_html("*b* " * 70_000).startswith("<p>*b* ")
    assert markup.to_html(">" * 20 + " a").startswith("<blockquote>")


N = 65_536
HOSTILE = {
    "quotes": ">" * N,
    "spaced quotes": "> " * (N // 2),
    "lists": "- " * (N // 2) + "a",
    "numbers": "1. " * (N // 3) + "a",
    "indented list": "".join("  " * i + "- a\n" for i in range(250)),
    "stars": "*" * N,
    "balanced stars": "*" * (N // 2) + "a" + "*" * (N // 2),
    "mixed stars": "**a*" * (N // 4),
    "half open": "*a **a " * (N // 7),
    "underscores": "a_" * (N // 2),
    "alternating": "_*" * (N // 4) + "a" + "*_" * (N // 4),
    "brackets": "[" * N,
    "closed brackets": "[" * (N // 2) + "]" * (N // 2),
    "links": "[a](" * (N // 4),
    "images": "![" * (N // 2),
    "nested images": "![" * 9000 + "](https://a.b)" * 900,
    "backticks": "".join("`" * i + " " for i in range(1, 359)),
    "addresses": "https://a.b/ " * (N // 13),
    "hosts": "www.a.b " * (N // 8),
    "mail": "a@b.cc " * (N // 7),
    "long mail": "a." * (N // 2) + "@b",
    "references": "[a]: https://a.b/" + "y" * (N // 2) + "\n\n" + "[a] " * (N // 8),
    "ampersands": "&" * N,
    "tags": "<a " * (N // 3),
    "comments": "<!--" * (N // 4),
    "cdata": "<![CDATA[" * (N // 9),
    "instructions": "<?" * (N // 2),
    "deletions": "~~a " * (N // 4),
    "quotation marks": '"' * N,
    "entities": "&#x202e;" * (N // 8),
    "links with titles": '[a](https://a.b "' * (N // 17),
    "combining": "a\u0301" * (N // 2),
    "line ends": "\n" * N,
    "tabs": "\t" * N,
}


# Not getrusage, which counts what the process it was forked from had.
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_body_takes_long_or_much(text: str, tmp_path: Path) -> None:
    """Promised: 2 seconds and 256 MB; the process itself starts within that."""
    path = tmp_path / "body"
    path.write_text(text[:N], encoding="utf-8")
    code = (
        "import pathlib, re, sys, time; from afterword import markup\n"
        "text = pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')\n"
        "start = time.process_time()\n"
        "markup.to_html(text)\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(time.process_time() - start, re.search(r'VmHWM:\\s+(\\d+) kB', status)[1])"
    )
    result = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    seconds, kilobytes = result.stdout.split()
    assert float(seconds) < 2
    assert int(kilobytes) < 256 * 1024
