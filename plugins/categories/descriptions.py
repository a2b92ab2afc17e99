"""What the author says of categories and tags: a Markdown file for each that has something."""

import logging
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

from pelican.contents import Page
from pelican.generators import Generator

log: Final = logging.getLogger(__name__)

_LINE: Final = "describes"


def read(generator: Generator, root: str, slug_of: Callable[[str], str]) -> Mapping[str, Page]:
    """Return the descriptions below a folder, by the slugs of what they describe.

    A file lies where the slug is, or says in its `Describes:` line of what it is; ``slug_of``
    makes a slug of such a line. Of several descriptions of one thing the first file counts.
    """
    found: dict[str, Page] = {}
    for name in sorted(generator.get_files([root])):
        about = generator.readers.read_file(
            base_path=generator.path, path=name, content_class=Page, context=generator.context
        )
        place = PurePosixPath(name).relative_to(root).with_suffix("").as_posix()
        said = str(about.metadata.get(_LINE) or "")
        slug = slug_of(said) if said else place
        if slug in found:
            log.warning("%s: %s is described by another file, too", name, slug)
        else:
            found[slug] = about
    return found
