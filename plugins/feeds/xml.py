"""RSS 2.0 and Atom: templates that escape everything put into them."""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Final, TypeVar
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.addresses import is_uri, language_tag, uri
from feeds.archive import Part
from feeds.characters import speakable
from feeds.dates import rfc822, rfc3339
from feeds.model import Category, Format, Person

# Atom wants an author of everything.
_NOBODY: Final = (Person("Anonymous"),)
_Named = TypeVar("_Named", Person, Category)


def render(part: Part, form: Format) -> str:
    """Return one document of a feed as XML text, in RSS 2.0 or Atom."""

    def address(path: str) -> str:
        return part.feed.url(form, path)

    template = _environment().get_template(f"{form}.xml")
    return speakable(template.render(feed=part.feed, part=part, address=address))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        atom_id=_atom_id,
        html=_html,
        lang=language_tag,
        named=_named,
        rfc822=rfc822,
        rfc3339=rfc3339,
        text=_text,
        uri=uri,
    )
    environment.globals["nobody"] = _NOBODY
    return environment


def _text(text: str) -> str:
    """Return what a feed can hold of a text, to ask whether there is any."""
    return speakable(text).strip()


def _html(text: str) -> str:
    """Plain text as HTML, yet to be escaped as any other text is: readers take it for HTML."""
    return escape(text, quote=False)


def _atom_id(name: str) -> str:
    """Return the name of an item as a URI, which Atom demands; an imported one may be anything."""
    name = speakable(name)
    return uri(name) if is_uri(name) else uuid5(NAMESPACE_URL, speakable(name)).urn


def _named(things: Iterable[_Named]) -> list[_Named]:
    """Return the authors or categories that have a name; no format wants the others."""
    return [thing for thing in things if _text(thing.name)]
