"""What a build hands over to those who publish responses until the next one.

It is enough to render what is made of responses as that build has, without Pelican: how the site
is called and shown, its templates for responses, and which code was at work. Where that is not
enough, or not true any more, it says so, and only a build will do.
"""

import dataclasses
import json
import locale
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import jinja2

import feeds
import incremental
from afterword import likeness
from afterword.configuration import Configuration
from afterword.feeds import Publication
from afterword.likeness import Reading, Unlike
from afterword.render import Look, Renderer
from afterword.settings import PREFIX, Settings

_FORMAT: Final = 1
# What the templates that make parts of pages are given.
_GIVEN: Final[Mapping[str, tuple[str, ...]]] = {
    "comments/thread.html": ("entry", "comments", "count", "open", "form", "feeds"),
    "comments/count.html": ("entry", "count", "open"),
    "comments/recent.html": ("items",),
}
_OURS: Final = (Path(__file__).parent, *map(Path, (*feeds.__path__, *incremental.__path__)))


@dataclass(frozen=True, slots=True)
class Handover:
    """The site as the last build has seen it. ``obstacle`` says why only builds will do, if so.

    ``root`` is the folder of response files and ``memory`` the file that knows what is in them.
    ``templates`` are the digest of those for responses, in hexadecimal, and ``sources`` those of
    each; ``environment`` is what they are rendered in. ``zone`` and ``language`` are names, and
    so is ``locale``, by which days and months are called.
    """

    root: str
    memory: str
    siteurl: str
    zone: str
    date_format: str
    locale: str
    settings: Mapping[str, Any]
    publication: Mapping[str, Any]
    templates: str = ""
    environment: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    sources: Mapping[str, str] = dataclasses.field(default_factory=dict)
    obstacle: str = ""
    code: str = ""

    @classmethod
    def of(  # noqa: PLR0913  # what a build knows
        cls,
        renderer: Renderer,
        environment: jinja2.Environment,
        *,
        root: Path,
        memory: Path,
        zone: str,
        publication: Publication,
    ) -> Self:
        """What a build hands over that renders responses with ``renderer``.

        ``environment`` is the theme's own.
        """
        one = cls(
            root=os.path.abspath(root),  # noqa: PTH100  # a link may be led elsewhere meanwhile
            memory=os.path.abspath(memory),  # noqa: PTH100  # as above
            siteurl=renderer.siteurl,
            zone=zone,
            date_format=renderer.look.date_format,
            locale=locale.setlocale(locale.LC_TIME),
            settings=asdict(renderer.settings),
            publication=asdict(publication),
            code=_code(),
        )
        reading = Reading(renderer.environment)
        try:
            for name, given in _GIVEN.items():
                reading.check(name, given)
            return replace(
                one,
                templates=renderer.templates.hex(),
                environment=likeness.describe(environment),
                sources=reading.digests(_GIVEN),
            )
        except Unlike as reason:
            return replace(one, obstacle=str(reason))

    def dump(self) -> bytes:
        """Return it as JSON, as ``load`` takes it."""
        return json.dumps({"format": _FORMAT, **asdict(self)}).encode()

    @classmethod
    def load(cls, data: bytes) -> "Handover | None":
        """Return what was dumped, or None for what another version of this program has dumped."""
        found = json.loads(data)
        return cls(**found) if found.pop("format") == _FORMAT else None

    def renderer(self, now: datetime) -> Renderer:
        """What renders responses as the build has, until ``check`` says that it does not.

        Raises Unlike where nothing does.
        """
        if self.obstacle:
            raise Unlike(self.obstacle)
        look = Look(ZoneInfo(self.zone), self.date_format)
        plain = likeness.rebuild(self.environment)
        found = Renderer.over(plain, Settings(**self.settings), look, self.siteurl, now)
        return replace(found, templates=bytes.fromhex(self.templates))

    def check(self, renderer: Renderer) -> None:
        """Raise Unlike if what this renders is not what the build would render now."""
        if self.code != _code():
            raise Unlike("another version of this program has built the site")
        if Reading(renderer.environment).have_changed(self.sources):
            raise Unlike("a template for responses has changed")
        _speak(self.locale)

    @property
    def site(self) -> Publication:
        """What the feeds say about the site."""
        return Publication(**self.publication)

    def difference(self, wanted: Configuration) -> str:
        """The name of a setting that is another in the settings file now; empty without one."""
        settings = asdict(wanted.settings)
        changed = [name for name, value in settings.items() if self.settings.get(name) != value]
        if changed:
            return PREFIX + changed[0].upper()
        both = {
            "SITEURL": (self.siteurl, wanted.siteurl),
            "TIMEZONE": (self.zone, wanted.zone.key),
            "DEFAULT_DATE_FORMAT": (self.date_format, wanted.date_format),
            "PATH": (Path(self.root).resolve(), wanted.comments.resolve()),
        }
        return next((name for name, (was, now) in both.items() if was != now), "")


def _speak(language: str) -> None:
    """Call days and months as the build has. Raises Unlike if this system cannot."""
    if locale.setlocale(locale.LC_TIME) == language:
        return
    try:
        locale.setlocale(locale.LC_TIME, language)
    except locale.Error as error:
        raise Unlike(f"locale {language}: {error}") from error


def _code() -> str:
    """What changes when Python, an installed package or a file of ours does: told by a glance.

    Who changes a file and leaves its size and its date as they were is not noticed.
    """
    found = blake2b(sys.version.encode(), digest_size=16)
    installed = Path(jinja2.__file__).parent.parent
    names = (name for name in os.listdir(installed) if name.endswith(".dist-info"))  # noqa: PTH208  # names are all we want
    found.update("\n".join(sorted(names)).encode())
    for folder in _OURS:
        for path in sorted((*folder.glob("*.py"), *folder.glob("templates/*/*.html"))):
            stat = path.stat()
            found.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
