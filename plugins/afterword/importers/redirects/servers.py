"""Redirects in the words of servers. Nothing in them but paths and addresses comes from elsewhere.

Servers know an address by its path without the slash at its end, and by what its query asks
for. Where both would do, the query counts, and the more the more it asks for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from afterword.importers.redirects.redirect import Redirect

# Neither stars nor colons, which stand for anything there.
_NETLIFYS: Final = "/-._~!$&'()+,;=@"
# What lies in the folder of a post, and is a folder itself.
_FEED: Final = "feed/"
_LAST: Final = "old_address"

Names = tuple[str, ...]


class Server(StrEnum):
    """What redirects are written for."""

    NETLIFY = "netlify"
    CADDY = "caddy"
    NGINX = "nginx"


def lines(server: Server, redirects: Sequence[Redirect]) -> Iterator[str]:
    """Yield the lines of a server's configuration."""
    match server:
        case Server.NETLIFY:
            yield from _netlify(redirects)
        case Server.CADDY:
            yield from _caddy(_by_names(redirects))
        case Server.NGINX:
            yield from _nginx(_by_names(redirects))


def _by_names(redirects: Iterable[Redirect]) -> Mapping[Names, list[Redirect]]:
    """Redirects by what they ask for: first those that ask for nothing."""
    found: dict[Names, list[Redirect]] = {(): []}
    for each in redirects:
        found.setdefault(tuple(name for name, _ in each.asked), []).append(each)
    return dict(sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0])))


def _netlify(redirects: Sequence[Redirect]) -> Iterator[str]:
    splats = _splats(redirects)
    # The first that fits counts.
    for each in sorted(redirects, key=lambda each: -len(each.asked)):
        if splats.get(each.under) == each.target and each.path != each.under:
            continue
        asked = "".join(f" {name}={value}" for name, value in each.asked)
        # A page may lie at this path, and only the query says that another is meant.
        yield f"{_path(each.path)}{asked} {_target(each.target)} 301{'!' if asked else ''}"
    for under in sorted(splats, key=lambda each: (-each.count("/"), each)):
        yield f"{_path(under)}* {_target(splats[under])} 301"


def _splats(redirects: Iterable[Redirect]) -> Mapping[str, str]:
    """Where what is below some folders leads, but for a little; each saves some lines.

    A folder in which there are others of these is left out: it was no folder of one post.
    """
    targets: dict[str, Counter[str]] = {}
    for each in redirects:
        if each.under and each.path != each.under:
            targets.setdefault(each.under, Counter())[each.target] += 1
    parents = Counter(above for under in targets for above in _above(under))
    most = {under: counted.most_common(1)[0] for under, counted in targets.items()}
    return {
        under: target
        for under, (target, number) in most.items()
        if number > 1 and parents[under] <= (f"{under}{_FEED}" in targets)
    }


def _above(folder: str) -> Iterator[str]:
    """Yield the folders that a folder lies in."""
    parts = folder.split("/")[1:-1]
    for number in range(len(parts)):
        yield "/".join(("", *parts[:number], ""))


def _path(path: str) -> str:
    return quote(path, safe=_NETLIFYS)


def _target(target: str) -> str:
    return target.replace("*", "%2A").replace("/:", "/%3A")


def _caddy(tables: Mapping[Names, Sequence[Redirect]]) -> Iterator[str]:
    yield "# For the site's block: import this file there."
    yield "map {path} {old_place} {"
    yield '\t"~^(/.+)/$" "${1}"'
    yield '\tdefault "{path}"'
    yield "}"
    for names, redirects in reversed(list(tables.items())):
        name = "_".join(("old", *(names or ("path",))))
        source = " ".join(("{old_place}", *(f"{{query.{each}}}" for each in names)))
        yield f'map "{source}" {{{name}}} {{'
        for each in redirects:
            yield f'\t"{_key(each)}" "{each.target}"'
        yield '\tdefault ""'
        yield "}"
        yield f'@{name} not vars {{{name}}} ""'
        yield f"redir @{name} {{{name}}} permanent"


def _nginx(tables: Mapping[Names, Sequence[Redirect]]) -> Iterator[str]:
    yield "# For the http block: include this file there. Then, in the site's server block:"
    yield f"#   if (${_LAST}) {{ return 301 ${_LAST}; }}"
    yield "map_hash_bucket_size 1024;"
    yield "map_hash_max_size 65536;"
    yield "map $uri $old_place {"
    yield '\t"~^(?<old_stem>/.+)/$" $old_stem;'
    yield "\tdefault $uri;"
    yield "}"
    before = '""'
    for number, (names, redirects) in enumerate(tables.items(), 1):
        name = "_".join(("old", *(names or ("path",)))) if number < len(tables) else _LAST
        source = " ".join(("$old_place", *(f"$arg_{each}" for each in names)))
        yield f'map "{source}" ${name} {{'
        keys = Counter(_key(each).lower() for each in redirects)
        for each in redirects:
            key = _key(each)
            # Its tables think nothing of capitals; its expressions do.
            if each.exact or keys[key.lower()] > 1:
                key = f"~^{re.escape(key)}$"
            yield f'\t"{key}" "{each.target}";'
        yield f"\tdefault {before};"
        yield "}"
        before = f"${name}"


def _key(redirect: Redirect) -> str:
    return " ".join((redirect.place, *(value for _, value in redirect.asked)))
