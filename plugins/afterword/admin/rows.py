"""What the moderator's pages show of a submission. Texts are plain; the templates escape them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from afterword import markup
from afterword.entries import Listed
from afterword.errors import EntriesUnknown
from afterword.model import Comment
from afterword.store import Store
from afterword.submission import Submission

_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One submission, what it answers, and where that is."""

    submission: Submission
    author: str
    website: Markup | None
    content: Markup
    when: str
    title: str
    url: str | None
    parent_author: str
    parent_excerpt: str
    parent_published: bool


@dataclass(frozen=True)
class Rows:
    """Makes rows. ``entry`` looks an entry up, ``published`` a response file."""

    store: Store
    entry: Callable[[str], Listed | None]
    published: Callable[[str, str], Comment | None]
    when: Callable[[datetime], str]

    def of(self, submissions: Iterable[Submission]) -> Sequence[Row]:
        """A row for each."""
        return [self._row(each) for each in submissions]

    def _row(self, each: Submission) -> Row:
        listed = self._listed(each.entry)
        parent = self._parent(each)
        return Row(
            submission=each,
            author=markup.clean(each.author) or "(no name)",
            website=markup.link(each.website) if each.website else None,
            content=markup.to_html(each.body),
            when=self.when(each.date),
            title=listed.entry.title if listed else each.entry,
            url=listed.entry.url if listed else None,
            parent_author=markup.clean(parent.author) if parent else "",
            parent_excerpt=_excerpt(parent.body) if parent else "",
            parent_published=bool(listed and each.replyto in listed.ids),
        )

    def _listed(self, key: str) -> Listed | None:
        try:
            return self.entry(key)
        except EntriesUnknown:
            return None

    def _parent(self, each: Submission) -> Submission | Comment | None:
        if not each.replyto:
            return None
        return self.store.get(each.replyto) or self.published(each.entry, each.replyto)


def _excerpt(body: str) -> str:
    text = " ".join(str(markup.to_text(body[:2000])).split())
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
