"""Where posts and pages go, and what is said of categories and tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from afterword.importers.wxr.post import Post


@dataclass(frozen=True, slots=True)
class Desk:
    """Where texts go: folders below the content folder, by their kinds and taxonomies.

    ``uploads`` is a copy of the folder that WordPress keeps what was uploaded in, or None;
    ``images`` is where that goes, below the content folder.
    """

    folders: Mapping[str, str]
    uploads: Path | None = None
    images: str = "images"

    def file(self, post: Post) -> str:
        """The file of a post or page, relative to the content folder."""
        return f"{self.folders[post.kind]}/{post.thread.key}.md".lstrip("/")
