"""The files of posts and pages that are imported: written once, and never over others."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from afterword import durable
from afterword.errors import EntryError, WriteError
from afterword.importers import fields
from afterword.importers.findings import Entry, Page
from afterword.importers.slugs import Text, texts_by_guid
from afterword.model import check_entry_key

_SUFFIX: Final = ".md"
# What says that a file is the entry that it was made of, whatever has been changed in it since.
_LASTING: Final = ("guid", "date", "describes")


class Standing(StrEnum):
    """What there is of an entry: nothing, just what it would be, that edited, or another's."""

    ABSENT = "absent"
    SAME = "same"
    EDITED = "edited"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntryFiles:
    """The content folder of a site, and the folder of its responses."""

    root: Path
    comments: Path

    def by_guid(self) -> Mapping[str, Text]:
        """Return the posts and pages that say what feeds call them, by that."""
        return texts_by_guid(self.root, self.comments)

    def standing(self, entry: Entry) -> Standing:
        """Look at what lies where an entry would. Raises EntryError for an unusable name."""
        path = self._place(entry)
        try:
            there = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Standing.ABSENT
        except (OSError, UnicodeDecodeError):
            return Standing.OTHER
        new = dump(entry.page())
        if there == new:
            return Standing.SAME
        known = _lasting(there)
        return Standing.EDITED if known and known == _lasting(new) else Standing.OTHER

    def write(self, entry: Entry, page: Page, *, replace: bool) -> None:
        """Write an entry's file. Raises WriteError or EntryError; then nothing has changed."""
        path = self._place(entry)
        try:
            durable.write(path, dump(page).encode(), replace=replace)
        except OSError as error:
            raise WriteError.of(path, error) from error

    def bring(self, page: Page) -> None:
        """Copy what a page shows to where nothing is. Raises WriteError."""
        for source, name in page.uploads:
            path = self.root.joinpath(*name.split("/"))
            try:
                if not path.exists():
                    durable.write(path, source.read_bytes(), replace=True)
            except OSError as error:
                raise WriteError.of(path, error) from error

    def tidy(self) -> None:
        """Remove what a killed import has left. Raises WriteError."""
        try:
            durable.sweep(self.root)
        except OSError as error:
            raise WriteError.of(self.root, error) from error

    def _place(self, entry: Entry) -> Path:
        if not entry.file.endswith(_SUFFIX):
            raise EntryError(entry.file, f"its name has to end in {_SUFFIX}")
        check_entry_key(entry.file)
        return self.root.joinpath(*entry.file.split("/"))


def dump(page: Page) -> str:
    """Return what a file says: its metadata, an empty line, and the text."""
    named = ((name, fields.line(value)) for name, value in page.metadata)
    lines = "".join(f"{name}: {value}\n" for name, value in named if value)
    text = fields.body(page.body).strip("\n")
    return f"{lines}\n{text}\n"


def _lasting(text: str) -> tuple[str, ...]:
    head = text.partition("\n\n")[0].split("\n")
    pairs = [line.partition(":") for line in head]
    return tuple(value.strip() for name, _, value in pairs if name.strip().lower() in _LASTING)
