"""Where the links of a post lead now, and which uploads it shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.posts import Posts

_UPLOAD: Final = re.compile(r"/wp-content/uploads/(.+)", re.IGNORECASE)
# WordPress.com and its plugins serve uploads from other hosts, too.
_HOST: Final = re.compile(r"[\w.-]+\.files\.wordpress\.com", re.IGNORECASE)
# What makes smaller pictures of others has their addresses in its own.
_SHRINKER: Final = re.compile(r"(?:https?:)?//(?:i\d\.wp\.com/)+", re.IGNORECASE)
_SIZE: Final = re.compile(r"-\d+x\d+(?=\.\w+$)")
_WEB: Final = re.compile(r"https?://|//", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s")
_ABOVE: Final = re.compile(r"(^|/)\.\.?(/|$)")


@dataclass
class Links:
    """Leads links of a post to the files that are here now; ``uploads`` by where they lie."""

    posts: Posts
    desk: Desk
    uploads: dict[Path, str] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def lead(self, address: str, shown: bool) -> str:  # noqa: FBT001  # called by its type
        post = None if shown else self.posts.named(address)
        if post and post.is_text:
            fragment = urlsplit(address).fragment
            return _escaped(self.desk.link(post)) + (f"#{fragment}" if fragment else "")
        place = self._upload(post.attachment if post else address)
        source = self._found(place) if place else None
        if source is None:
            if place or (shown and _WEB.match(address)):
                self.missing[address] = None
            return address
        name = f"{self.desk.images}/{source.relative_to(self.desk.uploads or '').as_posix()}"
        self.uploads[source] = name
        return f"{{static}}/{_escaped(name)}"

    def _upload(self, address: str) -> str:
        """Where an address lies in the folder of uploads; empty for what is none."""
        whole = _SHRINKER.sub("https://", address, count=1) if _SHRINKER.match(address) else ""
        try:
            parts = urlsplit(whole or address)
        except ValueError:
            return ""
        found = _UPLOAD.search(unquote(parts.path))
        if _HOST.fullmatch(parts.netloc):
            return found[1] if found else unquote(parts.path).strip("/")
        return found[1] if found and (whole or self.posts.here(address)) else ""

    def _found(self, place: str) -> Path | None:
        """The upload, or the original of what was made smaller from it."""
        folder = self.desk.uploads
        if folder is None or place.startswith("/") or _ABOVE.search(place) or "\0" in place:
            return None
        whole = (folder / each for each in (place, _SIZE.sub("", place)))
        return next((each for each in whole if _lies_in(folder, each)), None)

    def picture(self, address: str) -> str:
        """Where a picture lies that no text shows: below the site's address, or elsewhere."""
        led = self.lead(address, True)
        here = led.removeprefix("{static}/")
        return led if here == led else quote(here, safe="/%")

    def enclosure(self, address: str) -> str:
        """Where a file lies that belongs to a post: in a line, in which spaces divide."""
        return _SPACE.sub(lambda found: quote(found[0]), self.lead(address, True))

    def notes(self) -> Iterator[str]:
        """Say what was not found."""
        for address in self.missing:
            yield f"needs {address}, which stays where it is"


def _lies_in(folder: Path, file: Path) -> bool:
    """Whether there is such a file, and no link leads out of the folder to it."""
    try:
        return file.is_file() and file.resolve().is_relative_to(folder.resolve())
    except OSError:  # such as a name longer than any can be
        return False


def _escaped(path: str) -> str:
    """A path of which nothing is taken for more than a path, as Pelican follows it."""
    return re.sub(r"[%?#]", lambda found: quote(found.group()), path)
