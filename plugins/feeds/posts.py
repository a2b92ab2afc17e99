"""The feeds of a blog's posts, made from what Pelican has read, without importing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from feeds.addresses import is_uri, uri
from feeds.documents import Job, Printer, jobs
from feeds.items import Items
from feeds.markup import text_of, with_absolute_links
from feeds.model import EPOCH, Category, Enclosure, Feed, Format, Item, Person, Replies
from feeds.paths import feed_path, tag_uri
from feeds.replies import Mark, unmarked
from feeds.settings import Settings

# So many items are remembered for the next feed that they stand in, each with its text in all
# formats: enough for all posts of an ordinary blog. In greater ones few would be asked for again.
_KEPT: Final = 500

# What tells a post, and all that hangs on it, from what it was before; empty where nothing does.
Digest = Callable[[Any], bytes]


def post_id(content: Any, siteurl: str) -> str:  # noqa: ANN401  # a content object of Pelican's
    """What feeds call a post or page for ever: its ``Guid:``, as imported ones have, or a tag."""
    given = content.metadata.get("guid")
    return str(given) if given else tag_uri(siteurl, getattr(content, "date", EPOCH), content.url)


def public_siteurl(settings: Mapping[str, Any]) -> str:
    """The address that feeds are read at, without a slash at its end."""
    return str(settings.get("FEED_DOMAIN") or settings["SITEURL"]).rstrip("/")


class Posts:
    """One run's posts and the feeds they stand in. An item that stands in several is made once.

    ``pelican`` are Pelican's settings. By ``digest`` feeds are told from what they were before;
    what they say of responses goes through ``mark``.
    """

    def __init__(
        self, pelican: Mapping[str, Any], digest: Digest | None = None, mark: Mark = unmarked
    ) -> None:
        self._pelican = pelican
        self._settings = Settings.from_mapping(pelican)
        self._feeds_url = public_siteurl(pelican)
        self._siteurl = str(pelican["SITEURL"]).rstrip("/") or self._feeds_url
        self._digest = digest
        self._schemes = {
            scope: self._url(pelican.get(f"{name}_URL") or pelican.get(f"{name}_SAVE_AS") or page)
            for scope, name, page in (
                ("categories", "CATEGORIES", "categories.html"),
                ("tags", "TAGS", "tags.html"),
            )
        }
        here = (self._settings, self._feeds_url, self._siteurl, self._schemes)
        self._here = repr(here).encode()
        self._item = lru_cache(_KEPT)(self._made)
        self._printer = Printer(_KEPT * len(Format), mark)

    def feed(self, articles: Iterable[Any]) -> Feed:
        """Return the feed of all posts."""
        return self._feed(feed_path(), "", "", "", articles)

    def feeds_of(self, scope: str, groups: Iterable[tuple[Any, Sequence[Any]]]) -> Iterator[Feed]:
        """Yield a feed for each group of a scope (category, tag, author) with its articles."""
        for group, articles in groups:
            if group.slug:
                about = text_of(getattr(group, "description", "") or "")
                name = text_of(str(getattr(group, "full_name", group.name)))
                yield self._feed(feed_path(scope, group.slug), group.url, name, about, articles)

    def jobs(self, scope: str, feeds: Iterable[Feed]) -> Iterator[Job]:
        """Yield every file that the feeds of a scope consist of."""
        settings = self._settings
        each = settings.archive_items if scope in settings.archived else 0
        for feed in feeds:
            yield from jobs(feed, settings.items, each, self._printer)

    def _feed(self, path: str, page: str, name: str, about: str, articles: Iterable[Any]) -> Feed:
        settings = self._pelican
        site = text_of(settings["SITENAME"])
        motto = settings.get("SITESUBTITLE") or settings.get("SITEDESCRIPTION") or ""
        newest = sorted(articles, key=lambda a: (a.date, a.slug, a.lang), reverse=True)
        stylesheet = self._settings.stylesheet
        return Feed(
            siteurl=self._feeds_url,
            path=path,
            title=f"{site} » {name}" if name else site,
            description=about or text_of(motto),
            page=self._url(page),
            language=settings["DEFAULT_LANG"],
            items=Items(newest, self._item, self._inputs) if newest else (),
            authors=(Person(text_of(settings["AUTHOR"])),) if settings.get("AUTHOR") else (),
            stylesheet=self._url(stylesheet) if stylesheet else None,
        )

    def _inputs(self, articles: Sequence[Any]) -> bytes:
        """What the items of these posts are made from, if somebody knows it of all of them."""
        digests = list(map(self._digest, articles)) if self._digest else [b""]
        return self._here + b"".join(digests) if all(digests) else b""

    def _made(self, article: Any) -> Item:  # noqa: ANN401
        url = self._url(article.url)
        return Item(
            id=post_id(article, self._feeds_url),
            url=url,
            title=text_of(article.title),
            published=article.date,
            updated=getattr(article, "modified", article.date),
            authors=tuple(self._authors(article)),
            content=None if self._settings.summary_only else self._content(article, url),
            summary=text_of(article.get_summary(self._siteurl)),
            categories=tuple(self._categories(article)),
            language=article.lang,
            replies=self._replies(article),
            thread=getattr(article, "comments_key", ""),
            enclosures=tuple(self._enclosures(article)),
        )

    def _content(self, article: Any, url: str) -> str:  # noqa: ANN401
        return with_absolute_links(article.get_content(self._siteurl), url)

    def _enclosures(self, article: Any) -> Iterator[Enclosure]:  # noqa: ANN401
        for each in getattr(article, "enclosures", ()):
            yield each._replace(url=uri(each.url) if is_uri(each.url) else self._url(each.url))

    def _authors(self, article: Any) -> Iterator[Person]:  # noqa: ANN401
        for author in getattr(article, "authors", ()):
            yield Person(text_of(str(author.name)), self._url(author.url))

    def _categories(self, article: Any) -> Iterator[Category]:  # noqa: ANN401
        own = getattr(article, "categories", None) or [article.category]
        for scope, groups in (("categories", own), ("tags", getattr(article, "tags", ()))):
            for each in groups:
                name = text_of(str(getattr(each, "full_name", each.name)))
                yield Category(name, each.slug, self._schemes[scope])

    def _replies(self, article: Any) -> Replies | None:  # noqa: ANN401
        """The responses that a plugin has hung on a post; this one knows no plugin by name."""
        feeds = getattr(article, "comments_feeds", None)
        if not feeds:
            return None
        return Replies(
            count=article.comments_count,
            page=self._url(article.comments_url),
            feeds={Format(form): uri(f"{self._feeds_url}/{path}") for form, path in feeds.items()},
            updated=getattr(article, "comments_updated", None),
        )

    def _url(self, path: str) -> str:
        return uri(f"{self._siteurl}/{path}")


def jobs_of_blog(generator: Any, posts: Posts) -> Iterator[Job]:  # noqa: ANN401
    """Yield every file of a blog's feeds, from what its generator has read."""
    yield from posts.jobs("all", [posts.feed(chain(generator.articles, generator.translations))])
    for scope, groups in (
        ("category", generator.categories),
        ("tag", sorted(generator.tags.items())),
        ("author", generator.authors),
    ):
        yield from posts.jobs(scope, posts.feeds_of(scope, groups))


def documents_of_blog(generator: Any, pelican: Mapping[str, Any]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield path and text of every file of a blog's feeds, from what its generator has read."""
    for job in jobs_of_blog(generator, Posts(pelican)):
        yield job.path, job.make()
