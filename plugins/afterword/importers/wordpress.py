"""WordPress's export: posts and pages, what they are filed under, and the responses to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Entry, Finding, Skipped
from afterword.importers.wxr.descriptions import descriptions
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.manuscripts import manuscript
from afterword.importers.wxr.post import AWAY, Post
from afterword.importers.wxr.posts import Posts, known
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Comment, Item
from afterword.importers.wxr.responses import response

# What WordPress keeps as posts, and no reader has ever seen by itself.
_OWN: Final = frozenset(
    [
        "acf-field",
        "acf-field-group",
        "custom_css",
        "customize_changeset",
        "feedback",
        "nav_menu_item",
        "oembed_cache",
        "revision",
        "user_request",
        "wp_font_face",
        "wp_font_family",
        "wp_global_styles",
        "wp_navigation",
        "wp_template",
        "wp_template_part",
    ]
)
_PARTS: Final = {
    "attachment": "an upload",
    "guest-author": "a guest author",
    "wp_block": "a reusable block",
}


@dataclass(frozen=True)
class WordPress:
    """The export of one site, in one file or several, packed or not.

    Without a ``desk`` only responses come along.
    """

    paths: tuple[Path, ...]
    desk: Desk | None = None

    @property
    def name(self) -> str:
        return "wordpress"

    def read(self) -> Iterator[Finding]:
        posts = self._posts
        if self.desk:
            yield from descriptions(posts, self.desk)
        told: set[str] = set()
        entries: set[str] = set()
        for path in self.paths:
            for record in records(path):
                if isinstance(record, Comment):
                    post = posts.posts[path, record.item]
                    if post.thread.id not in told:
                        told.add(post.thread.id)
                        # Without the posts themselves a slug is a guess, and no key.
                        sure = self.desk or post.ours
                        yield post.thread if sure else replace(post.thread, key="")
                    yield response(path, record, post, posts)
                elif isinstance(record, Item) and self.desk:
                    post = posts.posts[path, record.number]
                    if post.ours:
                        continue
                    again = post.is_text and post.thread.id in entries
                    entries.add(post.thread.id)
                    yield _entry(record, post, posts, self.desk, again=again)

    @cached_property
    def _posts(self) -> Posts:
        return known(self.paths, self.desk.reserved if self.desk else ())


def _entry(item: Item, post: Post, posts: Posts, desk: Desk, *, again: bool) -> Finding:
    place = post.thread.place
    if item.status in AWAY:
        return Skipped(place, AWAY[item.status], expected=True)
    if again:
        return Skipped(place, "stands in the source twice", expected=True)
    if post.is_text:
        page = partial(manuscript, item, post, posts, desk)
        return Entry(post.thread, desk.file(post), page, fields.line(item.guid))
    if post.kind in _PARTS:
        reason = f"is {_PARTS[post.kind]}: comes along where a text shows it"
        return Skipped(place, reason, expected=True)
    reason = f"is of the type {post.kind!r}, which "
    if post.kind in _OWN:
        return Skipped(place, reason + "WordPress keeps for itself", expected=True)
    return Skipped(place, reason + "is neither post nor page")
