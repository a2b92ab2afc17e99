"""One Markdown parser for many texts, where that makes no difference."""

import json
from collections.abc import Mapping
from typing import Any, Final

from markdown import Markdown
from pelican.readers import MarkdownReader
from pelican.utils import pelican_open

from incremental.inlines import be_brief

# All of these begin each text anew.
_ANEW: Final = frozenset(
    f"markdown.extensions.{name}"
    for name in (
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
        *("footnotes", "legacy_attrs", "legacy_em", "md_in_html", "meta", "nl2br", "sane_lists"),
        *("smarty", "tables", "toc", "wikilinks"),
    )
)
_META: Final = "meta"
_META_PRIORITY: Final = 27
# Numbers the texts that a parser has seen.
_COUNTS: Final = "UNIQUE_IDS"


def can_share(reader: object, settings: Mapping[str, Any]) -> bool:
    """Whether a reader would find the same in all texts with a parser that has seen others."""
    given = settings["MARKDOWN"]
    names = given.get("extensions", ())
    return (
        type(reader) is MarkdownReader
        and all(isinstance(name, str) and name in _ANEW for name in names)
        and _is_plain(given)
        and _COUNTS not in json.dumps(given)
    )


class Shared:
    """Reads files as Pelican's reader does, which makes a parser for each file."""

    def __init__(self, reader: MarkdownReader) -> None:
        self._reader = reader
        self._parser: Markdown | None = None

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return what is in a file: its text as HTML, and its metadata."""
        reader = self._reader
        reader._source_path = source_path  # noqa: SLF001  # as the reader does
        # One that fails in the midst of a text is not used again.
        parser, self._parser = self._parser or _parser(reader.settings["MARKDOWN"]), None
        reader._md = parser.reset()  # noqa: SLF001  # as the reader does
        meta = parser.preprocessors[_META]
        with pelican_open(source_path) as text:
            content = parser.convert(text)
        metadata = reader._parse_metadata(parser.Meta)  # type: ignore[attr-defined]  # noqa: SLF001  # the extension's
        # The reader takes it away for the sake of the metadata's own texts.
        parser.preprocessors.register(meta, _META, _META_PRIORITY)
        self._parser = parser
        return content, metadata


def _parser(given: Mapping[str, Any]) -> Markdown:
    parser = Markdown(**given)
    be_brief(parser)
    return parser


def _is_plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float)
