"""From the addresses that posts had at WordPress to those that they have here.

Which these are, the site's settings say, and only a build knows: it has to be there first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from afterword import durable
from afterword.entries import Entry
from afterword.errors import WriteError
from afterword.importers import matching
from afterword.importers.wxr.post import Post
from afterword.importers.wxr.posts import Posts, known

# What no server's configuration can take for anything but a part of an address.
_PLAIN: Final = re.compile(r"/[^\x00-\x20\"'\\{}$;<>|`~\x7f-\x9f]*")
_NUMBER: Final = re.compile(r"\d+")
_ABOVE: Final = re.compile(r"(^|/)\.\.?(/|$)")
_SAFE: Final = "/-._~!$&'()*+,;=:@%"


class Server(StrEnum):
    """What redirects are written for."""

    NETLIFY = "netlify"
    CADDY = "caddy"
    NGINX = "nginx"


@dataclass(frozen=True, slots=True)
class Redirect:
    """From an old path, or from a number in a query (``p``, ``page_id``), to a new address.

    ``path`` is decoded, and begins with a slash; ``number`` is empty for a path alone.
    """

    path: str
    name: str
    number: str
    target: str


@dataclass(frozen=True, slots=True)
class Found:
    """The redirects of a site, and what has none: an address and the reason."""

    redirects: tuple[Redirect, ...]
    missing: tuple[tuple[str, str], ...]


def find(paths: Iterable[Path], entries: Mapping[str, Entry]) -> Found:
    """Return where the old addresses of an export's posts lead. Raises ImportRefused."""
    posts = known(paths)
    public = [each for each in posts.posts.values() if each.is_text and not each.hidden]
    matches = matching.match([each.thread for each in public], entries, {}, keep=False)
    here = {_folder(unquote(urlsplit(each.url).path)) for each in entries.values()}
    made: dict[tuple[str, str, str], Redirect] = {}
    missing = []
    for post in public:
        match = matches[post.thread.id]
        if match.key not in entries:
            missing.append((post.thread.url or post.thread.id, match.how))
            continue
        for each in _redirects(post, posts, entries[match.key].url):
            if not _PLAIN.fullmatch(each.path):
                missing.append((each.path, "cannot stand in a server's configuration"))
            elif each.number or _folder(each.path) not in here:
                made.setdefault((each.path, each.name, each.number), each)
    return Found(tuple(made.values()), tuple(missing))


def _redirects(post: Post, posts: Posts, url: str) -> Iterator[Redirect]:
    target = quote(unquote(urlsplit(url).path), safe=_SAFE.replace("%", "")) or "/"
    try:
        parts = urlsplit(post.thread.url)
        home = urlsplit(posts.site.url if posts.site else "").path.rstrip("/") + "/"
    except ValueError:
        return
    path = unquote(parts.path)
    if path.strip("/") and not parse_qs(parts.query):
        yield Redirect(path, "", "", target)
        above, _, last = path.rstrip("/").rpartition("/")
        end = path[len(above) + 1 + len(last) :]
        for slug in post.slugs_before:
            yield Redirect(f"{above}/{unquote(slug)}{end}", "", "", target)
    if _NUMBER.fullmatch(post.id):
        name = "p" if post.kind == "post" else "page_id"
        yield Redirect(unquote(home), name, post.id, target)


def _folder(path: str) -> str:
    return path.rstrip("/") or "/"


def lines(server: Server, redirects: Sequence[Redirect]) -> Iterator[str]:
    """Yield the lines of a server's configuration. Nothing in it comes from elsewhere."""
    match server:
        case Server.NETLIFY:
            for each in redirects:
                path = quote(each.path, safe=_SAFE.replace("%", ""))
                # A page lies at this path, and only the query says that another is meant.
                yield (
                    f"{path} {each.name}={each.number} {each.target} 301!"
                    if each.number
                    else (f"{path} {each.target} 301")
                )
        case Server.CADDY:
            yield from _caddy(redirects)
        case Server.NGINX:
            yield from _nginx(redirects)


def _both(redirects: Sequence[Redirect]) -> Mapping[str, str]:
    """Targets by path, with a slash at its end and without."""
    found: dict[str, str] = {}
    for each in redirects:
        if not each.number:
            for path in (each.path, _folder(each.path), f"{_folder(each.path)}/"):
                found.setdefault(path, each.target)
    return found


def _numbers(redirects: Sequence[Redirect], name: str) -> Mapping[str, str]:
    """Targets by path and number: other pages may mean something else by the same query."""
    return {f"{each.path} {each.number}": each.target for each in redirects if each.name == name}


def _caddy(redirects: Sequence[Redirect]) -> Iterator[str]:
    yield "# For the site's block: import this file there."
    sources = [("old_path", "{path}", _both(redirects))]
    sources += [
        (f"old_{n}", f'"{{path}} {{query.{n}}}"', _numbers(redirects, n)) for n in ("p", "page_id")
    ]
    for name, source, targets in sources:
        if targets:
            yield f"map {source} {{{name}}} {{"
            for key, target in targets.items():
                yield f'\t"{key}" "{target}"'
            yield '\tdefault ""'
            yield "}"
            yield f'@{name} not vars {{{name}}} ""'
            yield f"redir @{name} {{{name}}} permanent"


def _nginx(redirects: Sequence[Redirect]) -> Iterator[str]:
    yield "# For the http block: include this file there. Then, in the site's server block:"
    yield "#   if ($old_address) { return 301 $old_address; }"
    yield "map_hash_bucket_size 1024;"
    yield "map_hash_max_size 65536;"
    before = '""'
    sources = [("old_path", "$uri", _both(redirects))]
    sources += [(f"old_{n}", f'"$uri $arg_{n}"', _numbers(redirects, n)) for n in ("page_id", "p")]
    for name, source, targets in sources:
        name = "old_address" if name == "old_p" else name  # noqa: PLW2901  # the last decides
        yield f"map {source} ${name} {{"
        for key, target in targets.items():
            yield f'\t"{key}" "{target}";'
        yield f"\tdefault {before};"
        yield "}"
        before = f"${name}"


def write_pages(folder: Path, redirects: Sequence[Redirect], siteurl: str) -> int:
    """Write a page for each old path, which leads on; return how many. Raises WriteError.

    Pages cannot tell what a query says, so that numbers have none.
    """
    count = 0
    for each in redirects:
        if each.number or _ABOVE.search(each.path):
            continue
        path = folder.joinpath(*each.path.strip("/").split("/"))
        path = path if path.suffix in {".html", ".htm"} else path / "index.html"
        address = escape(siteurl + each.target)
        page = (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Moved</title>\n'
            f'<meta http-equiv="refresh" content="0; url={address}">\n'
            f'<link rel="canonical" href="{address}"></head>\n'
            f'<body><p><a href="{address}">This page has moved.</a></p></body></html>\n'
        )
        try:
            durable.write(path, page.encode(), replace=True)
        except OSError as error:
            raise WriteError(path, error.strerror or str(error)) from error
        count += 1
    return count
