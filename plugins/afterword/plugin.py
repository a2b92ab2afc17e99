"""Pelican's host: reads the response files during a build and gives themes what they show.

The only module that imports Pelican. It keeps nothing between builds: what one run has read
hangs on that run's own objects.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Content, Page
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.settings import read_settings
from pelican.writers import Writer

from afterword import entries, feeds, ledger, parts, published
from afterword.conversations import Conversation
from afterword.entries import Entry, Standing
from afterword.errors import EntryError, ResponsesLeftOut
from afterword.handover import Handover
from afterword.ledger import Line
from afterword.model import check_entry_key
from afterword.parts import NEWEST, Part
from afterword.published import Problem
from afterword.render import FRAME_PATH, TEMPLATES, Look, Overview, Renderer, Responses
from afterword.settings import Settings
from feeds.documents import Job
from feeds.model import EPOCH
from feeds.plugin import make, post_id, public_siteurl, save
from feeds.settings import Settings as FeedSettings
from incremental import fragments
from incremental.build import running
from incremental.folders import in_turn
from incremental.settings import Settings as IncrementalSettings
from incremental.state import file_for
from incremental.templates import Templates
from incremental.tracing import Tracer
from incremental.workers import spread
from incremental.writer import SafeWriter

log: Final = logging.getLogger(__name__)

# The name under which what one run has read hangs on its shared context.
_CONTEXT_KEY: Final = "afterword"
# What hangs on posts and pages, and says the same as parts of pages do.
_HUNG: Final = (
    *("comments", "comments_count", "comments_open", "comments_feeds", "comments_updated"),
)


@dataclass(frozen=True)
class Run:
    """What one run has read: all responses, and by entry the posts and pages that it is.

    ``environment`` is the theme's own.
    """

    overview: Overview
    environment: Environment
    contents: Mapping[str, Sequence[Content]]


def connect() -> None:
    """Connect the receivers, all of them module-level: Pelican's signals hold them weakly."""
    signals.initialized.connect(_configure)
    signals.all_generators_finalized.connect(_attach)
    signals.article_writer_finalized.connect(_write)


def _configure(pelican: Pelican) -> None:
    """Check the settings, and keep response files from being published as posts."""
    settings = Settings.from_mapping(pelican.settings)
    for name in ("ARTICLE_EXCLUDES", "PAGE_EXCLUDES", "STATIC_EXCLUDES"):
        pelican.settings[name] = [*pelican.settings[name], settings.path]


def _attach(generators: Sequence[Generator]) -> None:
    """Read all responses, give every post and page its own, and themes the means to show them."""
    site = Site.of(generators[0].settings)
    environment = next(g.env for g in generators if isinstance(g, ArticlesGenerator))
    renderer = Renderer.over(environment, site.settings, site.look, site.url, site.now)
    renderer = replace(renderer, templates=_digest(renderer.environment))
    entry_of = {content: site.entry(content) for content in _contents(generators)}
    keys = {entry.key for entry in entry_of.values()}
    spreading = partial(spread, processes=IncrementalSettings.from_mapping(site.pelican).processes)
    memory = _memory(site.pelican, site.root)
    found = published.gather(site.root, keys, memory, spreading if memory else in_turn)
    _report(found.problems, site.settings)
    by_key: dict[str, Responses] = {}
    contents: dict[str, list[Content]] = {}
    for content, entry in entry_of.items():
        contents.setdefault(entry.key, []).append(content)
        if entry.key not in by_key or not entry.key:
            talk = found.conversations.get(entry.key) or Conversation.of(entry.key)
            paths = feeds.paths(entry, answered=talk.total > 0)
            by_key[entry.key] = Responses(entry, talk, renderer, paths)
        _give(content, by_key[entry.key])
    overview = Overview(renderer, tuple(by_key.values()))
    offers = {key: each.fingerprint() for key, each in by_key.items() if key}
    offers[NEWEST] = parts.version_of_newest(overview.newest, renderer)
    fragments.offer(offers, _HUNG)
    for generator in generators:
        generator.context[_CONTEXT_KEY] = Run(overview, environment, contents)
        generator.env.globals.update(
            comments=_comments,
            comments_count=_comments_count,
            last_changed=_last_changed,
            recent_comments=_recent_comments(overview),
        )


@fragments.followed()
def _write(generator: ArticlesGenerator, writer: Writer) -> None:
    """Write what stands beside the pages: the list of entries and the feeds of responses."""
    run: Run = generator.context[_CONTEXT_KEY]
    overview = run.overview
    site = Site.of(generator.settings)
    documents = feeds.jobs(overview, site.publication, site.settings.feed_items)
    listed = blake2b("\n".join(each.packed for each in overview.responses).encode()).digest()
    make(writer, chain([Job(entries.PATH, listed, partial(_listing, overview))], documents))
    if hasattr(writer, "leave"):
        _leave(run, site, writer)
    if site.settings.url:
        frame = overview.renderer.frame({**generator.context, "SITEURL": site.url})
        if frame is None:
            log.warning("the theme's base.html has no block `content` for the service's pages")
        else:
            save(writer, FRAME_PATH, frame)


def _leave(run: Run, site: "Site", writer: SafeWriter) -> None:
    """Leave to those who publish responses before the next build what they need for it."""
    renderer = run.overview.renderer
    memory = _memory(site.pelican, site.root)
    if memory is None:
        return
    handed_over = Handover.of(
        renderer,
        run.environment,
        root=site.root,
        memory=memory,
        zone=site.pelican["TIMEZONE"],
        publication=site.publication,
    )
    lines: dict[str, Line | None] = {
        each.entry.key: Line(
            each.packed,
            tuple(filter(None, map(writer.subject, run.contents[each.entry.key]))),
            each.is_open,
            each.conversation.summary,
        )
        for each in run.overview.responses
        if each.entry.key
    }
    before = writer.facts.all(ledger.ENTRIES)
    gone = dict.fromkeys(before.keys() - lines.keys())
    writer.leave(handed_over.dump(), ledger.changes(writer.facts, before, lines | gone))


def _listing(overview: Overview) -> str:
    """The list of entries, in which each entry's ids can be made anew by themselves."""

    def ids(responses: Responses) -> str:
        text = parts.of_entry(Part.IDS, responses)
        return fragments.marked(Part.IDS, responses.entry.key, text)

    return entries.dump((each.entry, ids(each)) for each in overview.responses)


def read_root(settings_file: str) -> Path:
    """The folder of response files of the site that a settings file describes."""
    return Site.of(read_settings(settings_file)).root


def read_keys(settings_file: str) -> tuple[Path, frozenset[str]]:
    """The folder of response files, and the comment keys of all posts and pages there are.

    Reads the content as a build does, with the site's plugins, and writes nothing.
    """
    settings = Pelican(read_settings(settings_file)).settings
    shared: dict[str, Any] = {"generated_content": {}, "static_links": set(), "static_content": {}}
    context = {**settings, **shared, "localsiteurl": settings["SITEURL"]}
    generators = [
        kind(
            context=context,
            settings=settings,
            path=settings["PATH"],
            theme=settings["THEME"],
            output_path=settings["OUTPUT_PATH"],
        )
        for kind in (ArticlesGenerator, PagesGenerator)
    ]
    for generator in generators:
        generator.generate_context()
    site = Site.of(settings)
    return site.root, frozenset(site.entry(content).key for content in _contents(generators))


@dataclass(frozen=True)
class Site:
    """What Pelican's settings say about a site's responses, and the moment it is built."""

    pelican: Mapping[str, Any]
    settings: Settings
    now: datetime

    @classmethod
    def of(cls, pelican: Mapping[str, Any]) -> Self:
        """Read the settings. SOURCE_DATE_EPOCH (seconds) pins the moment, if it is set."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
        return cls(pelican, Settings.from_mapping(pelican), now)

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return str(self.pelican["SITEURL"]).rstrip("/")

    @property
    def root(self) -> Path:
        """The folder of response files, as short as it can be named from here."""
        root = Path(self.pelican["PATH"], self.settings.path)
        here = Path.cwd()
        return root.relative_to(here) if root.is_relative_to(here) else root

    @property
    def look(self) -> Look:
        """How the site shows dates."""
        return Look(ZoneInfo(self.pelican["TIMEZONE"]), self.pelican["DEFAULT_DATE_FORMAT"])

    @property
    def publication(self) -> feeds.Publication:
        """What the feeds say about the site; in a browser they look as those of posts do."""
        siteurl = public_siteurl(self.pelican)
        stylesheet = FeedSettings.from_mapping(self.pelican).stylesheet
        return feeds.Publication(
            siteurl=siteurl,
            name=_plain(self.pelican["SITENAME"]),
            language=self.pelican["DEFAULT_LANG"],
            stylesheet=f"{siteurl}/{stylesheet}" if stylesheet else None,
        )

    def entry(self, content: Content) -> Entry:
        """Return the entry that a post or page is."""
        key, asked = self._key(content)
        standing = Standing(content.status)
        published_at = getattr(content, "date", EPOCH)
        is_page = isinstance(content, Page)
        is_open, closes = entries.opening(
            asked, self.settings, published_at, standing=standing, is_page=is_page
        )
        return Entry(
            key=key,
            title=_plain(content.title),
            url=f"{self.url}/{content.url}",
            path=_folder(content.save_as),
            guid=post_id(content, public_siteurl(self.pelican)),
            published=_fixed(published_at),
            open=is_open and bool(key),
            closes=_fixed(closes) if closes else None,
            standing=standing,
        )

    def _key(self, content: Content) -> tuple[str, bool | None]:
        """A post's comment key and whether it asks to be open; no key if it is unusable."""
        try:
            wish = entries.wish(str(content.metadata.get("comments", "")))
            key = wish.key or content.slug
            check_entry_key(key)
        except EntryError as error:
            log.warning("%s: takes no responses, its comment key %s", content, error)
            return "", False
        return key, wish.open


def _contents(generators: Sequence[Generator]) -> Iterator[Content]:
    """Yield every post and page; of those that share a key, the most public comes first."""
    kinds = (
        (ArticlesGenerator, ("articles", "translations")),
        (PagesGenerator, ("pages", "translations")),
        (ArticlesGenerator, ("hidden_articles", "hidden_translations")),
        (PagesGenerator, ("hidden_pages", "hidden_translations")),
        (ArticlesGenerator, ("drafts", "drafts_translations")),
        (PagesGenerator, ("draft_pages", "draft_translations")),
    )
    for kind, names in kinds:
        for generator in generators:
            if isinstance(generator, kind):
                yield from chain.from_iterable(getattr(generator, name) for name in names)


def _report(problems: Sequence[Problem], settings: Settings) -> None:
    if problems and settings.strict:
        raise ResponsesLeftOut(tuple(str(problem) for problem in problems))
    for problem in problems:
        log.warning("%s", problem)


def _give(content: Content, responses: Responses) -> None:
    """Hang the responses on a post, under the names that themes of other plugins expect too."""
    content.comments = responses
    content.comments_key = responses.entry.key
    content.comments_count = responses.total
    content.comments_open = responses.is_open
    content.comments_url = f"{content.url}#comments"
    content.comments_feeds = responses.feeds
    content.comments_updated = responses.updated


@fragments.followed("comments_key")
def _comments(content: Content) -> Markup:
    """The thread and the form of a post or page; nothing for what has no responses."""
    return _part(Part.THREAD, content)


@fragments.followed("comments_key")
def _comments_count(content: Content) -> Markup:
    """The link that says how many responses a post or page has."""
    return _part(Part.COUNT, content)


@fragments.followed("comments_key", "date", "modified")
def _last_changed(content: Content) -> Markup:
    """When a post or page last changed or was answered, as ISO 8601 has it."""
    known = [each for name in ("date", "modified") if (each := getattr(content, name, None))]
    floor = max(known).isoformat() if known else ""
    return _part(Part.CHANGED, content, floor) or Markup(floor)  # noqa: S704  # a date


def _part(part: Part, content: Content, argument: str = "") -> Markup:
    """A part of a page that is made of its responses, so that it can be made anew by itself."""
    responses = getattr(content, "comments", None)
    if not isinstance(responses, Responses):
        return Markup()
    with fragments.aside():
        text = parts.of_entry(part, responses, argument)
    key = responses.entry.key
    # Without a key there can be no responses: the text is as constant as any other.
    return fragments.mark(part, key, text, argument) if key else Markup(text)  # noqa: S704  # ours


def _recent_comments(overview: Overview) -> Callable[..., Markup]:
    """What shows templates the newest responses of the site."""

    @fragments.followed()
    def recent_comments(limit: int = 5) -> Markup:
        with fragments.aside():
            shown = parts.of_newest(Part.RECENT, overview.newest, overview.renderer, str(limit))
        return fragments.mark(Part.RECENT, NEWEST, shown, str(limit))

    return recent_comments


def _memory(pelican: Mapping[str, Any], root: Path) -> Path | None:
    """Where what was read of the responses is kept, if builds remember anything."""
    if running.get() is None:
        return None
    folder = Path(IncrementalSettings.from_mapping(pelican).state)
    return file_for(folder, root).with_suffix(".responses.sqlite3")


def _digest(environment: Environment) -> bytes:
    """What changes when a template for responses does, the theme's own ones included.

    It is another each time if there is one that looks at more than it is given.
    """
    templates = Templates(environment, Tracer(frozenset()), unwatched=True)
    names = [f"comments/{path.name}" for path in sorted(TEMPLATES.glob("comments/*.html"))]
    closures = [templates.closure(name) for name in names if "frame" not in name]
    for closure in closures:
        if closure.blocked:
            log.info("Responses are rendered in each build: %s", closure.blocked)
            return secrets.token_bytes(16)
    return b"".join(closure.digest for closure in closures)


def _plain(html: str) -> str:
    """The author's own HTML as text, in one line."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return Markup(html).striptags()  # noqa: S704  # the author's own


def _fixed(moment: datetime) -> datetime:
    """A moment without the rules of its zone, so that it is the same wherever it is noted."""
    return datetime.fromisoformat(moment.isoformat())


def _folder(save_as: str) -> str:
    """Where a page's companions lie: ``a/index.html`` and ``a.html`` both have ``a``."""
    path = PurePosixPath(save_as)
    folder = path.parent if path.name == "index.html" else path.with_suffix("")
    return "" if folder == PurePosixPath() else folder.as_posix()
