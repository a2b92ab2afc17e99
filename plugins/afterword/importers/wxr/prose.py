"""HTML of posts to the Markdown that the site's author goes on writing.

Each block is converted by itself. The whole is rendered as the build will render it, and has to
say the same, with the same links and pictures, as before. Where it does not, each block is
looked at, and those that are at fault stay HTML, which is Markdown too: nothing is lost, and only
what is odd looks odd.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from markdown import Markdown
from markdownify import MarkdownConverter

_EXTENSIONS: Final = ("extra", "sane_lists")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE: Final = _words(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_EMBEDDED: Final = ("audio", "embed", "iframe", "object", "video")
_DROPPED: Final = ("script", "style", "noscript", "template")
_ANYWHERE: Final = re.compile(r"([\\`*\[\]{}]|(?<![^\W_])_|_(?![^\W_]))")
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_AT_START: Final = re.compile(r"((?:^|\n)[ \t]*)([-+](?=\s|$)|-{2,}|#|>)")
_RARE_START: Final = re.compile(r"((?:^|\n)[ \t]*)([:=~])")
_NUMBER: Final = re.compile(r"((?:^|\n)[ \t]*\d+)\.(?=\s|$)")
_LANGUAGE: Final = re.compile(r"(?:language-|lang-|brush:\s*)([\w+#-]+)")
_SPACE: Final = re.compile(r"\s+")

Lead = Callable[[str, bool], str]
"""Says where an address leads now, of a link or else of what is shown."""


def prose(html: str, lead: Lead) -> tuple[str, tuple[str, ...]]:
    """Return Markdown that shows what the HTML shows, and what of it does not come along."""
    soup = BeautifulSoup(html, "html.parser")
    notes = tuple(_prepare(soup, lead))
    blocks = list(_blocks(soup))
    texts = [_converted(each) for each in blocks]
    markdown = Markdown(extensions=list(_EXTENSIONS))
    if None in texts or not _same(blocks, _joined(texts), markdown):
        texts = [_sure(each, text, markdown) for each, text in zip(blocks, texts, strict=True)]
    return _joined(texts), notes


def _prepare(soup: BeautifulSoup, lead: Lead) -> Iterator[str]:
    """Take away what no page here may hold, and lead links to where they belong."""
    for text in soup.find_all(string=lambda each: isinstance(each, PreformattedString)):
        text.extract()
    for tag in soup.find_all(_DROPPED):
        if not tag.decomposed:
            if tag.name == "script":
                yield "has a script, which stays out"
            tag.decompose()
    for tag in soup.find_all(_EMBEDDED):
        source = tag if tag.get("src") or tag.get("data") else tag.find("source") or tag
        address = str(source.get("src") or source.get("data") or "")
        if address:
            link = soup.new_tag("a", href=address)
            link.string = address
            tag.replace_with(link)
            yield f"had {address} embedded, and links to it now"
    for name in ("href", "src"):
        for tag in soup.select(f"[{name}]"):
            tag[name] = _address(lead(str(tag[name]).strip(), name == "src"))
    for tag in soup.find_all(["srcset", "sizes"]):
        tag.unwrap()
    soup.smooth()


def _blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """The blocks at the top; words that stand there alone are paragraphs."""
    loose: list[PageElement] = []
    for each in [*list(soup.contents), None]:
        if isinstance(each, NavigableString) or (isinstance(each, Tag) and each.name in _INLINE):
            loose.append(each)
            continue
        if any(isinstance(one, Tag) or str(one).strip() for one in loose):
            paragraph = soup.new_tag("p")
            paragraph.extend(loose)
            yield paragraph
        loose = []
        if isinstance(each, Tag):
            yield each


def _converted(tag: Tag) -> str | None:
    """A block in Markdown, as far as can be told without rendering it; None if it is too deep."""
    try:
        return str(_Converter().convert_soup(tag)).strip("\n").rstrip()
    except RecursionError:
        return None


def _sure(tag: Tag, text: str | None, markdown: Markdown) -> str:
    """A block in Markdown if that says the same, or else in HTML."""
    if text is not None and _same([tag], text, markdown):
        return text
    whole = tag.name == "pre" or tag.find("pre") is not None
    return str(tag) if whole else re.sub(r"\n\s*\n", "\n", str(tag))


def _joined(texts: Sequence[str | None]) -> str:
    return "\n\n".join(each for each in texts if each)


def _same(blocks: Sequence[Tag], text: str, markdown: Markdown) -> bool:
    """Whether a text is rendered to what says the same as these blocks."""
    markdown.reset()
    shown = BeautifulSoup(markdown.convert(text), "html.parser")
    return _said(blocks) == _said([shown])


def _said(tags: Sequence[Tag]) -> tuple[str, Counter[str]]:
    """The words of pieces of HTML, and where their links and pictures lead."""
    found: Counter[str] = Counter()
    for each in (one for tag in tags for one in (tag, *tag.find_all(True))):
        for name in ("href", "src"):
            if name in each.attrs and (
                each.name != "a" or each.get_text().strip() or each.find("img")
            ):
                found[str(each[name])] += 1
    return _SPACE.sub("", "".join(tag.get_text() for tag in tags)), found


class _Converter(MarkdownConverter):
    """markdownify with the rules of Python's Markdown, where lists are indented by four."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-")

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        text = _escaped(text)
        text = _NUMBER.sub(r"\1\\.", _AT_START.sub(r"\1\\\2", text))
        return _RARE_START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        bullet = "- "
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start") or "1")
            first = int(start) if start.isdecimal() else 1
            bullet = f"{first + len(el.find_previous_siblings('li'))}. "
        inner = re.sub(r"\n(?=[^\n])", "\n    ", text.strip())
        return f"{bullet}{inner}\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = text.strip("\n")
        if not lines.strip():
            return ""
        if parent_tags & {"li", "blockquote"}:
            return "\n\n" + re.sub(r"(?m)^", "    ", lines) + "\n\n"
        code = el.find("code")
        classes = [*el.get_attribute_list("class")]
        classes += code.get_attribute_list("class") if isinstance(code, Tag) else []
        named = _LANGUAGE.search(" ".join(map(str, filter(None, classes))))
        longest = max(map(len, re.findall("`+", lines)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}{named[1] if named else ''}\n{lines}\n{fence}\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        said = _SPACE.sub(" ", str(el.get("alt") or "")).strip()
        source = el.get("src") or ""
        return f"![{_escaped(said)}]({source})"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "")
        if "_noformat" in parent_tags or not text.strip() or not href:
            return text
        if el.get_text() == href and re.match(r"https?://[^\s<>]+\Z", href):
            return f"<{href}>"
        before, after = text[: text[:1].isspace()], text[len(text) - text[-1:].isspace() :]
        return f"{before}[{' '.join(text.split())}]({href}){after}"

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        words = " ".join(text.split())
        return f"\n\n*{words}*\n\n" if words and "*" not in words else f"\n\n{words}\n\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802  # markdownify's
        made = str(super().convert_hN(n, el, text, parent_tags))  # type: ignore[misc]  # its stubs lack it
        name = str(el.get("id") or "")
        if not re.fullmatch(r"[A-Za-z][\w-]*", name) or not made.strip():
            return made
        return f"{made.rstrip()} {{: #{name} }}\n\n"

    def _kept(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """What Markdown has no word for, and may stand in it as it is."""
        if "_noformat" in parent_tags or not text.strip():
            return text
        return f"<{el.name}>{text}</{el.name}>"

    convert_del = convert_ins = convert_s = convert_sub = convert_sup = convert_u = _kept
    convert_kbd = convert_mark = convert_small = convert_strike = _kept


def _escaped(text: str) -> str:
    """A text without anything that could mean more than itself, but at the start of a line."""
    return _ANYWHERE.sub(r"\\\1", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")


def _address(address: str) -> str:
    """An address as it can stand in brackets; the same one for whoever follows it."""
    return re.sub(r"[\s()<>\"']", lambda found: quote(found.group()), address)
