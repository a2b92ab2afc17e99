"""Redirects as pages, for servers where nothing can be set."""

from collections.abc import Iterable
from html import escape
from pathlib import Path, PurePosixPath
from typing import Final

from afterword.errors import WriteError
from afterword.importers.redirects.redirect import Redirect

_PAGES: Final = frozenset({".html", ".htm"})
_FEEDS: Final = {".rss.xml": "application/rss+xml", ".atom.xml": "application/atom+xml"}


def write_pages(folder: Path, redirects: Iterable[Redirect], origin: str, base: str = "") -> int:
    """Write a page for each old path, which leads on; return how many. Raises WriteError.

    Pages cannot tell what a query says, nor be shown where a picture was asked for: such
    addresses have none. ``origin`` is the site's address as far as the host, ``base`` the path
    after that: what was not below it, the site has no place for.
    """
    places = {
        _place(each.path.removeprefix(base)): each
        for each in redirects
        if not each.asked and each.path.startswith(f"{base}/")
    }
    written: set[PurePosixPath] = set()
    # A page lies before the pages below it, which it leaves no folder for.
    for place, each in sorted(places.items(), key=lambda pair: len(pair[0].parts)):
        if place.suffix in _PAGES and written.isdisjoint(place.parents):
            path = folder / place
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(_page(each.target, origin), encoding="utf-8", newline="\n")
            except OSError as error:
                raise WriteError.of(path, error) from error
            written.add(place)
    return len(written)


def _place(path: str) -> PurePosixPath:
    """Where a page has to lie, so that a server shows it at a path."""
    place = PurePosixPath(path.strip("/"))
    return place / "index.html" if path.endswith("/") or not place.suffix else place


def _page(target: str, origin: str) -> str:
    address = escape(target)
    whole = escape(origin * target.startswith("/") + target)
    kind = next((kind for ending, kind in _FEEDS.items() if target.endswith(ending)), "")
    # Programs that read feeds look for one where they are given a page.
    link = f'rel="alternate" type="{kind}"' if kind else 'rel="canonical"'
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>This page has moved</title>
<meta http-equiv="refresh" content="0; url={address}">
<link {link} href="{whole}">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
</head>
<body>
<main>
<h1>This page has moved</h1>
<p>Go on to <a href="{address}">its new address</a>.</p>
</main>
</body>
</html>
"""
