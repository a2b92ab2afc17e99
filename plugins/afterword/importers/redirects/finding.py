"""All old addresses that lead somewhere here."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from afterword.entries import Entry
from afterword.importers import matching
from afterword.importers.redirects import uploads
from afterword.importers.redirects.archives import Archives
from afterword.importers.redirects.built import Built
from afterword.importers.redirects.entries import Moved, path_of
from afterword.importers.redirects.redirect import Asked, Redirect
from afterword.importers.redirects.usage import Usage, used
from afterword.importers.wxr.post import Post
from afterword.importers.wxr.posts import Posts, known


@dataclass(frozen=True, slots=True)
class Found:
    """The redirects of a site, and what has none: an address and the reason."""

    redirects: tuple[Redirect, ...]
    missing: tuple[tuple[str, str], ...]


def find(
    paths: Sequence[Path],
    entries: Mapping[str, Entry],
    built: Built,
    reserved: Collection[str] = (),
    *,
    other_host: bool = False,
) -> Found:
    """Return where the old addresses of an export lead. Raises ImportRefused.

    ``reserved`` are the slugs that no post or page was given when it was imported.
    They lead nowhere from where the site has a page; on ``other_host`` it has none, and they
    lead from there to here.
    """
    posts = known(paths, reserved)
    usage = used(paths, posts)
    public = {place: each for place, each in posts.posts.items() if each.is_open}
    matches = matching.match([each.thread for each in public.values()], entries, {}, keep=False)
    moved: list[Moved] = []
    missing: list[tuple[str, str]] = []
    for place, post in public.items():
        match = matches[post.thread.id]
        if match.key in entries:
            url = entries[match.key].url
            moved.append(Moved(post, url, usage.breaks[place], usage.comments[place]))
        else:
            missing.append((post.thread.url or post.thread.id, match.how))
    homes = _homes(posts, public.values())
    made: dict[tuple[str, Asked], Redirect] = {}
    unsound: dict[str, str] = {}
    for each in _candidates(homes, moved, posts, usage, built):
        key = (each.place, each.asked)
        stays = not each.asked and not other_host and built.has(each.path)
        if not each.target or key in made or stays:
            continue
        if each.sound:
            made[key] = each
        elif not each.path.startswith(tuple(unsound)):  # as what is below these is
            unsound[each.path] = "cannot stand in a server's configuration"
    missing += unsound.items()
    redirects = list(made.values())
    if other_host:
        redirects = [replace(each, target=built.origin + each.target) for each in redirects]
    else:
        redirects = list(_told_apart(redirects, built))
    return Found(tuple(redirects), tuple(missing))


def _candidates(
    homes: tuple[str, ...], moved: Sequence[Moved], posts: Posts, usage: Usage, built: Built
) -> Iterator[Redirect]:
    """What may lead somewhere, the surest first."""
    for each in moved:
        yield from each.redirects(homes[0], built)
    targets = {each.post.id: each.target for each in moved}
    yield from uploads.redirects(homes[0], posts, usage, targets, built)
    yield from Archives(homes, posts, usage, built).redirects()


def _homes(posts: Posts, public: Iterable[Post]) -> tuple[str, ...]:
    """Where the site's first page was, and the folder below that all of its posts were in.

    WordPress keeps lists in such a folder as well.
    """
    home = unquote(_path(posts.site.url if posts.site else "")).rstrip("/") + "/"
    paths = [path_of(each) for each in public if each.kind == "post"]
    folders = {path.removeprefix(home).split("/")[0] for path in paths if path.startswith(home)}
    deep = all(path.removeprefix(home).rstrip("/").count("/") for path in paths)
    names = {unquote(term.slug) for term in posts.terms.values()}
    if len(paths) < 2 or len(folders) != 1 or not deep:  # noqa: PLR2004  # one tells nothing
        return (home,)
    (folder,) = folders
    if folder.isdecimal() or folder in names or folder in posts.writers:
        return (home,)
    return (home, f"{home}{folder}/")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _told_apart(redirects: Iterable[Redirect], built: Built) -> Iterator[Redirect]:
    """Mark those that a server which thinks little of capitals would take for a page here."""
    places = {
        f"{built.base}/{file.removesuffix('index.html')}".rstrip("/").lower()
        for file in built.files
    }
    for each in redirects:
        yield replace(each, exact=not each.asked and each.place.lower() in places)
