"""The files that Pelican copies, by way of our outputs."""

import fnmatch
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from pelican.contents import Content
from pelican.generators import SourceFileGenerator, StaticGenerator

from incremental.build import Build

log: Final = logging.getLogger(__name__)


def below(folder: str, path: str | Path) -> str:
    """The name of a file below a folder, with slashes. Raises ValueError for one elsewhere."""
    # Without following links, as Pelican does.
    return Path(os.path.abspath(path)).relative_to(os.path.abspath(folder)).as_posix()  # noqa: PTH100


class SafeStatics(StaticGenerator):
    """Copies static files as Pelican does, each whole and only where it has changed."""

    build: Build

    def _copy_paths(
        self,
        paths: Iterable[str],
        source: str,
        destination: str,
        output_path: str,
        final_path: str | None = None,
    ) -> None:
        for path in paths:
            start = Path(source, path).expanduser()
            name = start.name if start.is_file() else ""
            tail = Path(final_path, name) if final_path else Path(path)
            for found in self._wanted(start):
                self._copy(found, Path(output_path, destination, tail, found.relative_to(start)))

    def _wanted(self, start: Path) -> Iterator[Path]:
        """The files at or below a place that the site's settings do not ignore."""
        ignored = self.settings["IGNORE_FILES"]

        def kept(names: Iterable[str]) -> list[str]:
            return sorted(n for n in names if not any(fnmatch.fnmatch(n, i) for i in ignored))

        if not kept([start.name]):
            return
        if start.is_file():
            yield start
        for folder, folders, names in os.walk(start, followlinks=True):
            folders[:] = kept(folders)
            yield from (Path(folder, name) for name in kept(names))

    def _file_update_required(self, staticfile: Any) -> bool:  # noqa: ANN401  # Pelican's
        if self.settings["STATIC_CREATE_LINKS"]:
            self.build.outputs.adopt(staticfile.save_as)
            return bool(super()._file_update_required(staticfile))
        return True

    def _copy_staticfile(self, sc: Any) -> None:  # noqa: ANN401  # Pelican's
        self._copy(Path(self.path, sc.source_path), Path(self.output_path, sc.save_as))

    def _copy(self, source: Path, target: Path) -> None:
        if not source.is_file():
            log.warning("%s is no file, and not copied", source)
            return
        try:
            self.build.outputs.copy(below(self.output_path, target), source)
        except OSError as error:
            log.error("%s cannot be copied to %s: %s", source, target, error.strerror)  # noqa: TRY400  # said in full


class SafeSources(SourceFileGenerator):
    """Copies the sources of posts and pages as Pelican does, each whole and only if changed."""

    build: Build

    def _create_source(self, obj: Content) -> None:
        name = f"{os.path.splitext(obj.save_as)[0]}{self.output_extension}"  # noqa: PTH122  # as Pelican does
        self.build.outputs.copy(name, Path(obj.source_path))
