"""What readers find in a file, as JSON and back: text, numbers, dates, tags, and lists of these.

Whatever else a plugin puts there is not kept, and its file parsed anew each time. Nothing that
is read back can do anything: whoever can write to where it is kept can make a wrong page, and
so could by writing to the page's source.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.tz import tzoffset, tzutc
from markupsafe import Markup
from pelican.urlwrappers import Author, Category, Tag, URLWrapper
from pelican.utils import SafeDatetime

ATOMS: Final = frozenset({str, int, float, bool, type(None)})
SUBJECTS: Final = frozenset({Author, Category, Tag})
_SUBJECTS: Final = {kind.__name__: kind for kind in SUBJECTS}
_DATES: Final = {kind.__name__: kind for kind in (SafeDatetime, datetime)}
# Pelican adds the last two to an object when it makes an address of it.
_OF_SUBJECTS: Final = frozenset({"settings", "_name", "_slug", "_slug_from_name", "name", "slug"})

# Texts up to this length are often the same in many posts: languages, states, formats of dates.
_WORD: Final = 20

# No use is made of JSON's lists as such: each stands for one value, its kind first.
_Json = Any


class NotPlain(Exception):  # nothing is wrong with it
    """A value that would not come back as it is."""


class Frozen(NamedTuple):
    """Attributes as two texts of JSON: their names, mostly alike in all files, and values."""

    names: str
    values: str


def freeze(attributes: Mapping[str, object]) -> Frozen:
    """Return attributes as JSON. Raises NotPlain where they would not come back equal.

    ``metadata`` among them is a mapping that has most values in common with them.
    """
    own = {name: value for name, value in attributes.items() if name != "metadata"}
    places = {id(value): place for place, value in enumerate(own.values())}
    values = list(own.values())
    metadata: dict[str, int] = {}
    for name, value in _entries(attributes.get("metadata", {})):
        place = places.get(id(value))
        if place is None:
            place = len(values)
            values.append(value)
        metadata[name] = place
    seen: dict[int, int] = {}
    plain = [_plain(value, seen) for value in values]
    return Frozen(json.dumps([list(own), metadata]), json.dumps(plain, separators=(",", ":")))


class Thawing:
    """Makes attributes out of JSON, with these settings of Pelican's for tags and the like."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._names: dict[str, tuple[list[str], list[str], Callable[[Any], Any]]] = {}
        self._made: list[Any] = []
        # The short texts so far; JSON makes each anew.
        self._met: dict[Any, str] = {}
        self._makers: Mapping[str, Callable[[_Json], Any]] = {
            **dict.fromkeys(_SUBJECTS, self._subject),
            **dict.fromkeys(_DATES, _moment),
            "date": lambda plain: date.fromisoformat(plain[1]),
            "list": self._list,
            "dict": self._dict,
            "tuple": lambda plain: tuple(self._all(plain[1:])),
            "ZoneInfo": lambda plain: _tzinfo(*plain),
            "Markup": lambda plain: Markup(plain[1]),  # noqa: S704  # it was one before
            "=": lambda plain: self._made[plain[1]],
        }

    def attributes(self, frozen: Frozen) -> dict[str, Any]:
        """Return what was frozen: every value anew, the same one wherever it was the same."""
        known = self._names.get(frozen.names)
        if known is None:
            known = self._names[frozen.names] = _places(frozen.names)
        names, keys, choose = known
        self._made.clear()
        values = self._all(json.loads(frozen.values))
        found = dict(zip(names, values))  # noqa: B905  # metadata may have more
        found["metadata"] = dict(zip(keys, choose(values)))  # noqa: B905  # as many
        return found

    def _all(self, plain: Iterable[_Json]) -> list[Any]:
        makers, met = self._makers, self._met
        return [
            makers[each[0]](each)
            if each.__class__ is list
            else met.setdefault(each, each)
            if each.__class__ is str and len(each) <= _WORD
            else each
            for each in plain
        ]

    def _list(self, plain: _Json) -> list[Any]:
        made: list[Any] = []
        self._made.append(made)
        made += self._all(plain[1:])
        return made

    def _dict(self, plain: _Json) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self._made.append(made)
        made.update(zip(plain[1], self._all(plain[2:]), strict=True))
        return made

    def _subject(self, plain: _Json) -> URLWrapper:
        kind, name, slug, by_name = plain
        subject: Any = object.__new__(_SUBJECTS[kind])
        # In this order Python keeps them in less room than in a mapping that is put in its place.
        subject.settings = self._settings
        subject._name = self._met.setdefault(name, name)  # noqa: SLF001  # no other way
        subject._slug_from_name = by_name  # noqa: SLF001  # no other way
        subject._slug = self._met.setdefault(slug, slug)  # noqa: SLF001  # no other way
        self._made.append(subject)
        return subject


def _places(frozen: str) -> tuple[list[str], list[str], Callable[[Any], Any]]:
    """The names of attributes, and those of metadata with what takes it out of all values."""
    names, metadata = json.loads(frozen)
    if not metadata:
        return names, [], lambda _: ()
    # The last place once more: of a single item it would make no tuple.
    places = [*metadata.values()]
    return names, list(metadata), itemgetter(*places, places[-1])


def _moment(plain: _Json) -> datetime:
    kind, iso, fold, zone = plain
    moment: datetime = _DATES[kind].fromisoformat(iso)
    return moment.replace(tzinfo=_tzinfo(*zone), fold=fold) if zone else moment


def _entries(metadata: object) -> Iterable[tuple[str, object]]:
    if not (isinstance(metadata, dict) and type(metadata) is dict and _are_names(metadata)):
        raise NotPlain("metadata that is no plain mapping")
    return metadata.items()


def _are_names(keys: Iterable[object]) -> bool:
    return all(type(key) is str for key in keys)


def _plain(value: object, seen: dict[int, int]) -> _Json:
    kind = type(value)
    if kind in ATOMS:
        return value
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, ZoneInfo):
        return _zone(value)
    if isinstance(value, Markup) and kind is Markup:
        return ["Markup", str(value)]
    if isinstance(value, tuple) and kind is tuple:
        return ["tuple", *(_plain(each, seen) for each in value)]
    return _changeable(value, seen)


def _changeable(value: object, seen: dict[int, int]) -> _Json:
    """What can be changed in place: the same one each time, wherever it occurs."""
    if (known := seen.get(id(value))) is not None:
        return ["=", known]
    seen[id(value)] = len(seen)
    kind = type(value)
    if isinstance(value, list) and kind is list:
        return ["list", *(_plain(each, seen) for each in value)]
    if isinstance(value, dict) and kind is dict and _are_names(value):
        return ["dict", list(value), *(_plain(each, seen) for each in value.values())]
    if isinstance(value, URLWrapper) and kind in SUBJECTS:
        return _subject(value)
    raise NotPlain(kind.__name__)


def _subject(value: URLWrapper) -> _Json:
    if value.__dict__.keys() - _OF_SUBJECTS or type(value.name) is not str:
        raise NotPlain("a tag, category or author that knows more")
    by_name, slug = value._slug_from_name, value._slug  # noqa: SLF001  # no other way
    # What comes of the name may as well be found out now; that nothing does, Pelican says later.
    return [type(value).__name__, value.name, (value.slug or None) if by_name else slug, by_name]


def _date(value: date) -> _Json:
    kind = type(value)
    if kind is date:
        return ["date", str(value)]
    if not isinstance(value, datetime) or _DATES.get(kind.__name__) is not kind:
        raise NotPlain(kind.__name__)
    if value.fold and value.tzinfo is None:
        raise NotPlain("an hour that occurs twice, nowhere")
    naive = value.replace(tzinfo=None)
    zone = [] if value.tzinfo is None else _zone(value.tzinfo)
    return [kind.__name__, naive.isoformat(), value.fold, zone]


def _zone(zone: tzinfo) -> _Json:
    if type(zone) is ZoneInfo and zone.key:
        return ["ZoneInfo", zone.key]
    if type(zone) is tzutc:
        return ["tzutc"]
    offset = zone.utcoffset(None)
    if type(zone) is tzoffset and offset is not None:
        return ["tzoffset", zone.tzname(None), offset.total_seconds()]
    raise NotPlain(type(zone).__name__)


@cache
def _tzinfo(kind: str, *arguments: Any) -> tzinfo:  # noqa: ANN401  # JSON
    makers: Mapping[str, Callable[..., tzinfo]] = {
        "ZoneInfo": ZoneInfo,
        "tzutc": tzutc,
        "tzoffset": tzoffset,
    }
    return makers[kind](*arguments)
