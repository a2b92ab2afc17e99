"""One publishing of changed responses: what is another now, and which files show it."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from jinja2 import TemplateError

from afterword import documents, feeds, ledger, parts
from afterword.conversations import Conversation
from afterword.errors import ResponsesLeftOut
from afterword.feeds import Publication
from afterword.ledger import ENTRIES, Line, Ranks
from afterword.parts import NEWEST
from afterword.published import Problem
from afterword.render import Newest, Renderer, Responses
from incremental.facts import Changes
from incremental.folders import Folders
from incremental.fragments import Fragment
from incremental.splicing import Splice
from incremental.state import State

# Of so many other entries what was read is kept in memory.
_AT_ONCE: Final = 256


class AlsoChanged(Exception):  # a finding, not a fault
    """The responses to another entry, which is shown beside, have changed too."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Edition:
    """What is to be published of some entries; nothing is written before that is asked for.

    ``needed`` says what only a build can do, by page or entry.
    """

    def __init__(
        self, output: Path, state: State, site: Publication, renderer: Renderer, folders: Folders
    ) -> None:
        self.needed: dict[str, str] = {}
        self._state = state
        self._facts = state.facts
        self._site = site
        self._renderer = renderer
        self._folders = folders
        self._files = lru_cache(_AT_ONCE)(folders.files)
        self._splice = Splice(output, state)
        self._before: dict[str, Line] = {}
        self._now: dict[str, Responses] = {}
        self._changes: Changes = {}
        self.find = lru_cache(_AT_ONCE)(self._find)

    @property
    def keys(self) -> Collection[str]:
        """The entries that it is about."""
        return sorted(self._now)

    def changed(self) -> Collection[str]:
        """The keys of all entries whose files are not those that were published last."""
        found = self._folders.look()
        empty = Conversation.of("").summary
        return [
            key
            for key, text in self._facts.all(ENTRIES).items()
            if not text.endswith(f", {found.get(key, empty)}]")
        ]

    def take(self, keys: Collection[str]) -> None:
        """Read the responses of these entries as they are now."""
        for key in keys:
            text = self._facts.get(ENTRIES, key)
            if text is None:
                self.needed[key] = "the last build knows no post or page with this comment key"
                continue
            before = self._before[key] = Line.of_text(text)
            summary = self._folders.look_at(key)
            talk = Conversation(key, summary, self._files) if summary else Conversation.of(key)
            self._now[key] = self._responses(before, talk)

    def problems(self, root: Path) -> Sequence[str]:
        """What an author should mend. Raises ResponsesLeftOut if the settings are strict."""
        found = [
            str(Problem(root / key / name, line, reason))
            for key, each in self._now.items()
            for name, line, reason in each.conversation.problems
        ]
        if found and self._renderer.settings.strict:
            raise ResponsesLeftOut(tuple(found))
        return found

    def decide(self) -> None:
        """Find out which files are to be others, and whether that can be done without a build.

        Raises AlsoChanged.
        """
        versions = {
            key: responses.fingerprint()
            for key, responses in self._now.items()
            if responses.fingerprint() != self._state.version(key)
        }
        for key in versions:
            self._look(key)
            self._take_feed(key)
        lines = {key: self._line(key) for key in self._now}
        before = {key: line.text for key, line in self._before.items()}
        self._changes = ledger.changes(self._facts, before, lines)
        ranks = Ranks(self._facts, self._changes)
        newest = Newest(ranks, self.find)
        of_newest = parts.version_of_newest(newest, self._renderer)
        if of_newest != self._state.version(NEWEST):
            versions[NEWEST] = of_newest
        if (depth := ranks.depth()) is not None:
            self._take_feed_of_site(newest, depth)
        self._splice.renew(versions, lambda fragment: self._make(fragment, newest))
        self.needed |= self._splice.refusals

    def write(self) -> Sequence[str]:
        """Do it, and return the names of the files that are others now. Raises as Splice does."""
        return self._splice.write(self._changes)

    def _responses(self, line: Line, conversation: Conversation) -> Responses:
        entry = line.entry
        paths = feeds.paths(entry, answered=conversation.total > 0)
        return Responses(entry, conversation, self._renderer, paths)

    def _line(self, key: str) -> Line:
        now = self._now[key]
        summary = now.conversation.summary
        return Line(now.packed, self._before[key].subjects, now.is_open, summary)

    def _find(self, key: str) -> Responses:
        """The responses to an entry as they are to be shown. Raises AlsoChanged."""
        if key in self._now:
            return self._now[key]
        line = Line.of_text(self._facts.get(ENTRIES, key) or "")
        conversation = Conversation(key, line.summary, self._files)
        known = self._folders.known(key) or self._folders.look_at(key)
        if known is None or Conversation(key, known, self._files).digest != conversation.digest:
            raise AlsoChanged(key)
        return self._responses(line, conversation)

    def _look(self, key: str) -> None:
        """Find the pages whose templates have looked at what is another now."""
        line, now = self._before[key], self._now[key]
        before = self._responses(line, Conversation(key, line.summary, self._files))
        pairs = {
            "comments": (b"", now.fingerprint()),
            "comments_count": (before.total, now.total),
            "comments_open": (line.is_open, now.is_open),
            "comments_feeds": (before.feeds, now.feeds),
            "comments_updated": (before.updated, now.updated),
        }
        others = [name for name, (was, is_now) in pairs.items() if was != is_now]
        for subject in line.subjects:
            self._splice.look(subject, others)

    def _take_feed(self, key: str) -> None:
        """Make the entry's own feed anew."""
        newest, now = self._renderer.settings.feed_items, self._now[key]
        jobs = list(feeds.jobs_of_entries([now], self._site, newest))
        self._splice.put(jobs)
        before = documents.files_of_entry(now.entry, len(self._before[key].answers), newest)
        self._splice.drop({*before} - {job.path for job in jobs})

    def _take_feed_of_site(self, newest: Newest, depth: int) -> None:
        """Make those documents anew of the feed of all responses that show what has changed."""
        items, total = self._renderer.settings.feed_items, len(newest)
        jobs = feeds.jobs_of_site(newest, self._site, items)
        self._splice.put(islice(jobs, documents.jobs_until(depth, total, items)))
        before = documents.files_of_site(ledger.total(self._facts), items)
        self._splice.drop({*before} - {*documents.files_of_site(total, items)})

    def _make(self, fragment: Fragment, newest: Newest) -> str:
        """Return a part of a page as it is now. Raises ValueError for what is none of ours."""
        kind, argument = fragment.kind, fragment.argument
        try:
            if fragment.key == NEWEST:
                return parts.of_newest(kind, newest, self._renderer, argument)
            return parts.of_entry(kind, self._now[fragment.key], argument)
        except TemplateError as error:
            raise ValueError(str(error)) from error
