"""HTML made fit for parsers that need ever more time the deeper it is, or the less it ends."""

import re
from html.parser import HTMLParser
from typing import Final

MOST_LEVELS: Final = 60
VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_MOST_TAGS: Final = 2000
# One of them ends where the next begins.
_IN_A_ROW: Final = frozenset(("dd", "dt", "li", "option", "p", "td", "th", "tr"))
_NUL: Final = "\0"
# Browsers take them for comments, and parsers for an error.
_BOGUS: Final = re.compile(r"<!\[(?!CDATA\[)[^>]*>")
_COMMENT: Final = ("<!--", "-->")


def shallow(html: str, most_tags: int = _MOST_TAGS) -> str:
    """Return HTML without comments, and with no more tags, and none deeper, than people write.

    What a tag holds that is left out stays. What begins as a tag and never ends is text.
    """
    head, end, tail = _BOGUS.sub("", _without_comments(html)).rpartition(">")
    whole = f"{head}{end}{tail.replace('<', '&lt;')}"
    if whole.count("<") <= MOST_LEVELS:
        return whole
    parser = _Shallow(most_tags)
    # Entities are not to be read yet: not everybody ends them.
    parser.feed(whole.replace(_NUL, "").replace("&", _NUL))
    parser.close()
    return "".join(parser.out).replace(_NUL, "&")


def _without_comments(html: str) -> str:
    begins, ends = _COMMENT
    parts, at = [], 0
    while (start := html.find(begins, at)) >= 0:
        parts.append(html[at:start])
        end = html.find(ends, start + len(begins))
        if end < 0:
            parts.append(html[start:].replace("<!", "&lt;!"))
            return "".join(parts)
        at = end + len(ends)
    return "".join([*parts, html[at:]])


class _Shallow(HTMLParser):
    """Writes down what it reads, but for what stands too deep."""

    def __init__(self, most_tags: int) -> None:
        super().__init__(convert_charrefs=False)
        self._most_tags = most_tags
        self.out: list[str] = []
        # Of each tag that is open, whether it was written down.
        self._open: list[tuple[str, bool]] = []
        self._count: dict[str, int] = {}
        self._written = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # as it is written
        if tag in _IN_A_ROW and self._open and self._open[-1][0] == tag:
            self.handle_endtag(tag)
        written = self._write()
        if tag not in VOID:
            self._open.append((tag, written))
            self._count[tag] = self._count.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # as it is written
        self._write()

    def handle_endtag(self, tag: str) -> None:
        while self._count.get(tag):
            closed, written = self._open.pop()
            self._count[closed] -= 1
            if written:
                self.out.append(f"</{closed}>")
            if closed == tag:
                return

    def _write(self) -> bool:
        """Write down the tag that begins here, if it may stand here."""
        fits = len(self._open) < MOST_LEVELS and self._written < self._most_tags
        self._written += fits
        self.out.append((self.get_starttag_text() or "") if fits else " ")
        return fits

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]]>")
