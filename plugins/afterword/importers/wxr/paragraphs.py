"""Texts as people type them into WordPress, made the HTML that it shows.

Empty lines part paragraphs there and line ends break lines, between tags too. Where somebody
has written the tags of blocks, these stay as they are.
"""

import re
from typing import Final

# Inside of these a text is shown as it is, or not at all.
_AS_IT_IS: Final = frozenset(["pre", "script", "style", "textarea", "svg", "math", "xmp"])
# These hold other blocks only; what stands between those is white space.
_FRAMES: Final = frozenset(
    ["colgroup", "dl", "ol", "optgroup", "select", "table", "tbody", "tfoot", "thead", "tr", "ul"]
)
# These are paragraphs themselves.
_LINES: Final = frozenset(
    ["caption", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "legend", "p", "summary"]
)
# These may hold paragraphs, but hold words alone as well.
_CELLS: Final = frozenset(["dd", "figure", "li", "td", "th"])
_OPEN: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "div",
        "fieldset",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
    ]
)
_VOID: Final = frozenset(["hr"])
_ALL: Final = _AS_IT_IS | _FRAMES | _LINES | _CELLS | _OPEN | _VOID
_TAG: Final = re.compile(
    r"<(/?)(" + "|".join(sorted(_ALL, key=len, reverse=True)) + r")(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_ANY_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPTY_LINE: Final = re.compile(r"\n[ \t\f\v\r]*\n\s*")
_BREAK: Final = re.compile(r"(?<![ \t])[ \t]*(?:<br\b[^<>]*>[ \t]*)?\n[ \t]*", re.IGNORECASE)


def paragraphs(text: str) -> str:
    """Return a text as HTML, with its paragraphs and lines marked up."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    done: list[str] = []
    within: list[str] = []
    end = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if within and within[-1] in _AS_IT_IS and not (tag[1] and name == within[-1]):
            continue
        done.append(_shown(text[end : tag.start()], within))
        end = tag.end()
        done.append(tag.group())
        _step(within, name, closes=bool(tag[1]))
    done.append(_shown(text[end:], within))
    return "".join(done)


def _step(within: list[str], name: str, *, closes: bool) -> None:
    """Go into an element, or out of it and of those that nobody has closed."""
    if closes:
        if name in within:
            while within.pop() != name:
                pass
    elif name not in _VOID:
        if within and within[-1] == "p":
            within.pop()
        if within and within[-1] == name and name in _CELLS:
            within.pop()
        within.append(name)


def _shown(text: str, within: list[str]) -> str:
    """A text between two tags of blocks."""
    around = within[-1] if within else ""
    if around in _AS_IT_IS:
        return text
    text = _ANY_TAG.sub(lambda found: found.group().replace("\n", " "), text)
    if not text.strip() or around in _FRAMES:
        return text
    if around in _LINES:
        return _BREAK.sub("<br>", text.strip("\n"))
    parts = [part for part in _EMPTY_LINE.split(text.strip("\n")) if part.strip()]
    broken = [_BREAK.sub("<br>", part.strip("\n")) for part in parts]
    if around in _CELLS and len(broken) == 1:
        return broken[0]
    return "\n".join(f"<p>{part}</p>" for part in broken)
