"""From a flat list of responses to threads, in linear time and without recursion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from afterword.model import Comment


@dataclass(frozen=True, slots=True)
class Placed:
    """One response in its thread: how deep it stands (0 = top), and what it answers there."""

    comment: Comment
    depth: int
    parent: Comment | None


@dataclass(frozen=True, slots=True)
class Thread:
    """All responses of one entry in reading order: each is followed by its replies.

    ``orphans`` answer a response that is not there, ``looping`` ones answer each other in a
    circle. Both stand at top level: nothing that was approved vanishes.
    """

    placed: tuple[Placed, ...]
    orphans: tuple[Comment, ...]
    looping: tuple[Comment, ...]


def sort_key(comment: Comment) -> tuple[object, ...]:
    """Order by date, then id; numbers among the ids count as numbers."""
    number = comment.id.isdecimal()
    return comment.date, not number, int(comment.id) if number else 0, comment.id


def arrange(comments: Iterable[Comment]) -> Thread:
    """Arrange the comments of one entry, whose ids are unique, into their threads."""
    ordered = sorted(comments, key=sort_key)
    by_id = {comment.id: comment for comment in ordered}
    looping = _looping(by_id)
    replies: dict[str, list[Comment]] = {}
    top: list[Comment] = []
    for comment in ordered:
        if comment.replyto in by_id and comment.id not in looping:
            replies.setdefault(comment.replyto or "", []).append(comment)
        else:
            top.append(comment)
    return Thread(
        placed=_in_reading_order(top, replies),
        orphans=tuple(c for c in ordered if c.replyto and c.replyto not in by_id),
        looping=tuple(c for c in ordered if c.id in looping),
    )


def _in_reading_order(
    top: list[Comment], replies: Mapping[str, list[Comment]]
) -> tuple[Placed, ...]:
    placed: list[Placed] = []
    waiting = [Placed(comment, 0, None) for comment in reversed(top)]
    while waiting:
        here = waiting.pop()
        placed.append(here)
        waiting += [
            Placed(reply, here.depth + 1, here.comment)
            for reply in reversed(replies.get(here.comment.id, []))
        ]
    return tuple(placed)


def _looping(by_id: Mapping[str, Comment]) -> frozenset[str]:
    """The ids that lie on a circle of replies; those that only hang on one are not among them."""
    looping: set[str] = set()
    walked: set[str] = set()
    for start in by_id:
        path: dict[str, int] = {}
        here: str | None = start
        while here in by_id and here not in walked:
            assert here is not None  # noqa: S101  # None is no key of by_id
            walked.add(here)
            path[here] = len(path)
            here = by_id[here].replyto
        if here in path:  # this walk has met itself
            looping.update(list(path)[path[here] :])
    return frozenset(looping)
