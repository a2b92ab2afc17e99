"""Pelican's listings at a cost that grows with the posts, not with their square.

Pelican finds the posts of each tag, category, author and period in order of date by asking for
every post of the site whether it is in a list. Here each list is sorted by where its posts stand.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.urlwrappers import URLWrapper
from pelican.writers import FileOverwriteFailedError

from incremental.writer import SafeWriter

log: Final = logging.getLogger(__name__)

Write = Callable[..., None]


class Periods(dict[str, list[Any]]):
    """The archives by year, month and day; who asks for others finds none, and leaves none."""

    def __missing__(self, granularity: str) -> list[Any]:
        return []


class Listings(ArticlesGenerator):
    """Writes the same pages as Pelican's own generator, in the same order."""

    def _build_period_archives(
        self,
        sorted_articles: Sequence[Article],
        articles: Sequence[Article],
        settings: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401  # Pelican's
        archives = super()._build_period_archives(sorted_articles, [], settings)
        order = _places(articles)
        for archive in chain.from_iterable(archives.values()):
            archive["articles"] = _in_order(archive["dates"], order)
        return Periods(archives)

    def generate_pages(self, writer: SafeWriter) -> None:
        """Write all pages of posts and of lists of them."""
        with writer.gathering():
            super().generate_pages(writer)
        writer.sent.append(signals.article_writer_finalized)

    def generate_tags(self, write: Write) -> None:
        """Write a page for each tag."""
        self._write_listings(write, "tag", self.tags.items())

    def generate_categories(self, write: Write) -> None:
        """Write a page for each category."""
        self._write_listings(write, "category", self.categories)

    def generate_authors(self, write: Write) -> None:
        """Write a page for each author."""
        self._write_listings(write, "author", self.authors)

    def _write_listings(
        self, write: Write, kind: str, listings: Iterable[tuple[URLWrapper, Sequence[Article]]]
    ) -> None:
        template = self.get_template(kind)
        order = _places(self.dates)
        for subject, articles in listings:
            try:
                write(
                    subject.save_as,
                    template,
                    self.context,
                    **{kind: subject},
                    url=subject.url,
                    articles=articles,
                    dates=_in_order(articles, order),
                    template_name=kind,
                    blog=True,
                    page_name=subject.page_name,
                    all_articles=self.articles,
                )
            except FileOverwriteFailedError:
                if subject.slug:
                    raise
                log.warning("The %s “%s” has no letters for an address: no page", kind, subject)


class Pages(PagesGenerator):
    """Writes the same pages as Pelican's own generator, on all cores."""

    def generate_output(self, writer: SafeWriter) -> None:
        """Write all pages that are no posts."""
        if signals.page_writer_finalized.receivers:
            super().generate_output(writer)  # who hears of the end wants them to be there
        else:
            with writer.gathering():
                super().generate_output(writer)
        writer.sent.append(signals.page_writer_finalized)


def _places(articles: Iterable[Article]) -> Mapping[int, int]:
    """Where each post stands, by its identity: posts are equal to themselves alone."""
    return {id(article): place for place, article in enumerate(articles)}


def _in_order(articles: Iterable[Article], order: Mapping[int, int]) -> list[Article]:
    """The posts that stand somewhere, each once, in that order."""
    found = {order[id(article)]: article for article in articles if id(article) in order}
    return [found[place] for place in sorted(found)]
