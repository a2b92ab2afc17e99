"""What WordPress and its plugins have put into the fields beside a post."""

import re
from collections.abc import Iterator
from typing import Final

from afterword.importers.wxr.records import Meta

_THUMBNAIL: Final = "_thumbnail_id"
_ENCLOSURE: Final = "enclosure"
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


def enclosures(meta: Meta) -> Iterator[str]:
    """Yield the addresses of what a post's feed item carried, such as episodes of a podcast."""
    for name, text in meta:
        address = text.strip().split("\n", 1)[0].strip()
        if name == _ENCLOSURE and address.startswith(("http://", "https://")):
            yield address
