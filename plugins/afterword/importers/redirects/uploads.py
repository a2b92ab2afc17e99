"""The addresses of pictures and what else was uploaded, and of the pages that they had."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from afterword.importers.redirects.built import Built
from afterword.importers.redirects.entries import path_of
from afterword.importers.redirects.redirect import Redirect
from afterword.importers.redirects.usage import Usage, upload
from afterword.importers.wxr.posts import Posts

# Where an import copies them to.
_FOLDER: Final = "images"
_SIZE: Final = re.compile(r"-\d+x\d+(?=\.\w+$)")


def redirects(
    home: str, posts: Posts, usage: Usage, targets: Mapping[str, str], built: Built
) -> Iterator[Redirect]:
    """Yield where they lead: to the files that are here, or to the posts that they belonged to.

    ``targets`` are the new addresses of posts by WordPress's number.
    """
    here = {old: _found(names, built) for old, names in usage.uploads.items()}
    for old, target in here.items():
        yield Redirect(old, (), target)
    for post in posts.posts.values():
        if not post.attachment or post.hidden:
            continue
        old, _ = upload(post.attachment, posts)
        target = here.get(old) or targets.get(post.parent, "")
        if path := path_of(post):
            yield Redirect(path, (), target)
        if post.id:
            yield Redirect(home, (("attachment_id", post.id),), target)


def _found(names: tuple[str, ...], built: Built) -> str:
    """The address of a file: of the size that was asked for, of the whole, or of any other."""
    likely = (names[0], _SIZE.sub("", names[0]), *names)
    return next(filter(None, (built.address(f"{_FOLDER}/{each}") for each in likely)), "")
