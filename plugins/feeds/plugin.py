"""Pelican's host: feeds of all posts, and of each category, tag and author.

Takes the place of Pelican's own feeds, under the settings that themes announce feeds by.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator
from pelican.utils import sanitised_join
from pelican.writers import Writer

from feeds.documents import documents
from feeds.model import EPOCH, Category, Feed, Format, Item, Person, Replies, uri
from feeds.paths import feed_path, feed_url, tag_uri
from feeds.settings import Settings

# The settings by which themes announce feeds, with the addresses of ours.
_ANNOUNCED: Final[Mapping[str, str | None]] = {
    "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "FEED_ALL_RSS": "feeds/all.rss.xml",
    "CATEGORY_FEED_ATOM": "feeds/category/{slug}.atom.xml",
    "CATEGORY_FEED_RSS": "feeds/category/{slug}.rss.xml",
    "TAG_FEED_ATOM": "feeds/tag/{slug}.atom.xml",
    "TAG_FEED_RSS": "feeds/tag/{slug}.rss.xml",
    "AUTHOR_FEED_ATOM": "feeds/author/{slug}.atom.xml",
    "AUTHOR_FEED_RSS": "feeds/author/{slug}.rss.xml",
    "FEED_ATOM": None,
    "FEED_RSS": None,
    "TRANSLATION_FEED_ATOM": None,
    "TRANSLATION_FEED_RSS": None,
}
_TAG: Final = re.compile(r"<[a-zA-Z][^>]*>")
_ADDRESS: Final = re.compile(r"""(\s(?:href|src|poster|cite|data)=)(["'])(.*?)\2""")


def connect() -> None:
    """Connect the receivers, all of them module-level: Pelican's signals hold them weakly."""
    signals.initialized.connect(_announce)
    signals.generator_init.connect(_give_templates_the_addresses)
    signals.article_generator_init.connect(_silence)
    signals.article_writer_finalized.connect(_write)


def _announce(pelican: Pelican) -> None:
    Settings.from_mapping(pelican.settings)
    pelican.settings.update(_ANNOUNCED)


def _give_templates_the_addresses(generator: Generator) -> None:
    generator.env.globals["feed_url"] = feed_url


def _silence(generator: ArticlesGenerator) -> None:
    """Keep Pelican from writing feeds of its own.

    Its generators ask their settings what to write, and templates ask the context, a copy that
    has been made by now, what to announce.
    """
    generator.settings.update(dict.fromkeys(_ANNOUNCED))


def _write(generator: ArticlesGenerator, writer: Writer) -> None:
    blog = Blog.of(generator.settings)
    for feed in blog.feeds(generator):
        for path, text in documents(feed, blog.settings.items, blog.settings.archive_items):
            save(writer.output_path, path, text)


def save(folder: str, name: str, text: str) -> None:
    """Write a file below the output folder; whoever reads it meanwhile sees the old or the new.

    Raises RuntimeError for a name that leads out of the folder.
    """
    path = Path(sanitised_join(folder, name))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o644)  # mkstemp's 0600 would hide it from a web server
    Path(temporary).replace(path)


def post_id(article: Article, siteurl: str) -> str:
    """What feeds call a post or page for ever: its ``Guid:``, as imported ones have, or a tag."""
    given = article.metadata.get("guid")
    return str(given) if given else tag_uri(siteurl, getattr(article, "date", EPOCH), article.url)


def public_siteurl(settings: Mapping[str, Any]) -> str:
    """The address that feeds are read at, without a slash at its end."""
    return str(settings.get("FEED_DOMAIN") or settings["SITEURL"]).rstrip("/")


@dataclass(frozen=True)
class Blog:
    """What Pelican's settings say about a blog's feeds."""

    pelican: Mapping[str, Any]
    settings: Settings
    siteurl: str

    @classmethod
    def of(cls, pelican: Mapping[str, Any]) -> "Blog":
        """Read the settings."""
        return cls(pelican, Settings.from_mapping(pelican), public_siteurl(pelican))

    def feeds(self, generator: ArticlesGenerator) -> Iterator[Feed]:
        """Yield the feeds of a blog; an item of several is made anew for each, and not kept."""
        everything = sorted(
            chain(generator.articles, generator.translations),
            key=lambda article: (article.date, article.slug, article.lang),
            reverse=True,
        )
        yield self._feed(feed_path(), "", "", everything)
        yield from self._of_each("category", generator.categories)
        yield from self._of_each("tag", sorted(generator.tags.items()))
        yield from self._of_each("author", generator.authors)

    def _of_each(
        self, scope: str, groups: Sequence[tuple[Any, Sequence[Article]]]
    ) -> Iterator[Feed]:
        for group, articles in groups:
            if group.slug:
                newest = sorted(articles, key=lambda a: (a.date, a.slug), reverse=True)
                yield self._feed(feed_path(scope, group.slug), group.url, group.name, newest)

    def _feed(self, path: str, page: str, name: str, articles: Sequence[Article]) -> Feed:
        site = _text(self.pelican["SITENAME"])
        stylesheet = self.settings.stylesheet
        return Feed(
            siteurl=self.siteurl,
            path=path,
            title=f"{site} » {_text(name)}" if name else site,
            description=_text(self.pelican.get("SITESUBTITLE", "")),
            page=self._url(page),
            language=self.pelican["DEFAULT_LANG"],
            items=tuple(self._item(article) for article in articles),
            authors=(Person(_text(self.pelican["AUTHOR"])),) if self.pelican.get("AUTHOR") else (),
            stylesheet=self._url(stylesheet) if stylesheet else None,
        )

    def _item(self, article: Article) -> Item:
        published: datetime = article.date
        url = self._url(article.url)
        return Item(
            id=post_id(article, self.siteurl),
            url=url,
            title=_text(article.title),
            published=published,
            updated=getattr(article, "modified", published),
            authors=tuple(Person(_text(a.name), self._url(a.url)) for a in article.authors),
            content=None if self.settings.summary_only else self._content(article, url),
            summary=_text(article.get_summary(self.siteurl)),
            categories=tuple(self._categories(article)),
            language=article.lang,
            replies=self._replies(article),
        )

    def _content(self, article: Article, url: str) -> str:
        def absolute(match: re.Match[str]) -> str:
            return f"{match[1]}{match[2]}{urljoin(url, match[3])}{match[2]}"

        html = article.get_content(self.siteurl)
        return _TAG.sub(lambda tag: _ADDRESS.sub(absolute, tag[0]), html)

    def _categories(self, article: Article) -> Iterator[Category]:
        own = getattr(article, "categories", None) or [article.category]
        for each in chain(own, getattr(article, "tags", [])):
            yield Category(_text(each.name), self._url(each.url))

    def _replies(self, article: Article) -> Replies | None:
        """The responses that a plugin has hung on a post; this one knows no plugin by name."""
        feeds = getattr(article, "comments_feeds", None)
        if not feeds:
            return None
        return Replies(
            count=article.comments_count,
            page=self._url(article.comments_url),
            feeds={Format(form): self._url(path) for form, path in feeds.items()},
            updated=article.comments_updated,
        )

    def _url(self, path: str) -> str:
        return uri(f"{self.siteurl}/{path}")


def _text(html: str) -> str:
    """Titles and names are HTML to Pelican; feeds want the text."""
    return Markup(html).striptags()  # noqa: S704  # the author's own, and only to strip it
