"""Exports of WordPress with as many comments as one likes, and what has to become of each.

The same seed gives the same file. It is written post by post, so that its size does not matter.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from afterword import commentfile
from afterword.model import Kind, Status
from afterword.store import Query
from afterword.store.opening import look_into
from afterword.submission import Submission
from tests.afterword.importers.wxr.conftest import CHANNEL, SPACES, comment, document, item

T = TypeVar("T")

LEVELS: Final = 10
_ZERO: Final = "0000-00-00 00:00:00"
_BEGINNING: Final = datetime(2009, 5, 1, 12, tzinfo=UTC)
_AHEAD: Final = timedelta(hours=2)
# What WordPress writes, what that is here, and how many of a hundred are so.
_STATES: Final = (
    ("1", Status.APPROVED, 80),
    ("0", Status.PENDING, 6),
    ("spam", Status.SPAM, 6),
    ("trash", Status.TRASH, 4),
    ("post-trashed", Status.TRASH, 2),
    (None, Status.PENDING, 2),
)
_READERS: Final = (("", 40), ("comment", 40), ("pingback", 8), ("trackback", 4))
# Those of the first kind were for editors; what the second is, nobody knows.
_OTHERS: Final = (("note", 3), ("order_note", 2), ("review", 3))
_UNKNOWN: Final = "review"
_AT_ONCE: Final = 5000
# Most of what people write is text alone.
_PLAIN: Final = (
    "Networks work, and so do the people who mend them.",
    "I don't think so &amp; neither does she :-)",
    "Größe, naïve, 日本語, 👍🏽.",
    "See https://example.org/a_b_c?x=1 for more",
    "Five *stars*, # 1 _all_ that `stuff`.",
)
_RICH: Final = (
    "I <em>told</em> you so, <strong>twice</strong>.",
    "See https://example.org/a_b_c?x=1&amp;y=2 for <b>more</b>",
    '<a href="https://example.org/" rel="nofollow">There</a> it stands.',
    "<blockquote>It cannot be done.</blockquote>\nIt was done.",
    "3 &lt; 4, and ]]> too.",
    "First\r\nsecond\n\nthird",
    "1. Not a list\n- nor this",
    "<code>x = a[0] * b[1]</code>",
    "<script>alert(1)</script> he wrote",
    '<img src="/smile.gif" alt=":-)" /> Ha.',
)
_NAMES: Final = ("Dave", "Eve O'Brien", "Ann & Bob", "李雷", "<b>Zoë</b>", "x" * 60)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of such an export. ``parent`` is 0 for none, as in the file.

    ``status`` is that which it has to have here; None for what has to stay out. ``moment`` is
    when it was written, where the file says so.
    """

    id: int
    post: int
    parent: int
    kind: str
    status: Status | None
    moment: datetime | None

    @property
    def missed(self) -> bool:
        """Whether somebody might miss it: it stays out, and nobody knows what it was."""
        return self.kind == _UNKNOWN


def crowd(
    file: Path, *, seed: int, posts: int, comments: int, letters: int = 120
) -> Sequence[Said]:
    """Write an export of so many posts and comments, the same number to each post.

    A comment's text has about so many letters.
    """
    choice = random.Random(seed)  # noqa: S311  # a test repeats itself
    told: list[Said] = []
    head, _, tail = document("\0", channel=CHANNEL, spaces=SPACES).partition("\0")
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(head)
        for post in range(1, posts + 1):
            hidden = post % 10 == 0
            thread = _thread(choice, post, comments // posts, 100 + len(told), hidden=hidden)
            told += (said for said, _ in thread)
            out.write(
                item(
                    post,
                    *(_written(choice, said, approved, letters) for said, approved in thread),
                    title=f"Post {post}",
                    link=f"https://old.example/blog/post-{post}/",
                    post_name=f"post-{post}",
                    status="private" if hidden else "publish",
                    post_date=_local(_BEGINNING),
                    post_date_gmt=_clock(_BEGINNING),
                )
            )
        out.write(tail)
    return told


def answered(told: Sequence[Said]) -> Mapping[int, int | None]:
    """Whom each that comes along has to answer: the nearest above it that lives.

    Public ones answer public ones; those that wait, what waits as well.
    """
    known = {each.id: each for each in told}
    return {each.id: _living(each, known) for each in told if each.status}


def _living(said: Said, known: Mapping[int, Said]) -> int | None:
    lives = {Status.APPROVED}
    if said.status is not Status.APPROVED:
        lives.add(Status.PENDING)
    above = known.get(said.parent)
    while above and above.status not in lives:
        above = known.get(above.parent)
    return above.id if above else None


def depth(number: int, parents: Mapping[int, int | None]) -> int:
    """How many levels down a comment stands, from 1."""
    levels, above = 1, parents[number]
    while above:
        levels, above = levels + 1, parents[above]
    return levels


def _thread(
    choice: random.Random, post: int, size: int, first: int, *, hidden: bool
) -> Sequence[tuple[Said, str | None]]:
    """The comments of a post, each with what the file says of its state."""
    parents = dict(_parents(choice, size, first))
    made = []
    for number, parent in parents.items():
        in_chain = number < first + LEVELS
        kind = "" if in_chain else _chosen(choice, (*_READERS, *_OTHERS))
        place = 0 if in_chain else _chosen(choice, [(n, s[2]) for n, s in enumerate(_STATES)])
        approved, status, _ = _STATES[place]
        if hidden and status is Status.APPROVED:
            status = Status.PENDING
        stays = kind in dict(_OTHERS)
        moment = _BEGINNING + timedelta(minutes=number) if choice.random() < 0.97 else None
        said = Said(number, post, parent, kind, None if stays else status, moment)
        made.append((said, approved))
    return made


def _parents(choice: random.Random, size: int, first: int) -> Iterator[tuple[int, int]]:
    """Who answers whom: one chain of all levels, then anybody, down to the last level."""
    levels: dict[int, int] = {}
    for number in range(first, first + size):
        if number < first + LEVELS:
            parent = number - 1 if number > first else 0
        elif choice.random() < 0.05 and number + LEVELS < first + size:
            # Numbers are not always in the order of the answers; who stands there is at the top.
            parent = number + LEVELS
            levels[parent] = 1
        elif choice.random() < 0.6:
            parent = choice.choice([each for each in levels if each < number][-50:])
        else:
            parent = 0
        if number in levels or (parent and levels.get(parent, 0) >= LEVELS):
            parent = 0
        levels[number] = levels[parent] + 1 if parent else 1
        yield number, parent


def _written(choice: random.Random, said: Said, approved: str | None, letters: int) -> str:
    texts = _PLAIN if choice.random() < 0.7 else _PLAIN + _RICH
    text = choice.choice(texts)
    while len(text) < letters:
        text += choice.choice((" ", "\n", "\n\n")) + choice.choice(texts)
    utc, local = (_ZERO, _ZERO) if said.moment is None else (said.moment, said.moment + _AHEAD)
    # Old ones have the site's own time only.
    only_local = said.moment is not None and choice.random() < 0.05
    return comment(
        said.id,
        author=choice.choice(_NAMES),
        author_email=f"r{said.id}@example.org" if choice.random() < 0.9 else "",
        author_url=choice.choice(("", "https://example.org/~r", "example.org", "none")),
        author_IP=f"2001:db8::{said.id % 65536:x}",
        date=_clock(local),
        date_gmt=_ZERO if only_local else _clock(utc),
        content=text,
        approved=approved,
        type=said.kind,
        parent=said.parent,
    )


def _chosen(choice: random.Random, weighted: Sequence[tuple[T, int]]) -> T:
    values = [value for value, _ in weighted]
    return choice.choices(values, [weight for _, weight in weighted])[0]


def _local(moment: datetime) -> str:
    return _clock(moment + _AHEAD)


def _clock(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else moment.strftime("%Y-%m-%d %H:%M:%S")


def check_arrival(root: Path, told: Sequence[Said]) -> None:
    """Hold a blog's files and its queue against what an export said."""
    parents = answered(told)
    coming = {str(each.id): each for each in told if each.status}
    files = {path.stem: path for path in (root / "content/comments").rglob("*.md")}
    public = {name for name, each in coming.items() if each.status is Status.APPROVED}
    assert files.keys() == public
    for name, path in files.items():
        said = coming[name]
        found = commentfile.read(path, f"post-{said.post}")
        assert path.parent.name == found.entry
        assert found.replyto == _named(parents[said.id])
        assert found.date == (said.moment or _BEGINNING)
        assert (found.kind is Kind.PINGBACK) == (said.kind in {"pingback", "trackback"})
        text = path.read_text(encoding="utf-8")
        assert "2001:db8" not in text
        assert f"r{said.id}@" not in text
    queued = {row.id: row for row in _queued(root)}
    assert queued.keys() == coming.keys()
    for name, row in queued.items():
        said = coming[name]
        assert (row.status, row.entry) == (said.status, f"post-{said.post}")
        assert row.replyto == _named(parents[said.id])
        assert row.email in {"", f"r{said.id}@example.org"}
        assert row.settled


def _queued(root: Path) -> Iterator[Submission]:
    with closing(look_into("", root / "var", lambda: _BEGINNING)) as store:
        offset = 0
        while found := store.find(Query(offset=offset, limit=_AT_ONCE)).submissions:
            yield from found
            offset += len(found)


def _named(number: int | None) -> str | None:
    return None if number is None else str(number)
