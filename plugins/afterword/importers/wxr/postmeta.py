"""What WordPress and its plugins have put into the fields beside a post."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from afterword.importers.wxr.records import Meta

_THUMBNAIL: Final = "_thumbnail_id"
_ENCLOSURE: Final = "enclosure"
# One of 0 is that of a file whose length was not found out.
_LENGTH: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*", re.ASCII | re.IGNORECASE)
# Of Yoast SEO, Rank Math, All in One SEO now and before, SEOPress, Genesis and The SEO Framework,
# and Jetpack.
_DESCRIPTIONS: Final = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
    "_genesis_description",
    "advanced_seo_description",
)
# What these plugins fill in when they show it: `%%excerpt%%`, `%title%`, `#post_title`.
_FILLED: Final = re.compile(r"%%?[a-z_]+(\([^)]*\))?%|#[a-z]+_[a-z_]+")


def value(meta: Meta, name: str) -> str:
    """Return what a field holds; of several the first that holds something, or nothing."""
    return next((text.strip() for key, text in meta if key == name and text.strip()), "")


def thumbnail(meta: Meta) -> str:
    """Return the id of a post's featured image, or nothing."""
    return value(meta, _THUMBNAIL)


def search_description(meta: Meta) -> str:
    """Return what search engines were told, as plain text; nothing if a plugin filled it in."""
    found = next((text for name in _DESCRIPTIONS if (text := value(meta, name))), "")
    return "" if _FILLED.search(found) else found


class Enclosed(NamedTuple):
    """A file that a post's feed item carried: its address, and its length and type if told."""

    address: str
    told: str


def enclosures(meta: Meta) -> Iterator[Enclosed]:
    """Yield what a post's feed item carried, such as episodes of a podcast."""
    for name, text in meta:
        # An address, a length and a type, each on a line; plugins add lines of their own.
        address, length, kind, *_ = *map(str.strip, text.strip().split("\n")), "", "", ""
        if name == _ENCLOSURE and address.startswith(("http://", "https://")):
            told = (_LENGTH.fullmatch(length), _TYPE.fullmatch(kind))
            yield Enclosed(address, " ".join(each[0] for each in told if each))
