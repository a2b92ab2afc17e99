"""Where feeds lie in a site, and what their items are called for ever."""

from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from feeds.addresses import uri
from feeds.model import Format

FOLDER: Final = "feeds"
SCOPES: Final = ("all", "comments", "category", "tag", "author")


def feed_path(scope: str = "all", slug: str = "") -> str:
    """Where a feed lies, without a suffix: ``feeds/all``, ``feeds/category/art``.

    Raises ValueError for a scope that there is not.
    """
    if scope not in SCOPES:
        raise ValueError(f"{scope!r} is none of {', '.join(SCOPES)}")
    return f"{FOLDER}/{scope}/{slug}" if slug else f"{FOLDER}/{scope}"


def feed_url(format: str, scope: str = "all", slug: str = "") -> str:  # noqa: A002  # the templates' word
    """The address of a feed below the site's, for templates: ``feed_url("rss", "tag", "x")``.

    Raises ValueError for a format or a scope that there is not.
    """
    return f"{feed_path(scope, quote(slug))}.{Format(format).suffix}"


# For builds that follow what pages read: it looks at its arguments alone.
feed_url.followed = True  # type: ignore[attr-defined]  # functions can have any


def tag_uri(siteurl: str, moment: datetime, path: str) -> str:
    """A name that stays the same on another port, scheme or path prefix (RFC 4151)."""
    host = urlsplit(uri(siteurl)).hostname or "localhost"
    return f"tag:{host},{moment.date().isoformat()}:/{quote(path, safe='/#')}"
