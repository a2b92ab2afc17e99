"""Comments of WordPress as responses: what was public there, and nothing else, is public here.

Only types that are known to be public are published, because editors' notes and orders are kept
as comments too; and an approved comment on a post that not everybody could read waits for a
decision.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from afterword.importers import fields
from afterword.importers.findings import Finding, Response, Skipped, Wording
from afterword.importers.wxr.paragraphs import paragraphs
from afterword.importers.wxr.post import Post
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.records import OWN, Comment
from afterword.model import Kind, Status

_KINDS: Final = {
    "": Kind.COMMENT,
    "comment": Kind.COMMENT,
    "pingback": Kind.PINGBACK,
    "trackback": Kind.PINGBACK,
}
# Nobody misses these, for no reader has ever seen them.
_INTERNAL: Final = frozenset(["action_log", "note", "order_note", "webhook_delivery"])
_STATUS: Final = {
    "1": Status.APPROVED,
    "0": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.TRASH,
    "post-trashed": Status.TRASH,
}
_NOBODY: Final = frozenset(["", "0"])


def response(path: Path, comment: Comment, post: Post, known: Posts) -> Finding:
    """Return what becomes of a comment on a post."""
    which = comment.id or f"number {comment.number} of item {comment.item}, without an id"
    place = f"{path.name}: comment {which}"
    number = comment.id or fields.made_id(
        post.thread.id, comment.author, comment.date, comment.content
    )
    above = comment.parent if comment.parent not in _NOBODY else None
    if ours := _ours(comment):
        return _given_back(ours, comment, post, place)
    kind = _KINDS.get(comment.kind)
    if kind is None:
        private = comment.kind in _INTERNAL
        reason = f"is of the type {comment.kind!r}, which "
        reason += "was for editors only" if private else "is not known to be for readers"
        return Skipped(place, reason, private, post.thread.id, number, above)  # as named
    status, notes = _status(comment, post)
    date, doubt = _date(comment, post, known)
    writer = known.writers.get(post.creator)
    return Response(
        thread=post.thread.id,
        id=number,
        place=place,
        author=comment.author,
        body=paragraphs(comment.content),
        date=date,
        status=status,
        wording=Wording.HTML,
        email=comment.email,
        website=comment.website,
        parent=above,
        kind=kind,
        by_author=writer is not None and comment.user == writer.id and writer.id not in _NOBODY,
        notes=notes + doubt,
    )


def _ours(comment: Comment) -> Mapping[str, Any]:
    """The response as it was here, in an export of ours; else nothing."""
    text = next((value for name, value in comment.meta if name == OWN), "")
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("id") else {}


def _given_back(ours: Mapping[str, Any], comment: Comment, post: Post, place: str) -> Finding:
    try:
        kind = Kind(ours.get("kind") or Kind.COMMENT)
    except ValueError as error:
        return Skipped(place, f"its kind is unknown: {error}")
    status, notes = _status(comment, post)
    return Response(
        thread=post.thread.id,
        id=str(ours["id"]),
        place=place,
        author=str(ours.get("author") or ""),
        body=str(ours.get("body") or ""),
        date=fields.moment(ours.get("date")),
        status=status,
        email=comment.email,
        website=str(ours.get("website") or ""),
        parent=str(ours["replyto"]) if ours.get("replyto") else None,
        kind=kind,
        by_author=ours.get("role") == "author",
        source=str(ours["source"]) if ours.get("source") else None,
        ours=True,
        alone=ours.get("alone") is True,
        notes=notes,
    )


def _status(comment: Comment, post: Post) -> tuple[Status, tuple[str, ...]]:
    status = _STATUS.get(comment.approved)
    if status is None:
        said = repr(comment.approved) if comment.approved else "not given"
        return Status.PENDING, (f"its state is {said}; it waits for your decision",)
    if status is Status.APPROVED and post.hidden:
        return Status.PENDING, (f"its post {post.hidden}; it waits for your decision",)
    return status, ()


def _date(comment: Comment, post: Post, known: Posts) -> tuple[datetime | None, tuple[str, ...]]:
    """When it was written: by UTC, else by the site's clock, else with its post."""
    if date := fields.moment(comment.date_gmt):
        return date, ()
    try:
        if local := fields.moment(comment.date):
            return local - (known.ahead if post.ahead is None else post.ahead), ()
    except OverflowError:
        pass
    if post.date:
        return post.date, (f"has no date; takes that of its post, {post.date.isoformat()}",)
    return None, ()
