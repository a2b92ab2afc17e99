"""Reading a file only if it, or what reads it, has changed.

What a reader makes of a file is kept by all that went into it: the file's bytes and place, the
settings, and the code. A reader that looks at other things while it reads one, as extensions do
that include files, is asked each time. Unless a plugin takes part in reading, whole posts and
pages are kept, as they were right after it; a new build gets copies.

Every post or page that was read here has these attributes besides Pelican's:

``_incremental_digest``
    Bytes that tell whether anything about it is different; None where that cannot be known.
``_incremental_links``
    The links in its text to other files of the site, as Pelican finds them in it.
``_incremental_origin``
    Called, it returns the attributes as they were right after reading, in copies that nobody
    else has. ``pristine.unchanged`` compares them.

The text itself (``_content``) is loaded from the memory each time somebody asks for it. It is
among the object's own attributes only where somebody has put it there.
"""

import fnmatch
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from pelican import signals
from pelican.contents import Article, Content, Page
from pelican.generators import ArticlesGenerator
from pelican.readers import Readers

from incremental import contents
from incremental.days import is_whole
from incremental.knowledge import Fresh, Knowledge
from incremental.notes import repeat, silence, taking_notes
from incremental.observing import BARE, Observer
from incremental.translations import found_by_name
from incremental.wholes import Wholes
from incremental.workers import spread

# Forking costs as much as reading a few dozen files.
_WORTH_FORKING: Final = 32


class Remembering:
    """What makes a generator read a file only if it has changed; to be put before its class.

    ``processes`` is how many may read at once.
    """

    knowledge: Knowledge
    processes: int
    # Pelican's.
    settings: dict[str, Any]
    context: dict[str, Any]
    path: str
    readers: Readers

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  # the generator's
        super().__init__(*arguments, **named)
        self._is_beginning = False
        self._whole: type[Content] | None = None
        # Who changes Pelican's classes means all objects of theirs.
        self._ours = contents.OURS if contents.are_untouched() else {}
        self._again: dict[str, tuple[Content, str]] = {}
        self._wholes = Wholes(self.knowledge, self.settings, self.context)
        self._observer = Observer(self.readers, self.knowledge)
        self._observer.take_over()
        self.readers.read_file = partial(self._read_file, self.readers.read_file)

    def generate_context(self) -> None:
        """Read all files, with what is known of them at hand."""
        self.knowledge.begin()
        self._observer.is_trusting = not self._parts().preread.receivers
        self._whole = self._wholly()
        self._is_beginning = True
        with found_by_name():
            super().generate_context()  # type: ignore[misc]  # the generator's

    def get_files(self, paths: Any, exclude: Any = None, extensions: Any = None) -> set[str]:  # noqa: ANN401  # Pelican's
        """Return the files to be read, in an order that is the same each time."""
        files = InOrder(super().get_files(paths, exclude, extensions))  # type: ignore[misc]  # the generator's
        if self._is_beginning:
            self._is_beginning = False
            self._recall(files)
        return files

    def get_cached_data(self, filename: str, default: Content | None = None) -> Content | None:
        """A post or page that is as it was when it was read, if there is one."""
        content, said = self._again.pop(filename, (default, ""))
        repeat(said)
        return content

    def cache_data(self, filename: str, data: Content) -> None:
        """Keep a post or page that has been read, and is to be shown."""
        del filename
        found, lasts = vars(data).pop("_incremental_found", (None, False))
        if found and type(data) is self._whole:
            self._observer.drop(data.source_path)
            self._wholes.keep(data, found, lasts=lasts)

    def save_cache(self) -> None:
        """Keep what was found in the other files."""
        self._observer.settle_all()

    def _include_path(self, path: str, extensions: Any = None) -> bool:  # noqa: ANN401  # Pelican's
        name = os.path.basename(path)  # noqa: PTH119  # asked for every file there is
        if _ignored(tuple(self.settings["IGNORE_FILES"])).match(os.path.normcase(name)):
            return False
        wanted = self.readers.extensions if extensions is None else extensions
        return wanted is False or os.path.splitext(name)[1][1:] in wanted  # noqa: PTH122  # as above

    def _parts(self) -> "_Parts":
        return _ARTICLES if isinstance(self, ArticlesGenerator) else _PAGES

    def _wholly(self) -> type[Content] | None:
        """The class of which whole objects are kept; None if somebody takes part in making them."""
        parts = self._parts()
        heard = (signals.content_object_init, parts.preread, parts.context)
        if any(each.receivers for each in heard) or not _tell_all(self.settings):
            return None
        return self._ours.get(parts.kind)

    def _recall(self, files: Collection[str]) -> None:
        """Have at hand what is known, after learning what many files hold that nobody knows."""
        base = os.path.abspath(self.path)  # noqa: PTH100  # as Pelican does
        paths = {each: _below(base, each) for each in files}
        self.knowledge.sweep(self._parts().kind.__name__, frozenset(paths.values()))
        self._again = self._known(paths)
        unknown = {
            each: path
            for each, path in paths.items()
            if each not in self._again and self.knowledge.known((BARE, path)) is None
        }
        if len(unknown) >= _WORTH_FORKING and self.processes > 1 and self._observer.is_trusting:
            tasks = [partial(self._apart, os.getpid(), each) for each in unknown]
            for found in spread(tasks, self.processes):
                for fresh in found:
                    self.knowledge.put(fresh)
            self._again |= self._known(unknown)

    def _known(self, paths: Mapping[str, str]) -> dict[str, tuple[Content, str]]:
        whole = self._whole
        if whole is None:
            return {}
        again = ((each, self._wholes.again(whole, path)) for each, path in paths.items())
        return {each: found for each, found in again if found}

    def _apart(self, here: int, filename: str) -> list[Fresh]:
        """Read a file in a process of its own, not ``here``; nothing comes of one that fails."""
        if os.getpid() == here:
            return []  # the other one has ended; what is said here should be heard
        kind = self._parts().kind if self._whole else _Nothing
        with silence(), self.knowledge.apart() as found:
            try:
                content = self.readers.read_file(
                    base_path=self.path, path=filename, content_class=kind, context=self.context
                )
                if content.is_valid():
                    self.cache_data(filename, content)
                self.save_cache()
            except Exception:  # noqa: BLE001  # it is read once more, and fails where it is seen
                return []
            return found

    def _read_file(
        self,
        usual: Any,  # noqa: ANN401  # Pelican's
        base_path: str,
        path: str,
        content_class: type[Content] = Page,
        *others: Any,  # noqa: ANN401  # Pelican's
        **named: Any,  # noqa: ANN401  # Pelican's
    ) -> Content:
        """Read a file, and give what comes of it what is ours."""
        self._observer.begin()
        kind = self._ours.get(content_class)
        with taking_notes() as notes:
            content = usual(base_path, path, kind or content_class, *others, **named)
        if kind and type(content) is kind:
            basis = self._observer.basis(content.source_path)
            found = self._wholes.describe(content, basis and basis.found, notes)
            if found and basis and kind is self._whole:
                content._incremental_found = found, basis.lasts  # noqa: SLF001  # ours
            elif basis:
                self._observer.settle(content.source_path)
        return content


@dataclass(frozen=True, slots=True)
class _Parts:
    """What Pelican tells whoever wants to take part in reading files of one kind."""

    kind: type[Content]
    preread: Any
    context: Any


_ARTICLES: Final = _Parts(
    Article, signals.article_generator_preread, signals.article_generator_context
)
_PAGES: Final = _Parts(Page, signals.page_generator_preread, signals.page_generator_context)


class _Nothing:
    """What becomes of a file of which only what its reader finds is wanted."""

    def __init__(self, **of: object) -> None:
        del of

    def is_valid(self) -> bool:
        return False


class InOrder(set[str]):
    """A set of names that comes in their order, and not in another one in each process."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))


def _tell_all(settings: Mapping[str, Any]) -> bool:
    """Whether a post is made of nothing but its file and the settings.

    It may be dated by the file system, by a date that leaves the day out, or in a language that
    the process speaks from then on.
    """
    default = settings.get("DEFAULT_DATE") or ""
    formats = (settings["DEFAULT_DATE_FORMAT"], *settings["DATE_FORMATS"].values())
    is_dated = not isinstance(default, str) or not default or is_whole(default)
    return is_dated and all(isinstance(each, str) for each in formats)


def _below(base: str, name: str) -> str:
    """The path of a file below a folder, as short as can be."""
    path = f"{base}/{name}"
    return os.path.normpath(path) if "./" in name or "//" in path else path


@cache
def _ignored(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What matches the names that any of these patterns does."""
    return re.compile("|".join(map(fnmatch.translate, map(os.path.normcase, patterns))) or r"(?!)")
