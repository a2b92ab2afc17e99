"""What readers see of responses: views for the templates, and the templates rendered.

Themes never get a stranger's words as plain text, only as ``Markup`` that is escaped already,
so that they come out right in templates that escape by themselves and in those that do not.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final, Self, overload
from urllib.parse import urlencode, urljoin

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from markupsafe import Markup, escape

from afterword import entries, markup
from afterword.conversations import Conversation, ranked
from afterword.entries import Entry, Standing
from afterword.model import Comment, Kind, in_zone
from afterword.settings import Settings
from afterword.threads import Thread, arrange

TEMPLATES: Final = Path(__file__).parent / "templates"
# Where a page of the service has its title and its content in the frame that a build leaves.
FRAME_PATH: Final = "comments/frame.txt"
TITLE_SLOT: Final = "AFTERWORD-TITLE-SLOT"
CONTENT_SLOT: Final = "AFTERWORD-CONTENT-SLOT"
# Of so many entries the responses are kept in memory, once they were read.
_AT_ONCE: Final = 32


@dataclass(frozen=True)
class Look:
    """How dates are shown: in which zone, and by which strftime format."""

    zone: tzinfo
    date_format: str

    def date(self, moment: datetime) -> str:
        """The day, in the site's own format."""
        return in_zone(moment, self.zone).strftime(self.date_format)

    def time(self, moment: datetime) -> str:
        """The time of day, such as 09:26."""
        return in_zone(moment, self.zone).strftime("%H:%M")


@dataclass(frozen=True, eq=False)
class View:
    """One response as the templates see it. Every text is safe to put into HTML.

    ``depth`` is the level it is shown at (0 = top); ``flattened`` says that its real level is
    deeper, so that the page should say whom it answers.
    """

    # The fingerprint of the responses it is one of tells all about it.
    followed: ClassVar = True

    id: str
    entry: Entry
    author: Markup
    initials: Markup
    website: Markup | None
    source: Markup | None
    date: datetime
    iso_date: str
    locale_date: str
    locale_time: str
    kind: Kind
    by_author: bool
    depth: int
    flattened: bool
    parent: "View | None"
    reply_url: Markup | None
    body: str = field(repr=False)
    replies: "list[View]" = field(default_factory=list, repr=False)

    @property
    def anchor(self) -> str:
        """The fragment of its permalink; imported responses keep the one they had."""
        return f"comment-{self.id}"

    @property
    def url(self) -> Markup:
        """The permalink."""
        return escape(f"{self.entry.url}#{self.anchor}")

    @property
    def parent_url(self) -> Markup:
        """What it answers: another response, or the post."""
        return self.parent.url if self.parent else escape(self.entry.url)

    @cached_property
    def content(self) -> Markup:
        """The body as safe HTML."""
        return markup.to_html(self.body)

    # Names under which older Pelican comment plugins gave the same things to their themes.

    @property
    def slug(self) -> str:
        """The id."""
        return self.id

    @property
    def metadata(self) -> Mapping[str, Markup]:
        """The website, if there is one."""
        return {"website": self.website} if self.website else {}


@dataclass(frozen=True)
class Form:
    """The form below an entry, empty on a static page.

    ``values`` are what was typed and ``errors`` what is wrong with it, by field. ``reply_mail``
    says that mail about replies is offered. ``editing`` is the revision of a response that was
    sent already and is being changed, or empty.
    """

    action: str
    replyto: str = ""
    parent: View | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    reply_mail: bool = False
    editing: str = ""


class Responses(Sequence[View]):
    """The responses of one entry: a sequence of those at top level, each with its replies.

    Nothing is read or rendered before it is looked at, and little is kept then.
    """

    followed: ClassVar = True

    def __init__(
        self,
        entry: Entry,
        conversation: Conversation,
        renderer: "Renderer",
        feeds: Mapping[str, str],
    ) -> None:
        self.entry = entry
        self.conversation = conversation
        self.feeds = feeds
        self._renderer = renderer
        self._views: tuple[View, ...] | None = None

    def fingerprint(self) -> bytes:
        """Bytes that differ if any page could show a difference, and are the same elsewhere."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> bytes:
        found = hashlib.blake2b(self._renderer.templates, digest_size=16)
        shown = (self.packed, self.is_open, sorted(self.feeds.items()), self.conversation.digest)
        found.update(repr(shown).encode())
        return found.digest()

    @cached_property
    def packed(self) -> str:
        """All of the entry, as a text."""
        return entries.pack(self.entry)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments, oldest first; read anew each time."""
        return self.conversation.comments

    @cached_property
    def is_open(self) -> bool:
        """Whether a response could be sent from the page when it was made."""
        return self._renderer.offers_form(self.entry)

    @property
    def total(self) -> int:
        """How many there are, replies included."""
        return self.conversation.total

    @property
    def updated(self) -> datetime | None:
        """When the latest was made, or None."""
        return self.conversation.updated

    @property
    def views(self) -> tuple[View, ...]:
        """All of them in reading order."""
        if self._views is None:
            self._views = self._renderer.views(self.entry, arrange(self.comments))
            self._renderer.looked_at(self)
        return self._views

    def forget(self) -> None:
        """Let go of what can be read again."""
        self._views = None

    @property
    def _top(self) -> tuple[View, ...]:
        return tuple(view for view in self.views if view.depth == 0)

    @property
    def html(self) -> Markup:
        """The whole section: heading, threads and form; rendered anew each time."""
        return self._renderer.thread(self)

    @cached_property
    def count_html(self) -> Markup:
        """The link that says how many there are."""
        return self._renderer.count(self)

    def __len__(self) -> int:
        return len(self._top)

    def __iter__(self) -> Iterator[View]:
        return iter(self._top)

    @overload
    def __getitem__(self, index: int) -> View: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[View]: ...
    def __getitem__(self, index: int | slice) -> View | Sequence[View]:
        return self._top[index]


@dataclass(frozen=True)
class Renderer:
    """The templates of one site. ``now`` decides what is still open.

    ``templates`` are bytes that differ if the templates do.
    """

    environment: Environment
    settings: Settings
    look: Look
    siteurl: str
    now: datetime
    templates: bytes = b""
    _looked_at: deque[Responses] = field(default_factory=deque, compare=False, repr=False)

    @classmethod
    def over(
        cls, environment: Environment, settings: Settings, look: Look, siteurl: str, now: datetime
    ) -> Self:
        """A renderer that finds a theme's templates first, then ours.

        The overlay escapes everywhere, in included templates and blocks too, which an
        ``autoescape`` block does not, and leaves the theme's own environment as it was.
        """
        ours = FileSystemLoader(TEMPLATES)
        loaders: list[BaseLoader] = [environment.loader] if environment.loader else []
        loaders += [ours, PrefixLoader({"!afterword": ours})]
        overlay = environment.overlay(loader=ChoiceLoader(loaders), autoescape=True)
        return cls(overlay, settings, look, siteurl, now)

    def looked_at(self, responses: Responses) -> None:
        """Note that responses have been read, and let go of those read long ago."""
        self._looked_at.append(responses)
        if len(self._looked_at) > _AT_ONCE:
            self._looked_at.popleft().forget()

    def offers_form(self, entry: Entry) -> bool:
        """Whether the form is shown: the entry is open, and there is an address to send it to."""
        return bool(self.settings.url) and entry.is_open(self.now)

    def thread(self, responses: Responses) -> Markup:
        """Render ``comments/thread.html``."""
        return self._render(
            "thread",
            entry=responses.entry,
            comments=responses,
            count=responses.total,
            open=responses.is_open,
            form=self._form() if responses.is_open else None,
            feeds={name: f"{self.siteurl}/{url}" for name, url in responses.feeds.items()},
        )

    def frame(self, variables: Mapping[str, object]) -> str | None:
        """Render an empty page of the theme for the service, or None if the theme cannot.

        Without escaping: it holds the theme's and the author's own text, and two slots.
        """
        plain = self.environment.overlay(autoescape=False)
        slots = {"title": TITLE_SLOT, "content": CONTENT_SLOT}
        place = {"output_file": "comments/index.html", "page_name": "comments/index"}
        page = plain.get_template("comments/frame.html").render(
            {**variables, **place, "slots": slots}
        )
        return page if page.count(CONTENT_SLOT) == 1 else None

    def count(self, responses: Responses) -> Markup:
        """Render ``comments/count.html``."""
        return self._render(
            "count", entry=responses.entry, count=responses.total, open=responses.is_open
        ).strip()

    def recent(self, items: Iterable[View]) -> Markup:
        """Render ``comments/recent.html``."""
        return self._render("recent", items=list(items)).strip()

    def views(self, entry: Entry, thread: Thread) -> tuple[View, ...]:
        """Return a view of each response in reading order, nested to at most ``max_depth``."""
        is_open = self.offers_form(entry)
        views: list[View] = []
        by_id: dict[str, View] = {}
        branch: list[View] = []  # the last view at each level, down to the current one
        for placed in thread.placed:
            depth = min(placed.depth, self.settings.max_depth - 1)
            parent = by_id[placed.parent.id] if placed.parent else None
            view = self._view(
                entry,
                placed.comment,
                parent=parent,
                depth=depth,
                flattened=placed.depth > depth,
                is_open=is_open,
            )
            del branch[depth:]
            if branch:
                branch[-1].replies.append(view)
            branch.append(view)
            by_id[view.id] = view
            views.append(view)
        return tuple(views)

    def view(self, entry: Entry, comment: Comment) -> View:
        """Return a view of one response by itself."""
        return self._view(entry, comment)

    def _form(self) -> Form:
        return Form(self.settings.url, reply_mail=self.settings.reply_mail)

    def _view(  # noqa: PLR0913  # what its place in the thread adds to the comment
        self,
        entry: Entry,
        comment: Comment,
        *,
        parent: View | None = None,
        depth: int = 0,
        flattened: bool = False,
        is_open: bool = False,
    ) -> View:
        author = markup.clean(comment.author)
        return View(
            id=comment.id,
            entry=entry,
            author=escape(author),
            initials=escape(_initials(author)),
            website=markup.link(comment.website) if comment.website else None,
            source=markup.link(comment.source) if comment.source else None,
            date=in_zone(comment.date, self.look.zone),
            iso_date=comment.date.isoformat(timespec="seconds"),
            locale_date=self.look.date(comment.date),
            locale_time=self.look.time(comment.date),
            kind=comment.kind,
            by_author=comment.by_author,
            depth=depth,
            flattened=flattened,
            parent=parent,
            reply_url=self._reply_url(entry, comment) if is_open else None,
            body=comment.body,
        )

    def _reply_url(self, entry: Entry, comment: Comment) -> Markup:
        query = urlencode({"entry": entry.key, "replyto": comment.id})
        return escape(f"{urljoin(self.settings.url, 'new')}?{query}")

    def _render(self, name: str, **variables: object) -> Markup:
        template = self.environment.get_template(f"comments/{name}.html")
        return Markup(template.render(**variables))  # noqa: S704  # rendered with autoescape on


@dataclass(frozen=True)
class Overview:
    """The responses of a whole site, in the order in which Pelican lists its content."""

    renderer: Renderer
    responses: tuple[Responses, ...]

    @cached_property
    def newest(self) -> "Newest":
        """All responses to entries that everybody can find, newest first."""
        public = [each for each in self.responses if each.entry.standing is Standing.PUBLISHED]
        by_key = {each.entry.key: each for each in public}
        ranks = [
            (answer.rank(each.entry.key), answer.digest)
            for each in by_key.values()
            for answer in each.conversation.answers
        ]
        ranks.sort(reverse=True)
        return Newest(ranks, by_key.__getitem__)


class Newest(Sequence[tuple[Entry, Comment]]):
    """Responses with their entries, newest first. Those that are looked at are read.

    ``ranks`` are those of the responses, with their digests. ``find`` returns the responses of
    the entry that has a key.
    """

    def __init__(self, ranks: Sequence[tuple[str, str]], find: Callable[[str], Responses]) -> None:
        self._ranks = ranks
        self._find = find

    def fingerprint(self) -> bytes:
        """Bytes that differ if anything that these say could, or their order."""
        found = hashlib.blake2b(digest_size=16)
        for rank, digest in self._ranks:
            entry = self._find(ranked(rank)[1]).packed
            found.update(f"{rank}\0{digest}\0{entry}\0".encode())
        return found.digest()

    def recent(self, renderer: Renderer) -> Markup:
        """Render all of these."""
        return renderer.recent(renderer.view(*pair) for pair in self)

    def __len__(self) -> int:
        return len(self._ranks)

    def __iter__(self) -> Iterator[tuple[Entry, Comment]]:
        for rank, _ in self._ranks:
            comment_id, key = ranked(rank)
            responses = self._find(key)
            # One that was removed since they were counted is left to the next build.
            if comment := responses.conversation.comment(comment_id):
                yield responses.entry, comment

    @overload
    def __getitem__(self, index: int) -> tuple[Entry, Comment]: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> "tuple[Entry, Comment] | Newest":
        if isinstance(index, slice):
            return type(self)(self._ranks[index], self._find)
        return next(iter(type(self)([self._ranks[index]], self._find)))


def _initials(author: str) -> str:
    return "".join(word[0] for word in author.split()[:2]).upper()
