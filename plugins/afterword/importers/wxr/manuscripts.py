"""Posts and pages of WordPress as the Markdown files that the site's author goes on writing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from afterword.importers import fields
from afterword.importers.findings import Entry
from afterword.importers.wxr.blocks import unblock
from afterword.importers.wxr.posts import Post, Posts, lineage
from afterword.importers.wxr.prose import prose
from afterword.importers.wxr.records import Item, Term
from afterword.importers.wxr.shortcodes import Shortcodes

_PART: Final = re.compile(r"(?:<p>\s*)?<!--(more|nextpage)\b.*?-->(?:\s*</p>)?", re.DOTALL)
_UPLOAD: Final = re.compile(r"/wp-content/uploads/(.+)", re.IGNORECASE)
# WordPress.com and its plugins serve uploads from other hosts, too.
_HOSTS: Final = re.compile(r"i\d\.wp\.com|[\w.-]+\.files\.wordpress\.com")
_SIZE: Final = re.compile(r"-\d+x\d+(?=\.\w+$)")
_WEB: Final = re.compile(r"https?://|//", re.IGNORECASE)
_ABOVE: Final = re.compile(r"(^|/)\.\.?(/|$)")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where posts and pages go: folders below the content folder, by their kinds.

    ``uploads`` is a copy of the folder that WordPress keeps what was uploaded in, or None;
    ``images`` is where that goes, below the content folder.
    """

    folders: Mapping[str, str]
    uploads: Path | None = None
    images: str = "images"

    def file(self, post: Post) -> str:
        """The file of a post or page, relative to the content folder."""
        return f"{self.folders[post.kind]}/{post.thread.key}.md".lstrip("/")


def manuscript(item: Item, post: Post, posts: Posts, desk: Desk) -> Entry:
    """Return a post or page as the file that it becomes."""
    links = _Links(posts, desk)
    shortcodes = Shortcodes(lambda ids: _pictures(ids, item, posts))
    text, notes = _text(item.content, shortcodes, links)
    summary = _line(item.excerpt, shortcodes, links)
    opening = text.split("\n\n<!--more-->", 1)
    if not summary and len(opening) > 1 and "\n" not in opening[0]:
        summary = opening[0]
    metadata = [
        ("Title", fields.line(item.title) or post.thread.key),
        ("Date", _moment(item.date, item.date_gmt, post, posts)),
        ("Modified", _moment(item.modified, item.modified_gmt, post, posts)),
        ("Slug", post.thread.key),
        *_labels(item, posts),
        ("Authors", _listed([_writer(item, posts)])),
        # Drafts of Pelican have a page that whoever guesses its address can read.
        ("Status", "skip" if post.hidden else ""),
        ("Comments", _comments(item)),
        ("Guid", fields.line(item.guid)),
        ("Sticky", "yes" if item.sticky else ""),
        ("Summary", summary),
    ]
    if metadata[1][1] == metadata[2][1]:
        del metadata[2]
    told = [*notes, *links.notes()]
    told += [f"has the shortcode {each!r}, which stays as it is" for each in shortcodes.unknown]
    if post.hidden:
        told.append(f"{post.hidden}; its Status line keeps it out of the site")
    return Entry(
        post.thread,
        desk.file(post),
        tuple((name, value) for name, value in metadata if value),
        text,
        tuple(links.uploads.items()),
        tuple(dict.fromkeys(told)),
    )


@dataclass
class _Links:
    """Leads links of a post to the files that are here now; ``uploads`` by where they lie."""

    posts: Posts
    desk: Desk
    uploads: dict[Path, str] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def lead(self, address: str, shown: bool) -> str:  # noqa: FBT001  # called by its type
        if not shown and (post := self.posts.named(address)):
            fragment = urlsplit(address).fragment
            return f"{{filename}}/{self.desk.file(post)}" + (f"#{fragment}" if fragment else "")
        place = self._upload(address)
        source = self._found(place) if place else None
        if source is None:
            if place or (shown and _WEB.match(address)):
                self.missing[address] = None
            return address
        name = f"{self.desk.images}/{source.relative_to(self.desk.uploads or '').as_posix()}"
        self.uploads[source] = name
        return f"{{static}}/{name}"

    def _upload(self, address: str) -> str:
        """Where an address lies in the folder of uploads; empty for what is none."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        found = _UPLOAD.search(unquote(parts.path))
        if _HOSTS.fullmatch(parts.netloc):
            return found[1] if found else unquote(parts.path).strip("/")
        return found[1] if found and self.posts.here(address) else ""

    def _found(self, place: str) -> Path | None:
        """The upload, or the original of what was made smaller from it."""
        if self.desk.uploads is None or _ABOVE.search(place) or "\0" in place:
            return None
        whole = (self.desk.uploads / each for each in (place, _SIZE.sub("", place)))
        return next((each for each in whole if each.is_file()), None)

    def notes(self) -> Iterator[str]:
        for address in self.missing:
            yield f"needs {address}, which stays where it is"


def _text(content: str, shortcodes: Shortcodes, links: _Links) -> tuple[str, Sequence[str]]:
    """A post's text; marks of WordPress between its parts stay, for they are not shown."""
    unblocked = unblock(shortcodes.expand(content))
    notes = [f"has the block {each!r}, which WordPress filled" for each in unblocked.filled]
    pieces = []
    for number, part in enumerate(_PART.split(unblocked.html)):
        if number % 2:
            pieces.append(f"<!--{part}-->")
            continue
        text, told = prose(part, links.lead)
        pieces.append(text)
        notes += told
    return "\n\n".join(each for each in pieces if each), notes


def _line(content: str, shortcodes: Shortcodes, links: _Links) -> str:
    return " ".join(prose(shortcodes.expand(content), links.lead)[0].split())


def _pictures(ids: Sequence[str], item: Item, posts: Posts) -> Sequence[tuple[str, str]]:
    named = [posts.by_id[each] for each in ids if each in posts.by_id]
    shown = named if ids else list(posts.pictures(item.id))
    return [(each.attachment, each.alt) for each in shown if each.attachment]


def _moment(local: str, gmt: str, post: Post, posts: Posts) -> str:
    """A date by the site's own clock, with what that clock was ahead of UTC."""
    ahead = posts.ahead if post.ahead is None else post.ahead
    here = fields.moment(local)
    there = fields.moment(gmt)
    if here and there:
        ahead = _sane(here - there, ahead)
    date = there.astimezone(timezone(ahead)) if there else here
    if date is None:
        return ""
    return date.replace(tzinfo=timezone(ahead)).isoformat(sep=" ")


def _sane(found: timedelta, usual: timedelta) -> timedelta:
    ahead = timedelta(minutes=round(found / timedelta(minutes=15)) * 15)
    return ahead if abs(ahead) <= timedelta(hours=15) else usual


def _labels(item: Item, posts: Posts) -> Iterator[tuple[str, str]]:
    """What a post is filed under. In old exports each category stands there twice."""
    found: dict[tuple[str, str], Term] = {}
    for label in item.labels:
        name = label.name or label.slug
        made = Term(label.taxonomy, label.slug, name, "", "")
        term = posts.terms.get((label.taxonomy, label.slug), made)
        found.setdefault((label.taxonomy, term.name), term)
    paths = ["/".join(map(_segment, lineage(each, posts.terms))) for each in found.values()]
    pairs = list(zip(found, paths, strict=True))
    yield "Category", ", ".join(path for (kind, _), path in pairs if kind == "category")
    yield "Tags", _listed([unescape(name) for kind, name in found if kind == "post_tag"])
    shape = next((each.slug for (kind, _), each in found.items() if kind == "post_format"), "")
    yield "Format", shape.removeprefix("post-format-")


def _segment(term: Term) -> str:
    """A category's name without what parts names in a `Category:` line."""
    name = fields.line(unescape(term.name)).replace("/", "-")
    return " ".join(name.replace(",", " ").split())


def _writer(item: Item, posts: Posts) -> str:
    writer = posts.writers.get(item.creator)
    return unescape(writer.name if writer else item.creator)


def _listed(names: Sequence[str]) -> str:
    """Names in a line; those with commas in them are parted by semicolons."""
    lines = [fields.line(each).replace(";", ",") for each in names]
    lines = [each for each in lines if each]
    if any("," in each for each in lines):
        return "; ".join(lines) + ";"
    return ", ".join(lines)


def _comments(item: Item) -> str:
    if not item.comments_open:
        return "closed"
    return "open" if item.kind == "page" else ""
