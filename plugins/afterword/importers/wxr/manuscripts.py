"""Posts and pages of WordPress as the Markdown files that the site's author goes on writing."""

from collections.abc import Sequence
from html import unescape

from afterword.importers import fields
from afterword.importers.findings import Entry
from afterword.importers.wxr.clock import shown
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.post import Post
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.records import Item
from afterword.importers.wxr.terms import lines, listed
from afterword.importers.wxr.texts import Texts


def manuscript(item: Item, post: Post, posts: Posts, desk: Desk) -> Entry:
    """Return a post or page as the file that it becomes."""
    texts = Texts(posts, desk, lambda ids: _pictures(ids, item, posts))
    text = texts.whole(item.content)
    summary = texts.line(item.excerpt)
    opening = text.split("\n\n<!--more-->", 1)
    if not summary and len(opening) > 1 and "\n" not in opening[0]:
        summary = opening[0]
    ahead = posts.ahead if post.ahead is None else post.ahead
    metadata = [
        ("Title", fields.line(item.title) or post.thread.key),
        ("Date", shown(item.date, item.date_gmt, ahead)),
        ("Modified", shown(item.modified, item.modified_gmt, ahead)),
        ("Slug", post.thread.key),
        *lines(item.labels, posts.terms),
        ("Authors", listed([_writer(item, posts)])),
        # Drafts of Pelican have a page that whoever guesses its address can read.
        ("Status", "skip" if post.hidden else ""),
        ("Comments", _comments(item)),
        ("Guid", fields.line(item.guid)),
        ("Sticky", "yes" if item.sticky else ""),
        ("Summary", summary),
    ]
    if metadata[1][1] == metadata[2][1]:
        del metadata[2]
    notes = [*texts.notes()]
    if post.hidden:
        notes.append(f"{post.hidden}; its Status line keeps it out of the site")
    return Entry(
        post.thread,
        desk.file(post),
        tuple((name, value) for name, value in metadata if value),
        text,
        texts.uploads(),
        tuple(notes),
    )


def _pictures(ids: Sequence[str], item: Item, posts: Posts) -> Sequence[tuple[str, str]]:
    named = [posts.by_id[each] for each in ids if each in posts.by_id]
    shown = named if ids else list(posts.pictures(item.id))
    return [(each.attachment, each.alt) for each in shown if each.attachment]


def _writer(item: Item, posts: Posts) -> str:
    writer = posts.writers.get(item.creator)
    return unescape(writer.name if writer else item.creator)


def _comments(item: Item) -> str:
    if not item.comments_open:
        return "closed"
    return "open" if item.kind == "page" else ""
