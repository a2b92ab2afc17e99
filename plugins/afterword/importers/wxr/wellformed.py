"""An author's HTML as browsers understand it, with what pages of today can hold.

Browsers show whatever was typed once: tags that nobody has closed, or that no page has any more.
In Markdown most of that is gone anyway; where HTML has to stay, it is to be valid.
"""

import re
from functools import cache
from typing import Final

import nh3
from bs4 import BeautifulSoup, Tag

from afterword.importers.shallow import MOST_LEVELS, VOID, shallow
from afterword.importers.wxr import pointers


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORMULAS: Final = _words(
    "math mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup "
    "mtable mtd mtext mtr munder munderover"
)
_NOT_SHOWN: Final = _words("button datalist noscript script select style template textarea")
_INLINE: Final = _words(
    "abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var"
)
_BLOCKS: Final = _words(
    "address article aside blockquote details div dl figure footer h1 h2 h3 h4 h5 h6 header hr "
    "main nav ol p pre section table ul"
)
_TODAY: Final = {"acronym": "abbr", "center": "div", "strike": "del", "tt": "code"}
# What these are within, or else what they become.
_WITHIN: Final = {
    "li": (_words("ol ul"), "div"),
    "dt": (_words("dl div"), "div"),
    "dd": (_words("dl div"), "div"),
    "figcaption": (_words("figure"), "p"),
    "summary": (_words("details"), "p"),
}
# What leads to other sites' things is a link later on.
_EMBEDDED: Final = _words("audio embed iframe object param source video")
_OTHERS: Final = _words(
    "a br caption col colgroup img rp rt ruby span tbody td tfoot th thead tr wbr"
)
_ATTRIBUTES: Final = {
    "*": _words("dir id lang title"),
    "a": _words("href name"),
    "blockquote": _words("cite"),
    "code": _words("class"),
    "col": _words("span"),
    "del": _words("cite datetime"),
    "img": _words("alt height src width"),
    "ins": _words("cite datetime"),
    "li": _words("class value"),
    "math": _words("display"),
    "ol": _words("class reversed start"),
    "pre": _words("class lang"),
    "q": _words("cite"),
    "td": _words("colspan rowspan"),
    "th": _words("colspan rowspan scope"),
    "time": _words("datetime"),
    "ul": _words("class"),
    **dict.fromkeys(_EMBEDDED, _words("data name src value")),
}
_ANY: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^">]|"[^"]*")*>')
_TAG: Final = re.compile(r"<[A-Za-z/!?]")
_NUMBERS: Final = _words("colspan height rowspan span start value width")
# More than anybody writes: what is as deep takes for ever.
MOST_TAGS: Final = 20_000


def well_formed(html: str) -> str:
    """Return HTML in which each tag is closed where browsers take it for closed."""
    if has_too_many_tags(html):
        html = shallow(html, MOST_TAGS)
    return str(_cleaner().clean(html))


def is_deep(html: str) -> bool:
    """Whether well-formed HTML has tags in tags in tags, as nobody writes them.

    The deeper they are, the longer it takes to render them; and a build would have to, too.
    """
    depth = 0
    for found in _ANY.finditer(html):
        if found[2] not in VOID:
            depth += -1 if found[1] else 1
            if depth > MOST_LEVELS:
                return True
    return False


def has_too_many_tags(html: str) -> bool:
    """Whether there are more than are looked at."""
    return html.count("<") > MOST_TAGS


@cache
def _cleaner() -> nh3.Cleaner:
    tags = _FORMULAS | _INLINE | _BLOCKS | _TODAY.keys() | _WITHIN.keys() | _EMBEDDED | _OTHERS
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(_NOT_SHOWN),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel", "sms", "xmpp", "ftp", "data"},
        link_rel=None,
    )


def title(html: str) -> str:
    """Return a title, which is HTML, with no tags but those that mark up words."""
    return str(_titles().clean(html)) if _TAG.search(html) else html


@cache
def _titles() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(_INLINE), clean_content_tags=set(_NOT_SHOWN), attributes={})


def modernise(soup: BeautifulSoup) -> None:
    """Change what is no valid HTML today into what is, and shows the same."""
    for tag in soup.find_all(list(_TODAY)):
        tag.name = _TODAY[tag.name]
    _nest(soup)
    _head(soup)
    _list(soup)
    _number(soup)
    pointers.mend_links(soup)
    pointers.mend_pictures(soup)
    pointers.part(soup)


def _nest(soup: BeautifulSoup) -> None:
    """Leave no tag where it may not be."""
    for tag in soup.find_all(list(_INLINE)):
        if tag.find(list(_BLOCKS)):
            tag.unwrap()
    for tag in soup.find_all(list(_WITHIN)):
        around, instead = _WITHIN[tag.name]
        if tag.parent is None or tag.parent.name not in around:
            tag.name, tag.attrs = instead, {}


def _head(soup: BeautifulSoup) -> None:
    """Leave nothing that heads nothing, and no blocks in what is one line."""
    for tag in soup.find_all(pointers.HEADINGS):
        if tag.parent is None:  # it was in another one
            continue
        for inner in tag.find_all(list(_BLOCKS)):
            inner.unwrap()
        if not tag.get_text().strip() and not tag.find("img"):
            tag.unwrap()
    for tag in soup.find_all("th"):
        if not tag.get_text().strip() and not tag.find("img"):
            tag.name = "td"


def _list(soup: BeautifulSoup) -> None:
    """Leave nothing in a list that is no item of it."""
    for tag in soup.find_all(["ol", "ul"]):
        for each in list(tag.children):
            if each.name != "li" if isinstance(each, Tag) else str(each).strip():
                each.wrap(soup.new_tag("li"))


def _number(soup: BeautifulSoup) -> None:
    """Leave no attribute that has to be a number and is none."""
    for tag in soup.find_all(True):
        for name in _NUMBERS & tag.attrs.keys():
            if not (text := str(tag[name])).isdecimal() or (
                name.endswith("span") and not text.strip("0")
            ):
                del tag[name]
