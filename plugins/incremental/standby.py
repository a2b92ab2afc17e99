"""A process that stands by with Pelican, the plugins and the settings loaded, to build when asked.

    python -u -m incremental.standby SETTINGS OVERRIDES

It is asked by a line on standard input, and answers by a line of JSON on standard output: whether
that went well, and which folders and files the site is made from. Asked for a glimpse, it shows a
text that has just been saved on its page, ahead of the build. What is said meanwhile
goes to standard error. It ends without an answer when another process has to be asked, since
what it has loaded is not what is on disk; and when nobody can ask it any more.
"""

import gc
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pelican import signals
from pelican.contents import Content
from pelican.log import LimitFilter
from pelican.log import init as init_logging
from pelican.settings import read_settings
from pelican.utils import memoized

import incremental
from incremental.compiled import Compiled
from incremental.resident import GLIMPSE
from incremental.sources import Sources

log: Final = logging.getLogger(__name__)


class Spent(Exception):
    """A new process has to build: what this one has loaded would make another site."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a build went well, and what the site is made from: folders and single files."""

    ok: bool
    folders: Collection[str] = ()
    files: Collection[str] = ()


class Standby:
    """Builds one site again and again, each time as a new process would.

    ``overrides`` are settings in place of those in the file.
    """

    def __init__(self, settings_file: str, overrides: Mapping[str, Any], sources: Sources) -> None:
        self._settings_file = settings_file
        self._overrides = overrides
        self._sources = sources
        self._compiled = Compiled()
        self._masters: object = None
        self._receivers: int | None = None
        self._glimpse: Callable[[Path], bool] = _nothing

    def build(self) -> Answer:
        """Build the site. Raises Spent where a new process has to do that."""
        if self._sources.have_changed():
            raise Spent
        self._glimpse = _nothing  # it holds all that the last build has read
        folders: Collection[str] = ()
        try:
            pelican = self._pelican()
            folders = _folders(pelican.settings)
            pelican.run()
            self._glimpse = getattr(pelican, "glimpse", _nothing)
        except Spent:
            raise
        except (Exception, SystemExit) as error:
            # As Pelican's own command says it.
            log.critical("%s: %s", type(error).__name__, error, exc_info=True)
            return Answer(False, folders, self._files())
        return Answer(True, folders, self._files())

    def glimpse(self, source: Path) -> Answer:
        """Show the text of one file on its page, ahead of a build, if it alone has changed."""
        return Answer(not self._sources.have_changed() and self._glimpse(source))

    def rest(self) -> None:
        """Forget the last build, but for what makes the next one faster."""
        # Pelican keeps these in its classes, for as long as a process lives.
        for seen in (LimitFilter._raised_messages, LimitFilter._group_count, LimitFilter._ignore):  # noqa: SLF001  # no other way
            seen.clear()
        for kind in _kinds(Content):
            for value in vars(kind).values():
                if isinstance(value, memoized):
                    value.cache.clear()
        gc.collect()

    def _pelican(self) -> Any:  # noqa: ANN401  # Pelican's class, or the site's own
        """Pelican with the settings as they are now."""
        settings = read_settings(self._settings_file, override=dict(self._overrides))
        settings["JINJA_ENVIRONMENT"].setdefault("bytecode_cache", self._compiled)
        # Whether the site names it among its plugins or not: without it, pages would be torn.
        incremental.register()
        kind = settings["PELICAN_CLASS"]
        if isinstance(kind, str):
            module, _, name = kind.rpartition(".")
            kind = getattr(__import__(module), name)
        pelican = kind(settings)
        receivers = _receivers()
        if self._receivers not in {None, receivers}:
            # A plugin has connected another receiver of its own: both would be called.
            raise Spent
        self._receivers = receivers
        if self._masters is not None:
            pelican.masters = self._masters
        self._masters = getattr(pelican, "masters", None)
        return pelican

    def _files(self) -> Collection[str]:
        self._sources.note(list(sys.modules.values()))
        files = {Path(self._settings_file), *self._sources.files()}
        return sorted({os.path.realpath(each) for each in files})


def _nothing(source: Path) -> bool:
    """There is no site yet that a text could be shown in."""
    del source
    return False


def _folders(settings: Mapping[str, Any]) -> Collection[str]:
    """The folders that a site with these settings is made from."""
    names = [settings["PATH"], settings["THEME"]]
    names += [*settings["THEME_TEMPLATES_OVERRIDES"], *settings["PLUGIN_PATHS"]]
    return sorted({os.path.realpath(each) for each in names if Path(each).is_dir()})


def _receivers() -> int:
    """How many functions wait for one of Pelican's signals."""
    return sum(len(getattr(each, "receivers", ())) for each in vars(signals).values())


def _kinds(kind: type) -> Iterator[type]:
    """A class and all that are derived from it."""
    yield kind
    derived: list[type] = kind.__subclasses__()
    for each in derived:
        yield from _kinds(each)


def main(settings_file: str, overrides: str) -> None:
    """Answer until nobody asks any more. Raises Spent when another process has to be asked."""
    since = time.time_ns()
    # What a plugin prints, or reads, is no part of what is said here.
    with os.fdopen(os.dup(0)) as questions, os.fdopen(os.dup(1), "w") as answers:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        quiet = logging.WARNING
        init_logging(fatal="errors", handler=None, name="pelican", logs_dedup_min_level=quiet)
        standby = Standby(settings_file, json.loads(overrides), Sources(since))
        for question in questions:
            if question.startswith(GLIMPSE):
                answer = standby.glimpse(Path(question.removeprefix(GLIMPSE).rstrip("\n")))
                print(json.dumps(asdict(answer)), file=answers, flush=True)
                continue
            answer = standby.build()
            print(json.dumps(asdict(answer)), file=answers, flush=True)
            if not answer.folders:
                # Settings or plugins are broken, and half of them may have been loaded.
                return
            standby.rest()


if __name__ == "__main__":
    # Whoever wants it to end at once sends it this; what it was writing is then put away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt, BrokenPipeError, Spent):
        main(*sys.argv[1:])
