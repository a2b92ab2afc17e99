"""Where posts and pages go, and what is said of categories and tags."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afterword.importers.wxr.post import Post


@dataclass(frozen=True, slots=True)
class Desk:
    """Where texts go: folders below the content folder, by their kinds and taxonomies.

    ``uploads`` is a copy of the folder that WordPress keeps what was uploaded in, or None;
    ``images`` is where that goes, below the content folder. ``there`` says how to link to posts
    and pages that the site has already, by comment key, and ``known`` by what feeds call them.
    ``reserved`` are slugs at whose addresses the site has pages of its own.
    """

    folders: Mapping[str, str]
    uploads: Path | None = None
    images: str = "images"
    there: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    reserved: Collection[str] = ()

    def file(self, post: Post) -> str:
        """The file of a post or page, relative to the content folder."""
        return f"{self.folders[post.kind]}/{post.thread.key}.md".lstrip("/")

    def link(self, post: Post) -> str:
        """How a text links to a post or page."""
        there = self.known.get(post.guid) or self.there.get(post.thread.key)
        return there or f"{{filename}}/{self.file(post)}"
