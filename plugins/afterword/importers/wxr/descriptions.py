"""What a site said of its categories and tags, as the files that it becomes."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Entry, Finding, Page, Skipped, Thread
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.names import file_name
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.records import Term
from afterword.importers.wxr.terms import full_name, lineage, own_name, tag_name
from afterword.importers.wxr.texts import Texts

# A path with more bytes is too long for some places that files are copied to.
_MOST_BYTES: Final = 180


def descriptions(posts: Posts, desk: Desk) -> Iterator[Finding]:
    """Yield a file for each category and tag that has a description and is in use."""
    used = {each for key in posts.used if key in posts.terms for each in _above(key, posts)}
    taken: set[str] = set()
    for key, term in posts.terms.items():
        folder = desk.folders.get(term.taxonomy, "")
        metadata = tuple(_metadata(term, posts))
        if not folder or not (term.description or len(metadata) > 1):
            continue
        name = "tag" if term.taxonomy == "post_tag" else term.taxonomy
        thread = Thread(f"{name} {term.slug}", f"{name} {term.slug}")
        if not metadata[0][1]:
            yield Skipped(thread.place, "has a name that no post can be filed under")
            continue
        if key not in used:
            yield Skipped(thread.place, "is described, but no post is in it", expected=True)
            continue
        file = _file(term, posts)
        if f"{folder}/{file}".casefold() in taken:
            file = f"{file}-{fields.made_id(*key)}"
        taken.add(f"{folder}/{file}".casefold())
        page = partial(_page, term.description, metadata, posts, desk)
        yield Entry(thread, f"{folder}/{file}.md", page)


def _page(text: str, metadata: tuple[tuple[str, str], ...], posts: Posts, desk: Desk) -> Page:
    texts = Texts(posts, desk)
    return Page(metadata, texts.whole(text), texts.uploads(), tuple(texts.notes()))


def _above(key: tuple[str, str], posts: Posts) -> Iterator[tuple[str, str]]:
    for each in lineage(posts.terms[key], posts.terms):
        yield each.taxonomy, each.slug


def _metadata(term: Term, posts: Posts) -> Iterator[tuple[str, str]]:
    """What says of what a file is, so that nobody has to know the slug that Pelican makes."""
    if term.taxonomy == "post_tag":
        yield "Describes", tag_name(term.name)
        return
    name = full_name(term, posts.terms)
    yield "Describes", name
    # A name that cannot stand in a `Category:` line is shown all the same.
    if name.rpartition("/")[2] != own_name(term):
        yield "Title", own_name(term)


def _file(term: Term, posts: Posts) -> str:
    """Where the file of a term lies: as the address of its page was."""
    above = lineage(term, posts.terms) if term.taxonomy == "category" else (term,)
    parts = [file_name(each.slug, each.name) for each in above]
    parts = [each or fields.made_id(term.taxonomy, term.slug) for each in parts]
    path = "/".join(parts)
    return path if len(path.encode()) <= _MOST_BYTES else parts[-1]
