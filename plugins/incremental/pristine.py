"""Contents as they were right after reading: to make new ones from, and to tell what has changed.

A build's plugins and templates may do to a post whatever they like. They get copies.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.tz import tzoffset, tzutc
from markupsafe import Markup
from pelican.contents import Content
from pelican.urlwrappers import URLWrapper
from pelican.utils import SafeDatetime

from incremental.values import ATOMS, SUBJECTS

Attributes = Mapping[str, Any]

# What is of these kinds never becomes another; ``is`` tells all about it.
STEADY: Final = ATOMS | {Markup, date, datetime, SafeDatetime, ZoneInfo, tzutc, tzoffset}
# What a build itself puts there, and what belongs to us.
_NOT_READ: Final = frozenset({"settings", "_context"})
_OURS: Final = "_incremental_"
_MISSING: Final = object()
# So many attributes has a tag, a category or an author: the site's settings are among them.
_USUAL: Final = 4


def read(content: Content) -> dict[str, Any]:
    """Return what has been read: attributes that no build and nobody of ours has put there."""
    return {
        name: value
        for name, value in vars(content).items()
        if name not in _NOT_READ and not name.startswith(_OURS)
    }


def changeable(attributes: Attributes) -> tuple[str, ...]:
    """The names of the attributes that can be changed in place."""
    return tuple(name for name, value in attributes.items() if type(value) not in STEADY)


def copied(attributes: Attributes, names: tuple[str, ...]) -> dict[str, Any]:
    """Return attributes, those of these names as copies: what was one object stays one."""
    made = dict(attributes)
    twins: dict[int, Any] = {}
    for name in names:
        made[name] = _twin(made[name], twins)
    return made


def unchanged(content: Content, name: str) -> bool:
    """Whether an attribute is as it was right after reading; False if nobody knows."""
    origin = vars(content).get("_incremental_origin")
    if origin is None:
        return False
    now = vars(content).get(name, _MISSING)
    if name == "_content" and now is _MISSING:
        return True  # it lies where it was put after reading
    return _is_same(now, origin().get(name, _MISSING))


def untouched(content: Content) -> AbstractSet[str]:
    """The names of all attributes that are as they were right after reading."""
    origin = vars(content).get("_incremental_origin")
    if origin is None:
        return frozenset()
    then = origin()
    found = {name for name, now in vars(content).items() if _is_same(now, then.get(name, _MISSING))}
    return found if "_content" in vars(content) else found | {"_content"}


def same_but_for_text(fresh: Content, content: Content) -> bool:
    """Whether what has just been read is the same as what was, apart from the text."""
    now, then = read(fresh), dict(vars(content)["_incremental_origin"]())
    for each in (now, then):
        each.pop("_content", None)
    return now.keys() == then.keys() and all(_is_same(now[name], then[name]) for name in now)


def give_text(content: Content, fresh: Content) -> None:
    """Give a text the words of another, and have nothing remembered of those it had."""
    own = vars(content)
    for name in ("_incremental_get_content", "_incremental_get_summary"):
        own.pop(name, None)
    own["_content"] = fresh._content  # noqa: SLF001  # no other way


def links(content: Content) -> tuple[str, ...]:
    """Return the links in a text to other files of the site, each with the beginning of its tag."""
    if "_incremental_origin" in vars(content) and unchanged(content, "_content"):
        known: tuple[str, ...] = content._incremental_links  # noqa: SLF001  # ours
        return known
    found = content._get_intrasite_link_regex().finditer(content._content or "")  # noqa: SLF001  # no other way
    return tuple(match[0] for match in found)


def _twin(value: Any, twins: dict[int, Any]) -> Any:  # noqa: ANN401  # any value
    """A copy of a value, or the one that was made of the same object before."""
    if id(value) in twins:
        return twins[id(value)]
    kind, made = type(value), value
    if kind in SUBJECTS:
        made = object.__new__(kind)
        made.__dict__ = value.__dict__.copy()
    elif kind is list or kind is tuple:
        made = kind([e if e.__class__ in STEADY else _twin(e, twins) for e in value])
    elif kind is dict:
        made = {n: e if e.__class__ in STEADY else _twin(e, twins) for n, e in value.items()}
    twins[id(value)] = made
    return made


def _is_same(now: object, then: object) -> bool:  # noqa: PLR0911  # one answer a kind
    kind = type(now)
    if kind is not type(then) or now is _MISSING:
        return now is then
    if kind in ATOMS:
        return now == then
    if isinstance(now, datetime) and isinstance(then, datetime):
        return _moment(now) == _moment(then) and now.tzinfo is then.tzinfo
    if isinstance(now, list | tuple) and isinstance(then, list | tuple):
        return len(now) == len(then) and all(map(_is_same, now, then))
    if isinstance(now, dict) and isinstance(then, dict):
        return list(now) == list(then) and all(map(_is_same, now.values(), then.values()))
    if isinstance(now, URLWrapper) and isinstance(then, URLWrapper):
        return _is_told(now, then) or _told(now) == _told(then)
    return kind in STEADY and now == then


def _moment(moment: datetime) -> tuple[datetime, int]:
    """What a clock shows there: moments that are equal may look different."""
    return moment.replace(tzinfo=None), moment.fold


def _is_told(now: URLWrapper, then: URLWrapper) -> bool:
    """Whether two that have nothing but their name and their address have the same: the usual."""
    one, other = vars(now), vars(then)
    if not len(one) == len(other) == _USUAL or one.get("_slug") is None:
        return False
    return bool(one["_slug"] == other.get("_slug") and one["_name"] == other.get("_name"))


def _told(subject: URLWrapper) -> tuple[Any, ...]:
    """All about a tag, category or author that comes by name; nothing else is equal to it."""
    known = vars(subject).keys() - {"settings", "name", "slug"}
    others = {name: vars(subject)[name] for name in known if name not in {"_name", "_slug"}}
    return type(subject), subject.name, subject.slug, others
