"""A site as its settings file describes it, read without Pelican.

The service and the command line need a dozen of Pelican's settings; Pelican itself takes half
a second and four hundred modules to import.
"""

import runpy
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from afterword.errors import SettingsError
from afterword.settings import Settings
from incremental.settings import Settings as Builds

# Pelican's own, where a settings file says nothing.
_DEFAULTS: Final[Mapping[str, str]] = {
    "PATH": ".",
    "OUTPUT_PATH": "output",
    "THEME": "",
    "SITEURL": "",
    "SITENAME": "A Pelican Blog",
    "AUTHOR": "",
    "DEFAULT_LANG": "en",
    "TIMEZONE": "UTC",
    "DEFAULT_DATE_FORMAT": "%a %d %B %Y",
    "ARCHIVES_SAVE_AS": "archives.html",
}
# Pages that Pelican makes unless it is told otherwise.
_USUAL: Final = frozenset(
    f"{each}.html" for each in ("archives", "authors", "categories", "index", "tags")
)
_ARCHIVES: Final = ("DAY_ARCHIVE", "MONTH_ARCHIVE", "YEAR_ARCHIVE", "ARCHIVES")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a settings file says. Paths are absolute; ``siteurl`` has no slash at its end.

    ``theme`` is the theme's folder of templates, or None where the theme is one of Pelican's.
    ``articles`` and ``pages`` are the folders below ``content`` for new posts and pages,
    ``categories`` and ``tags`` those for what the author says of these.
    ``state`` is where builds remember what they make, relative to where they are started, or
    None where they remember nothing. ``archives`` are the addresses of the archives of a day, a
    month, a year, and of all posts, as patterns of a ``date``; empty for those that there are not.
    ``reserved`` are slugs at whose addresses the site has pages of its own.
    """

    file: Path
    settings: Settings
    siteurl: str
    sitename: str
    author: str
    language: str
    zone: ZoneInfo
    date_format: str
    content: Path
    articles: str
    pages: str
    categories: str
    tags: str
    comments: Path
    output: Path
    theme: Path | None
    state: Path | None
    archives: tuple[str, ...]
    reserved: frozenset[str]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Run a settings file and take what it defines. Raises SettingsError if that fails."""
        values = _run(file.resolve())
        folder = file.resolve().parent
        theme = folder / values["THEME"] / "templates"
        settings = Settings.from_mapping(values)
        return cls(
            file=file.resolve(),
            settings=settings,
            siteurl=str(values["SITEURL"]).rstrip("/"),
            sitename=str(values["SITENAME"]),
            author=str(values["AUTHOR"] or values["SITENAME"]),
            language=str(values["DEFAULT_LANG"]),
            zone=_zone(values["TIMEZONE"]),
            date_format=str(values["DEFAULT_DATE_FORMAT"]),
            content=folder / values["PATH"],
            articles=_first(values.get("ARTICLE_PATHS"), "posts"),
            pages=_first(values.get("PAGE_PATHS"), "pages"),
            categories=str(values.get("CATEGORIES_PATH") or "categories").strip("/"),
            tags=str(values.get("TAGS_PATH") or "tags").strip("/"),
            comments=folder / values["PATH"] / settings.path,
            output=folder / values["OUTPUT_PATH"],
            theme=theme if values["THEME"] and theme.is_dir() else None,
            state=_state(values),
            archives=tuple(_address(name, values) for name in _ARCHIVES),
            reserved=frozenset(_reserved(values)),
        )

    def words(self, name: str) -> tuple[str, ...]:
        """The lines of a file that a setting names, without empty ones and # comments."""
        if not name:
            return ()
        path = self.file.parent / name
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(str(path), f"cannot be read: {error}") from None
        stripped = (line.strip() for line in lines)
        return tuple(line for line in stripped if line and not line.startswith("#"))


def _first(folders: object, usual: str) -> str:
    """The first of several folders; Pelican's empty name means all of them."""
    given = [str(each) for each in folders] if isinstance(folders, list | tuple) else []
    return next((each.strip("/") for each in given if each.strip("/")), usual)


def _state(values: Mapping[str, Any]) -> Path | None:
    folder = values.get("INCREMENTAL_STATE", Builds().state)
    return Path(folder) if folder and "incremental" in (values.get("PLUGINS") or ()) else None


def _address(name: str, values: Mapping[str, Any]) -> str:
    """Where pages of a kind are, if there are any."""
    place = str(values.get(f"{name}_SAVE_AS") or "")
    return str(values.get(f"{name}_URL") or place) if place else ""


def _reserved(values: Mapping[str, Any]) -> Iterator[str]:
    """Slugs at whose addresses the site has pages of its own."""
    own = {str(place) for name, place in values.items() if name.endswith("_SAVE_AS")}
    for kind, usual in (("ARTICLE", "{slug}.html"), ("PAGE", "pages/{slug}.html")):
        start, slug, end = str(values.get(f"{kind}_SAVE_AS", usual)).partition("{slug}")
        for place in own | _USUAL if slug and "{" not in start + end else ():
            if place.startswith(start) and place.endswith(end) and "{" not in place:
                yield place[len(start) : len(place) - len(end)]


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        raise SettingsError("TIMEZONE", f"is no time zone: {name!r}") from None


def _run(file: Path) -> Mapping[str, Any]:
    """Run a settings file as Pelican does: with its folder on the path."""
    path = list(sys.path)
    sys.path.insert(0, str(file.parent))
    try:
        names = runpy.run_path(str(file))
    except (Exception, SystemExit) as error:
        raise SettingsError(str(file), f"{type(error).__name__}: {error}") from error
    finally:
        sys.path[:] = path
    return {**_DEFAULTS, **{name: value for name, value in names.items() if name.isupper()}}
