"""Where feeds lie in a site, and what their items are called for ever."""

from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from feeds.model import Format

FOLDER: Final = "feeds"
SCOPES: Final = ("all", "comments", "category", "tag", "author")


def feed_path(scope: str = "all", slug: str = "") -> str:
    """Where a feed lies, without a suffix: ``feeds/all``, ``feeds/category/art``."""
    if scope not in SCOPES:
        raise ValueError(f"{scope!r} is none of {', '.join(SCOPES)}")
    return f"{FOLDER}/{scope}/{slug}" if slug else f"{FOLDER}/{scope}"


def feed_url(form: str, scope: str = "all", slug: str = "") -> str:
    """The address of a feed below the site's, for templates: ``feed_url("rss", "tag", "x")``."""
    return f"{feed_path(scope, quote(slug))}.{Format(form).suffix}"


def tag_uri(siteurl: str, moment: datetime, path: str) -> str:
    """A name that stays the same on another port, scheme or path prefix (RFC 4151)."""
    host = urlsplit(siteurl).hostname or "localhost"
    return f"tag:{host},{moment:%Y-%m-%d}:/{quote(path, safe='/#')}"
