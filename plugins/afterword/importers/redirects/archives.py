"""The addresses of lists: of all posts, by date, category, tag and author, and their feeds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Final
from urllib.parse import unquote

from afterword.importers.redirects.built import Built
from afterword.importers.redirects.groups import Group, Groups
from afterword.importers.redirects.redirect import Asked, Redirect
from afterword.importers.redirects.usage import Usage
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.terms import full_name, lineage, tag_name
from feeds.paths import feed_path

FORMATS: Final = ("", "/rss2", "/rss", "/rdf", "/atom")
# What feeds were called before they had addresses like everything else, and what they are asked
# for by.
_FILES: Final = ("wp-rss2.php", "wp-rss.php", "wp-rdf.php", "wp-feed.php", "wp-atom.php")
_FILE_OF_COMMENTS: Final = "wp-commentsrss2.php"
_ASKED: Final = ("rss2", "rss", "rdf", "atom")
_ATOM: Final = "atom"
# WordPress shows ten posts on a page unless told otherwise; more pages do no harm.
_PER_PAGE: Final = 5
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9 _-]")
_DASHES: Final = re.compile(r"[ -]+")


def feeds_of(folder: str, stem: str, built: Built) -> Iterator[Redirect]:
    """Yield where the feeds below an old folder lead; ``stem`` is that of the feed here."""
    for each in FORMATS:
        if target := built.feed(stem, atom=each.endswith(_ATOM)):
            yield Redirect(f"{folder}feed{each}/", (), target, under=f"{folder}feed/")


@dataclass(frozen=True, slots=True)
class Archives:
    """The lists of a site at WordPress. ``homes`` are the folders that they lie in, decoded."""

    homes: tuple[str, ...]
    posts: Posts
    usage: Usage
    built: Built

    def redirects(self) -> Iterator[Redirect]:
        """Yield where all of them lead, and the first page."""
        for home in self.homes:
            yield Redirect(home, (), self.built.address(""))
        yield from self._feeds()
        yield from self._dates()
        yield from self._terms("category", "category", "cat")
        yield from self._terms("post_tag", "tag", "tag")
        yield from self._authors()
        first = self.built.archive(datetime.min.replace(tzinfo=UTC), 0)
        target = first or self.built.address("")
        for home in self.homes:
            yield from _pages(home, self.usage.posts, target)

    def _feeds(self) -> Iterator[Redirect]:
        for home, each in product(self.homes, _ASKED):
            target = self.built.feed(feed_path(), atom=each == _ATOM)
            answers = self.built.feed(feed_path("comments"), atom=each == _ATOM)
            yield Redirect(f"{home}{each}/", (), target)
            yield Redirect(home, (("feed", each),), target)
            yield Redirect(home, (("feed", f"comments-{each}"),), answers)
        for home in self.homes:
            yield from feeds_of(home, feed_path(), self.built)
            yield from feeds_of(f"{home}comments/", feed_path("comments"), self.built)
            for file in _FILES:
                target = self.built.feed(feed_path(), atom=_ATOM in file)
                yield Redirect(f"{home}{file}", (), target)
            yield Redirect(f"{home}{_FILE_OF_COMMENTS}", (), self.built.feed(feed_path("comments")))

    def _dates(self) -> Iterator[Redirect]:
        for parts, number in self.usage.dates.items():
            date = datetime.fromisoformat("-".join((*parts, "01", "01")[:3])).replace(tzinfo=UTC)
            target = self.built.archive(date, len(parts))
            for home in self.homes:
                folder = f"{home}{'/'.join(parts)}/"
                yield from _list(folder, number, target)
                # Nothing here has a feed of a month.
                yield from feeds_of(folder, feed_path(), self.built)
                yield Redirect(home, (("m", "".join(parts)),), target)

    def _terms(self, taxonomy: str, scope: str, asked: str) -> Iterator[Redirect]:
        groups = Groups.read(self.built, scope)
        for term in self.usage.terms(taxonomy, self.posts.terms):
            nested = scope == "category"
            line = lineage(term, self.posts.terms) if nested else (term,)
            slugs = [unquote(each.slug) for each in line]
            name = full_name(term, self.posts.terms) if nested else tag_name(term.name)
            number = self.usage.labels[taxonomy, term.slug]
            query = (asked, term.id if nested else term.slug)
            if group := groups.find(name, "/".join(slugs)):
                # WordPress knows a category by its own slug, too.
                folders = dict.fromkeys(("/".join(slugs), slugs[-1]))
                yield from self._group([f"{scope}/{each}/" for each in folders], number, group)
                yield from self._asked((query,), group)

    def _authors(self) -> Iterator[Redirect]:
        groups = Groups.read(self.built, "author")
        for login, number in self.usage.writers.items():
            writer = self.posts.writers.get(login)
            slug = self.usage.folders.get(login) or _slug(login)
            if group := groups.find(tag_name(writer.name if writer else login), slug):
                yield from self._group([f"author/{slug}/"], number, group)
                if writer:
                    yield from self._asked((("author", writer.id),), group)

    def _group(self, folders: Iterable[str], number: int, group: Group) -> Iterator[Redirect]:
        for home, folder in product(self.homes, folders):
            yield from _list(f"{home}{folder}", number, group.page)
            yield from feeds_of(f"{home}{folder}", group.stem, self.built)

    def _asked(self, asked: Asked, group: Group) -> Iterator[Redirect]:
        if all(value.isascii() and value for _, value in asked):
            for home in self.homes:
                yield Redirect(home, asked, group.page)


def _list(folder: str, number: int, target: str) -> Iterator[Redirect]:
    yield Redirect(folder, (), target)
    yield from _pages(folder, number, target)


def _pages(folder: str, number: int, target: str) -> Iterator[Redirect]:
    """The further pages of a list of so many posts."""
    for page in range(2, -(-number // _PER_PAGE) + 1):
        yield Redirect(f"{folder}page/{page}/", (), target, under=f"{folder}page/")


def _slug(login: str) -> str:
    """What WordPress makes of a login in addresses."""
    plain = _NOT_IN_SLUG.sub("", login.lower().replace(".", "-"))
    return _DASHES.sub("-", plain).strip("-")
