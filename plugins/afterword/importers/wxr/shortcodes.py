"""WordPress's shortcodes, ``[name key="value"]``, made the HTML that they stand for.

Those that nobody here knows stay visible, as they were written.
"""

import html
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from afterword.importers.ampersands import unescaped


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODES: Final = _words(
    "bash c cc code cpp csharp css diff highlight html java javascript js perl php plain python "
    "ruby source sourcecode sql text xml"
)
_ANY_LANGUAGE: Final = _words("cc code highlight plain source sourcecode text")
_MEDIA: Final = _words("audio embed playlist tweet video vimeo youtube")
_ENCLOSING: Final = _CODES | _MEDIA | {"caption", "wp_caption"}
_SHORTCODE: Final = re.compile(r"\[(\[?)([A-Za-z][\w-]*)((?:[\s=/][^\[\]]*)?)\](\]?)")
# A post that would show more was made to be hostile: galleries are short, and can be repeated.
_MOST_PICTURES: Final = 5000
_CLOSING: Final = re.compile(r"\[/([A-Za-z][\w-]*)\]")
_ATTRIBUTE: Final = re.compile(r"""(?<![\w-])([\w-]++)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s'"]+))""")
_ADDRESS: Final = re.compile(r"https?://[^\s\"'\]<>]+")
_PICTURE: Final = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)\s*", re.IGNORECASE)
# Others are words in brackets, as people write them.
_SPEAKING: Final = re.compile(r"=|[_-]")

Pictures = Callable[[Sequence[str]], Sequence[tuple[str, str]]]
"""Returns addresses and descriptions of pictures by their ids; without ids, the post's own."""


@dataclass
class Shortcodes:
    """Expands the shortcodes of one post; ``unknown`` are the names of those that stay."""

    pictures: Pictures
    unknown: dict[str, None] = field(default_factory=dict)
    _galleries: dict[tuple[str, ...], Sequence[tuple[str, str]]] = field(default_factory=dict)
    _left: int = _MOST_PICTURES

    def expand(self, text: str) -> str:
        """Return a text with HTML in place of its shortcodes."""
        return "".join(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[str]:
        end = 0
        closings: dict[str, deque[re.Match[str]]] = {}
        for each in _CLOSING.finditer(text):
            closings.setdefault(each[1].lower(), deque()).append(each)
        while found := _SHORTCODE.search(text, end):
            yield text[end : found.start()]
            end = found.end()
            name = found[2].lower()
            if found[1] and found[4]:
                yield found.group()[1:-1]
                continue
            closing = _next(closings.get(name), end)
            inner = text[end : closing.start()] if closing and name in _ENCLOSING else ""
            made = self._made(name, found[3], inner)
            if made is None:
                if closing or _SPEAKING.search(found[2] + found[3]):
                    self.unknown[name] = None
                yield found.group()
            else:
                yield f"{found[1]}\n\n{made}\n\n"
                end = closing.end() if closing else end
        yield text[end:]

    def _made(self, name: str, rest: str, inner: str) -> str | None:
        told = {
            each[1].lower(): unescaped(each[2] or each[3] or each[4] or "")
            for each in _ATTRIBUTE.finditer(rest)
        }
        if name in _CODES:
            return _code(name, told, inner) if inner.strip() else None
        if name in {"caption", "wp_caption"}:
            return self._caption(told, inner)
        if name == "gallery":
            ids = [each for each in re.split(r"[\s,]+", told.get("ids", "")) if each]
            shown = self._shown(tuple(ids))
            return "\n\n".join(_picture(*each) for each in shown) if shown else None
        if name in _MEDIA:
            found = _ADDRESS.search(rest) or _ADDRESS.search(inner)
            return _link(found.group()) if found else None
        return None

    def _shown(self, ids: tuple[str, ...]) -> Sequence[tuple[str, str]]:
        """The pictures of a gallery, as long as a post can show so many."""
        if ids not in self._galleries:
            self._galleries[ids] = self.pictures(ids)
        shown = self._galleries[ids]
        self._left -= len(shown)
        return shown if self._left >= 0 else ()

    def _caption(self, told: Mapping[str, str], inner: str) -> str:
        picture = _PICTURE.match(inner)
        shown, words = (picture[1], inner[picture.end() :]) if picture else (inner, "")
        words = self.expand(told.get("caption") or words).strip()
        said = f"<figcaption>{words}</figcaption>" if words else ""
        return f"<figure>{shown}{said}</figure>"


def _next(closings: deque[re.Match[str]] | None, start: int) -> re.Match[str] | None:
    """The first of these from there on; those before it are forgotten."""
    while closings and closings[0].start() < start:
        closings.popleft()
    return closings[0] if closings else None


def _code(name: str, told: Mapping[str, str], inner: str) -> str:
    language = told.get("language") or told.get("lang") or ("" if name in _ANY_LANGUAGE else name)
    mark = f' class="language-{html.escape(language)}"' if language else ""
    # It is escaped already or not, depending on who wrote it with what.
    code = html.escape(unescaped(inner.strip("\r\n")), quote=False)
    return f"<pre><code{mark}>{code}</code></pre>"


def _picture(address: str, said: str) -> str:
    return f'<p><img src="{html.escape(address)}" alt="{html.escape(said)}"></p>'


def _link(address: str) -> str:
    shown = html.escape(unescaped(address))
    return f'<p><a href="{shown}">{shown}</a></p>'
