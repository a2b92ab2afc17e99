"""All files of a feed: every format, with its archive."""

from collections.abc import Iterator

from feeds import archive, jsonfeed, xml
from feeds.model import Feed, Format


def documents(feed: Feed, newest: int, each: int) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file: ``newest`` items, and archives of ``each`` (RFC 5005).

    The paths are relative to the site; nothing is rendered before it is asked for.
    """
    for part in archive.split(feed, newest, each):
        for form in Format:
            text = jsonfeed.render(part) if form is Format.JSON else xml.render(part, form)
            yield f"{part.path}.{form.suffix}", text
