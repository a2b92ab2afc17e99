"""What readers find in a file, as JSON and back: text, numbers, dates, tags, and lists of these.

Whatever else a plugin puts there is not kept, and its file parsed anew each time.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from dateutil.tz import tzoffset, tzutc
from markupsafe import Markup
from pelican.urlwrappers import Author, Category, Tag, URLWrapper
from pelican.utils import SafeDatetime

_SUBJECTS: Final = {kind.__name__: kind for kind in (Author, Category, Tag)}
_DATES: Final = {kind.__name__: kind for kind in (SafeDatetime, datetime)}


class NotPlain(Exception):  # nothing is wrong with it
    """A value that would not come back as it is."""


def dump(value: object) -> str:
    """Return the value as JSON. Raises NotPlain where it would not come back equal."""
    return json.dumps(_plain(value), ensure_ascii=False)


def load(text: str, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  # whatever was dumped
    """Return what was dumped; tags and the like with these settings of Pelican's."""
    return _value(json.loads(text), settings)


def _plain(value: object) -> object:
    kind = type(value)
    if value is None or kind in {bool, int, float, str}:
        return value
    if isinstance(value, list | tuple) and kind in {list, tuple}:
        return {"": kind.__name__, "of": [_plain(each) for each in value]}
    if isinstance(value, dict) and kind is dict and all(type(key) is str for key in value):
        return {"": "dict", "of": {key: _plain(each) for key, each in value.items()}}
    if isinstance(value, Markup) and kind is Markup:
        return {"": "Markup", "of": str(value)}
    if isinstance(value, URLWrapper) and _SUBJECTS.get(kind.__name__) is kind:
        return {"": kind.__name__, "of": _subject(value)}
    if isinstance(value, datetime) and _DATES.get(kind.__name__) is kind:
        fields = [value.year, value.month, value.day, value.hour, value.minute, value.second]
        return {
            "": kind.__name__,
            "of": [*fields, value.microsecond, value.fold],
            "at": _zone(value),
        }
    raise NotPlain(kind.__name__)


def _subject(value: URLWrapper) -> list[str | None]:
    known = {"settings", "_name", "_slug", "_slug_from_name", "name", "slug"}
    if value.__dict__.keys() - known:
        raise NotPlain("a tag, category or author that knows more")
    return [value._name, None if value._slug_from_name else value._slug]  # noqa: SLF001  # no other way


def _zone(value: datetime) -> object:
    zone = value.tzinfo
    if zone is None:
        return None
    if type(zone) is tzutc:
        return "utc"
    offset = value.utcoffset()
    if type(zone) is tzoffset and offset is not None:
        return [zone.tzname(None), offset.total_seconds()]
    raise NotPlain(type(zone).__name__)


def _value(plain: Any, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  # JSON
    if not isinstance(plain, dict):
        return plain
    kind, of = plain[""], plain["of"]
    if kind in _SUBJECTS:
        subject = _SUBJECTS[kind](of[0], settings)
        if of[1] is not None:
            subject.slug = of[1]
        return subject
    if kind in _DATES:
        *fields, fold = of
        return _DATES[kind](*fields).replace(tzinfo=_tzinfo(plain["at"]), fold=fold)
    if kind == "dict":
        return {key: _value(each, settings) for key, each in of.items()}
    make: Callable[[Any], Any] = {"list": list, "tuple": tuple, "Markup": Markup}[kind]
    return make(of) if kind == "Markup" else make(_value(each, settings) for each in of)


def _tzinfo(at: Any) -> tzutc | tzoffset | None:  # noqa: ANN401  # JSON
    if at is None:
        return None
    return tzutc() if at == "utc" else tzoffset(*at)
