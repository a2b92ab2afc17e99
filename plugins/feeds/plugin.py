"""Pelican's host: feeds of all posts, and of each category, tag and author.

Takes the place of Pelican's own feeds, under the settings that themes announce feeds by.
"""

import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, Generator
from pelican.utils import sanitised_join
from pelican.writers import Writer

from feeds.attachments import ask_for, attach
from feeds.documents import Job
from feeds.paths import feed_url
from feeds.posts import Posts, jobs_of_blog, post_id, public_siteurl
from feeds.replies import unmarked
from feeds.settings import Settings, unknown_names

__all__ = ["connect", "make", "post_id", "public_siteurl", "save"]

log: Final = logging.getLogger(__name__)

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
# An author may have given Pelican's own feeds another address.
_ELSEWHERE: Final = tuple(f"{name}_URL" for name in _ANNOUNCED)


def connect() -> None:
    """Connect the receivers, all of them module-level: Pelican's signals hold them weakly."""
    signals.initialized.connect(_take_over)
    signals.generator_init.connect(_announce)
    signals.article_generator_finalized.connect(ask_for)
    signals.page_generator_finalized.connect(ask_for)
    signals.all_generators_finalized.connect(attach)
    signals.article_writer_finalized.connect(_write)


def _take_over(pelican: Pelican) -> None:
    """Check the settings, and keep Pelican from writing feeds of its own.

    Its generators ask their settings what to write, and templates ask the context, a copy made
    from these in each run, what to announce.
    """
    settings = pelican.settings
    Settings.from_mapping(settings)
    for name in unknown_names(settings):
        log.warning("%s: there is no such setting of feeds", name)
    if not public_siteurl(settings):
        log.warning(
            "Feeds need absolute addresses: set SITEURL (or FEED_DOMAIN) to the site's address, "
            "such as https://blog.example"
        )
    settings.update(dict.fromkeys((*_ANNOUNCED, *_ELSEWHERE)))


def _announce(generator: Generator) -> None:
    """Tell templates where the feeds are, in their own way and in Pelican's."""
    generator.env.globals["feed_url"] = feed_url
    feed_domain = public_siteurl(generator.settings)
    generator.context.update({**_ANNOUNCED, "FEED_DOMAIN": feed_domain})


def _write(generator: ArticlesGenerator, writer: Writer) -> None:
    digest, mark = getattr(writer, "digest", None), getattr(writer, "mark", unmarked)
    posts = Posts(generator.settings, digest, mark)
    make(writer, jobs_of_blog(generator, posts))


# For builds that follow what pages read: it changes no post.
_write.followed = ()  # type: ignore[attr-defined]  # functions can have any


def make(writer: Writer, jobs: Iterable[Job]) -> None:
    """Write files below the output folder.

    A writer that has a way of its own to do many things is given them all: it may leave out
    those that it has, and make some at the same time. Raises RuntimeError as ``save`` does.
    """
    if together := getattr(writer, "jobs", None):
        together(jobs)
        return
    for job in jobs:
        save(writer, job.path, job.make())


def save(writer: Writer, name: str, text: str) -> None:
    """Write a file below the output folder; whoever reads it meanwhile sees the old or the new.

    A writer that has a way of its own to do so is asked to. Raises RuntimeError for a name that
    leads out of the folder.
    """
    path = Path(sanitised_join(writer.output_path, name))
    if put := getattr(writer, "put", None):
        put(name, text)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
