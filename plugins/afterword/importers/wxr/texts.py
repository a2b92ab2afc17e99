"""Texts as WordPress keeps them, made the Markdown of files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from afterword.importers.ampersands import escaped
from afterword.importers.wxr.blocks import unblock
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.headings import levelled
from afterword.importers.wxr.links import Links
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.prose import prose
from afterword.importers.wxr.reusable import Reusable
from afterword.importers.wxr.shortcodes import Pictures, Shortcodes

_PART: Final = re.compile(
    r"(?:<p>\s*)?<!--(more|nextpage)\b(?:(?!<!--).)*?-->(?:\s*</p>)?", re.DOTALL
)


class Texts:
    """The texts of one post, or of what else has some: what they need, and lose, is collected.

    ``pictures`` finds those of a gallery.
    """

    def __init__(self, posts: Posts, desk: Desk, pictures: Pictures = lambda _: ()) -> None:
        self._links = Links(posts, desk)
        self._shortcodes = Shortcodes(pictures)
        self._reusable = Reusable(posts.blocks)
        self._notes: dict[str, None] = {}

    def whole(self, content: str) -> str:
        """Return a text. WordPress's marks between its parts stay, for they are not shown."""
        inlined = escaped(self._reusable.inlined(content))
        unblocked = unblock(self._shortcodes.expand(inlined))
        for each in unblocked.filled:
            self._note(f"has the block {each!r}, which WordPress filled")
        pieces = []
        for number, part in enumerate(_PART.split(levelled(unblocked.html))):
            if number % 2:
                pieces.append(f"<!--{part}-->")
                continue
            text, told = prose(part, self._links.lead)
            pieces.append(text)
            self._note(*told)
        return "\n\n".join(each for each in pieces if each)

    def line(self, content: str) -> str:
        """Return a text in one line."""
        expanded = self._shortcodes.expand(escaped(content))
        return " ".join(prose(expanded, self._links.lead)[0].split())

    def picture(self, address: str) -> str:
        """Return where a picture is that no text shows, as a line of a post has it."""
        return self._links.picture(address)

    def enclosure(self, address: str) -> str:
        """Return where a file is that feeds bring along, as a line of a post has it."""
        return self._links.enclosure(address)

    def uploads(self) -> tuple[tuple[Path, str], ...]:
        """The files that the texts show, and where they go."""
        return tuple(self._links.uploads.items())

    def notes(self) -> Iterator[str]:
        """Say what of the texts does not come along, each once."""
        yield from self._notes
        yield from self._reusable.notes
        yield from self._links.notes()
        for name in self._shortcodes.unknown:
            yield f"has the shortcode {name!r}, which stays as it is"

    def _note(self, *notes: str) -> None:
        self._notes.update(dict.fromkeys(notes))
