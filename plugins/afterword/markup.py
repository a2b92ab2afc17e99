"""Strangers' Markdown to safe HTML.

Four steps, each of which assumes the ones before it went wrong:

1. ``clean`` takes out characters that no page can carry and those that reorder text.
2. comrak renders CommonMark and turns raw HTML into visible text.
3. ``_tidy`` maps what we do not publish (headings, images, other schemes) to what we do, and
   refuses nesting so deep that the next step, or a browser, would choke on it.
4. nh3 lets through the tags and attributes of an allow-list and nothing else.

Nothing may touch the HTML after the fourth step.
"""

import html
import re
from functools import cache
from typing import Final
from urllib.parse import quote

import comrak
import nh3
from markupsafe import Markup, escape

from afterword.model import FORBIDDEN_IN_TEXT

TAGS: Final = frozenset(
    {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "del"}
)
# A response of more characters than four times what the form takes is shown as plain text.
MAX_LENGTH: Final = 262_144
# nh3 needs 17 seconds for 65,536 nested quotes; no reader follows more than a few.
MAX_DEPTH: Final = 32
# comrak takes 235 MB of memory to link 9,000 e-mail addresses, which we unlink again.
MAX_AT_SIGNS: Final = 200

# The characters with the Unicode property Bidi_Control (UAX #9).
_BIDI_CONTROLS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TAG: Final = re.compile(r"(<[^>]*>)")
_NAME: Final = re.compile(r"</?([a-z]+[1-6]?)")
_HREF: Final = re.compile(r' href="([^"]*)"')
_IMAGE: Final = re.compile(r'src="([^"]*)" alt="([^"]*)"')
# Scheme and host, path and query, fragment. No user name: it only makes one host look like another.
_WEB: Final = re.compile(
    r"(https?://[^/?#@\\\s]+)((?:[/?][^#]*)?)(#.*)?", re.IGNORECASE | re.DOTALL
)
_STRAY_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_BLANK_LINES: Final = re.compile(r"\n\s*\n")
_VOID: Final = frozenset({"br", "hr"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class _TooDeep(Exception):
    pass


def to_html(text: str) -> Markup:
    """Return safe HTML for a response's Markdown; its paragraphs if it cannot be rendered."""
    text = clean(text)
    if len(text) > MAX_LENGTH:
        return _paragraphs(text)
    try:
        return Markup(_cleaner().clean(_tidy(_render(text))))  # noqa: S704  # the sanitiser's own
    except _TooDeep:
        return _paragraphs(text)


def to_text(text: str) -> str:
    """Return what a reader would read of a response, in one line, without any markup."""
    return to_html(text).striptags()


def link(address: str) -> Markup | None:
    """Return a stranger's web address ready for an ``href``, or None if it is none.

    What a URL cannot hold is percent-encoded; whether the rest is one is the sanitiser's word.
    """
    match = _WEB.fullmatch(clean(address))
    if not match:
        return None
    host, path, fragment = match[1], match[2], match[3] or ""
    encoded = escape(f"{host}{_encoded(path)}{fragment[:1]}{_encoded(fragment[1:])}")
    return encoded if "href=" in _cleaner().clean(f'<a href="{encoded}">') else None


def clean(text: str) -> str:
    """Take out the characters that no page can carry and those that reorder text."""
    # Nothing that is printable is taken out, and most texts are: this asks a fiftieth of the time.
    if text.replace("\n", "").isprintable():
        return text
    return _BIDI_CONTROLS.sub("", FORBIDDEN_IN_TEXT.sub("", text))


def _render(text: str) -> str:
    extensions = comrak.ExtensionOptions()
    extensions.strikethrough = True
    extensions.autolink = text.count("@") <= MAX_AT_SIGNS
    rendering = comrak.RenderOptions()
    rendering.escape = True
    rendering.hardbreaks = True
    page = comrak.render_markdown(text, extension_options=extensions, render_options=rendering)
    # Once more: the text may have spelt a character as an entity, such as &#x202E;
    return clean(page)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="nofollow ugc noopener",
    )


def _tidy(page: str) -> str:
    """Map comrak's HTML to the tags we publish.

    comrak escapes ``<`` and ``>`` in text and attributes, so that splitting at tags is exact.
    """
    out: list[str] = []
    open_tags: list[str] = []
    links: list[bool] = []  # of each link we are in, whether it is kept
    for piece in _TAG.split(page):
        if not piece.startswith("<"):
            # Raw HTML on lines of its own comes out as text outside any paragraph.
            loose = piece.strip() and (not open_tags or open_tags[-1] == "blockquote")
            out.append(f"<p>{_breaks(piece.strip())}</p>\n" if loose else piece)
            continue
        name = _tag_name(piece)
        closing = piece.startswith("</")
        if name == "img":
            out.append(_image(piece, in_link=any(links)))
        elif name == "a":
            tag = ("</a>" if links.pop() else "") if closing else _anchor(piece)
            if not closing:
                links.append(bool(tag))
            out.append(tag)
        else:
            out.append(f"<{'/' * closing}p>" if name in _HEADINGS else piece)
        if name in _VOID or name == "img":
            continue
        if closing:
            open_tags.pop()
        else:
            open_tags.append(name)
        if len(open_tags) > MAX_DEPTH:
            raise _TooDeep
    return "".join(out)


def _tag_name(tag: str) -> str:
    match = _NAME.match(tag)
    return match[1] if match else ""


def _anchor(tag: str) -> str:
    """Return the opening tag of a link, or nothing if it leads nowhere that we publish."""
    match = _HREF.search(tag)
    address = link(html.unescape(match[1])) if match else None
    return _HREF.sub(lambda _: f' href="{address}"', tag, count=1) if address else ""


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe="%/?:@!$&'()*+,;=~")


def _image(tag: str, *, in_link: bool) -> str:
    """What stands for an image: a link to it, or its description inside another link."""
    match = _IMAGE.search(tag)
    source, description = match.groups() if match else ("", "")
    address = link(html.unescape(source))
    if in_link or not address:
        return description
    return f'<a href="{address}">{description or address}</a>'


def _breaks(text: str) -> str:
    return text.replace("\n", "<br>\n")


def _paragraphs(text: str) -> Markup:
    parts = [part.strip() for part in _BLANK_LINES.split(text) if part.strip()]
    return Markup("\n").join(
        Markup("<p>%s</p>") % Markup("<br>\n").join(escape(line) for line in part.split("\n"))
        for part in parts
    )
