"""Posts and pages of WordPress as the Markdown files that the site's author goes on writing."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from afterword.importers import fields
from afterword.importers.ampersands import finite, unescaped
from afterword.importers.findings import Page
from afterword.importers.wxr import postmeta, writers
from afterword.importers.wxr.clock import shown
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.footnotes import Footnotes
from afterword.importers.wxr.post import Post
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.records import Item
from afterword.importers.wxr.terms import lines, listed, others
from afterword.importers.wxr.texts import Texts
from afterword.importers.wxr.wellformed import title

# Without a date there can be no post, and one that has none stops a build.
_UNDATED: Final = "1970-01-01 00:00:00+00:00"


def manuscript(item: Item, post: Post, posts: Posts, desk: Desk) -> Page:
    """Return a post or page as what the file says that it becomes."""
    texts = Texts(posts, desk, lambda ids: _pictures(ids, item, posts))
    notes: list[str] = []
    footnotes = Footnotes.read(postmeta.value(item.meta, "footnotes"))
    text = texts.whole(footnotes.marked(item.content))
    summary = _summary(item, footnotes.removed(text), texts, notes)
    text = footnotes.explained(text, texts.whole)
    ahead = posts.ahead if post.ahead is None else post.ahead
    date = shown(item.date, item.date_gmt, ahead)
    if not date and post.kind == "post" and not post.hidden:
        date = _UNDATED
        notes.append(f"has no date; takes {date}")
    modified = shown(item.modified, item.modified_gmt, ahead)
    metadata = (
        ("Title", fields.line(title(finite(item.title))) or post.thread.key),
        ("Date", date),
        ("Modified", "" if modified == date else modified),
        ("Slug", post.thread.key),
        *lines(item.labels, posts.terms),
        ("Authors", listed(writers.names(item, posts.writers))),
        # Drafts of Pelican have a page that whoever guesses its address can read.
        ("Status", "skip" if post.hidden else ""),
        ("Comments", _comments(item)),
        ("Guid", fields.line(item.guid)),
        ("Sticky", "yes" if item.sticky else ""),
        ("Image", _image(item, posts, texts)),
        *(("Enclosure", each) for each in _enclosed(item, texts)),
        ("Summary", summary),
    )
    notes += others(item.labels)
    if post.hidden:
        notes.append(f"{post.hidden}; its Status line keeps it out of the site")
    return Page(
        tuple((name, value) for name, value in metadata if value),
        text,
        texts.uploads(),
        (*texts.notes(), *notes),
    )


def _summary(item: Item, text: str, texts: Texts, notes: list[str]) -> str:
    """The excerpt, what search engines were told, or what stands before the mark for more."""
    told = postmeta.search_description(item.meta)
    if excerpt := texts.line(item.excerpt):
        if told:
            notes.append("has an excerpt, and words for search engines, which stay out")
        return excerpt
    if told:
        return texts.line(escape(unescaped(told)))
    opening = text.split("\n\n<!--more-->", 1)
    return opening[0] if len(opening) > 1 and "\n" not in opening[0] else ""


def _enclosed(item: Item, texts: Texts) -> Iterator[str]:
    """What the feeds of a podcast carried: where it lies, and what is known of it."""
    for address, told in dict.fromkeys(postmeta.enclosures(item.meta)):
        yield f"{texts.enclosure(address)} {told}".strip()


def _image(item: Item, posts: Posts, texts: Texts) -> str:
    """Where the featured image lies."""
    found = posts.by_id.get(postmeta.thumbnail(item.meta))
    return fields.line(texts.picture(found.attachment)) if found and found.attachment else ""


def _pictures(ids: Sequence[str], item: Item, posts: Posts) -> Sequence[tuple[str, str]]:
    named = [posts.by_id[each] for each in ids if each in posts.by_id]
    shown = named if ids else list(posts.pictures(item.id))
    return [(each.attachment, each.alt) for each in shown if each.attachment]


def _comments(item: Item) -> str:
    if not item.comments_open:
        return "closed"
    return "open" if item.kind == "page" else ""
