"""Reading a blog's files as a build does, by Pelican's generators or by ours, and writing none."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.log import LimitFilter
from pelican.settings import read_settings
from pelican.urlwrappers import URLWrapper

from incremental.knowledge import Knowledge
from incremental.masters import Masters
from incremental.parsed import Parsed
from incremental.reading import Remembering

_LISTS = ("articles", "pages", "translations", "drafts", "draft_pages", "hidden_articles")
_MORE = ("drafts_translations", "draft_translations", "hidden_pages", "hidden_translations")


@dataclass
class Blog:
    """A blog below ``root``, and a process that reads it: ``masters`` is what that remembers."""

    root: Path
    settings: dict[str, Any] = field(default_factory=dict)
    masters: Masters = field(default_factory=Masters)
    today: date = date(2026, 1, 5)
    processes: int = 1

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files by their names below ``content``."""
        for name, text in files.items():
            path = self.root / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def usual(self) -> "Read":
        """Read everything as Pelican does."""
        return self._read({"articles": _Articles, "pages": _Pages})

    def ours(self) -> "Read":
        """Read everything in this process."""
        with Parsed.open(self.root / "parsed.sqlite3") as parsed:
            made = self._settings()
            knowledge = Knowledge(parsed, self.masters, made, self.today)
            means = {"knowledge": knowledge, "processes": self.processes}
            kinds = {
                "articles": type("ArticlesGenerator", (Remembering, ArticlesGenerator), means),
                "pages": type("PagesGenerator", (Remembering, PagesGenerator), means),
            }
            return self._read(kinds, made)

    def anew(self) -> "Read":
        """Read everything in a process that has just begun."""
        self.masters = Masters()
        return self.ours()

    def _settings(self) -> dict[str, Any]:
        given = {
            "PATH": str(self.root / "content"),
            "ARTICLE_PATHS": ["posts"],
            "OUTPUT_PATH": str(self.root / "output"),
            "LOCALE": ["C.UTF-8"],
            "TIMEZONE": "UTC",
            "SITEURL": "https://blog.example",
            "AUTHOR": "Ann",
        }
        return dict(read_settings(override={**given, **self.settings}))

    def _read(self, kinds: Mapping[str, type[Any]], made: dict[str, Any] | None = None) -> "Read":
        settings = made or self._settings()
        LimitFilter._raised_messages.clear()
        LimitFilter._group_count.clear()
        shared: dict[str, Any] = {"generated_content": {}, "static_links": set()}
        context = {**settings, **shared, "static_content": {}, "localsiteurl": "https://s.example"}
        generators = [
            kind(
                context=context,
                settings=settings,
                path=settings["PATH"],
                theme=settings["THEME"],
                output_path=settings["OUTPUT_PATH"],
            )
            for kind in kinds.values()
        ]
        said = _Said()
        logging.getLogger().addHandler(said)
        try:
            for generator in generators:
                generator.generate_context()
            for generator in generators:
                generator.refresh_metadata_intersite_links()
            found = {
                f"{kind} {name}": [_told(each) for each in getattr(generator, name)]
                for kind, generator in zip(kinds, generators, strict=True)
                for name in (*_LISTS, *_MORE)
                if hasattr(generator, name)
            }
        finally:
            logging.getLogger().removeHandler(said)
        return Read(found, sorted(said.texts), said.texts, context, generators)


@dataclass
class Read:
    """What was read: each post and page, all about it, by the lists they stand in."""

    found: dict[str, list[dict[str, Any]]]
    said: list[str]
    in_order: list[str]
    context: dict[str, Any]
    generators: list[Any]

    def same(self) -> tuple[Any, ...]:
        """What has to be the same whoever has read it."""
        known = {name: each is not None for name, each in self.context["generated_content"].items()}
        return self.found, self.said, sorted(self.context["static_links"]), known

    def post(self, name: str) -> Any:  # noqa: ANN401  # Pelican's
        """The post or page of a file."""
        return self.context["generated_content"][name]


class _InOrder:
    def get_files(self, *arguments: Any, **named: Any) -> list[str]:  # noqa: ANN401  # Pelican's
        """Return the files in an order that is the same each time, as Pelican's is not."""
        return sorted(super().get_files(*arguments, **named))  # type: ignore[misc]  # Pelican's


class _Articles(_InOrder, ArticlesGenerator):  # type: ignore[misc]  # Pelican's has no type
    """Pelican's generator of posts."""


class _Pages(_InOrder, PagesGenerator):  # type: ignore[misc]  # Pelican's has no type
    """Pelican's generator of pages."""


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname} {record.getMessage()}")


def _told(content: Content) -> dict[str, Any]:
    own = {
        name: _plain(value)
        for name, value in vars(content).items()
        if name not in {"settings", "_context", "_content"} and not name.startswith("_incremental_")
    }
    for name in ("_content", "content", "summary", "url", "save_as", "status"):
        own[name] = getattr(content, name)
    return {**own, "kind": type(content).__name__}


def _plain(value: Any) -> Any:  # noqa: ANN401  # any value
    if isinstance(value, Content):
        return f"the text {value.source_path}"
    if isinstance(value, URLWrapper):
        return type(value).__name__, value.name, value.slug
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return repr(value)
