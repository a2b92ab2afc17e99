"""RSS 2.0 and Atom: templates that escape everything put into them."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.archive import Part, archive_path
from feeds.model import Feed, Format

# XML 1.0, section 2.2: no document can hold these, escaped or not.
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(feed: Feed, part: Part, form: Format) -> str:
    """Return one document of a feed as XML text."""

    def address(number: int | None) -> str:
        return feed.url(form, archive_path(feed.path, number))

    template = _environment().get_template(f"{form}.xml")
    return template.render(feed=feed, part=part, form=form, address=address)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_speakable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(rfc822=_rfc822, rfc3339=rfc3339)
    return environment


def _speakable(value: object) -> object:
    return type(value)(_UNSPEAKABLE.sub("", value)) if isinstance(value, str) else value


def _rfc822(moment: datetime) -> str:
    """The date format of RSS 2.0 (RFC 822 with a year of four digits), in GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def rfc3339(moment: datetime) -> str:
    """The date format of Atom and JSON Feed (RFC 3339), in UTC and whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
