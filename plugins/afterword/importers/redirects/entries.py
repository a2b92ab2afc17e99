"""The addresses of a post or page: its own, those from before, and what hung on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from afterword.importers.redirects.archives import feeds_of
from afterword.importers.redirects.built import Built
from afterword.importers.redirects.redirect import Redirect
from afterword.importers.wxr.post import Post

_NUMBER: Final = re.compile(r"\d+")
_SAFE: Final = "/-._~!$&'()*+,;=:@"
# What WordPress and much used plugins of it show a post at beside its own address.
_OTHERS: Final = ("amp", "embed", "trackback")
# What WordPress's own program is called, in addresses that need no help of a server.
_SCRIPT: Final = "index.php"
# WordPress shows fifty responses on a page unless told otherwise; more pages do no harm.
_PER_PAGE: Final = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """A post or page, and its address here. ``breaks`` are those of its text into pages."""

    post: Post
    url: str
    breaks: int
    comments: int

    @property
    def target(self) -> str:
        """The address as a redirect has it."""
        return quote(unquote(urlsplit(self.url).path), safe=_SAFE) or "/"

    def redirects(self, home: str, built: Built) -> Iterator[Redirect]:
        """Yield where its old addresses lead; ``home`` is where the site's first page was."""
        path, target = path_of(self.post), self.target
        if path:
            yield Redirect(path, (), target)
            by_script = Redirect(f"{home}{_SCRIPT}/{path.removeprefix(home)}", (), target)
            if path.startswith(home) and by_script.sound:
                yield by_script
            above, _, last = path.rstrip("/").rpartition("/")
            end = path[len(above) + 1 + len(last) :]
            for slug in self.post.slugs_before:
                yield Redirect(f"{above}/{unquote(slug)}{end}", (), target)
            yield from self._below(f"{path.rstrip('/')}/", built)
        if _NUMBER.fullmatch(self.post.id):
            # Short links to pages are those of posts.
            for name in ("p",) if self.post.kind == "post" else ("p", "page_id"):
                asked = (name, self.post.id)
                yield Redirect(home, (asked,), target)
                yield Redirect(f"{home}{_SCRIPT}", (asked,), target)
                yield from self._asked(home, asked, built) if not path else ()

    def _asked(self, home: str, asked: tuple[str, str], built: Built) -> Iterator[Redirect]:
        """The feeds of a post whose address is nothing but a query."""
        stem = built.feed_of_responses(self.url)
        for each in ("rss2", "rss", "rdf", "atom"):
            target = built.feed(stem, atom=each == "atom")
            yield Redirect(home, (("feed", each), asked), target)

    def _below(self, folder: str, built: Built) -> Iterator[Redirect]:
        yield from feeds_of(folder, built.feed_of_responses(self.url), built)
        pages = -(-self.comments // _PER_PAGE)
        below = [f"comment-page-{each}" for each in range(1, pages + 1)]
        below += [str(each) for each in range(2, self.breaks + 2)]
        for each in (*_OTHERS, *below):
            # Below a page there may be others.
            under = folder if self.post.kind == "post" else ""
            yield Redirect(f"{folder}{each}/", (), self.target, under=under)


def path_of(post: Post) -> str:
    """Return the path of a post's permalink, decoded; nothing if it has only a number."""
    try:
        parts = urlsplit(post.thread.url)
    except ValueError:
        return ""
    path = unquote(parts.path)
    return path if path.strip("/") and not parse_qs(parts.query) else ""
