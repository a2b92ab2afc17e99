"""Pelican's writer, and the files that Pelican copies, by way of our outputs."""

import fnmatch
import io
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pelican.generators import StaticGenerator
from pelican.writers import FileOverwriteFailedError, Writer

from incremental.outputs import Outputs

log: Final = logging.getLogger(__name__)


def below(folder: str, path: str | Path) -> str:
    """The name of a file below a folder, with slashes. Raises ValueError for one elsewhere."""
    # Without following links, as Pelican does.
    return Path(os.path.abspath(path)).relative_to(os.path.abspath(folder)).as_posix()  # noqa: PTH100


class SafeWriter(Writer):
    """Writes pages and feeds as Pelican does, each whole and only where it has changed."""

    outputs: Outputs

    def put(self, name: str, text: str) -> None:
        """Write a file below the output folder, for plugins that have one of their own."""
        self.outputs.put(name, text.encode())

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> "_Text":  # noqa: FBT001, FBT002  # Pelican's
        """Return what will be the file's text, under Pelican's own rules of who overrides whom."""
        if filename in self._overridden_files:
            if override:
                raise FileOverwriteFailedError(f'"{filename}" was overwritten already')
            return _Text()
        if filename in self._written_files and not override:
            raise FileOverwriteFailedError(f'"{filename}" was written already')
        if override:
            self._overridden_files.add(filename)
        self._written_files.add(filename)
        return _Text(self.outputs, below(self.output_path, filename), encoding)


class _Text(io.StringIO):
    """A text that becomes a file when its block ends well."""

    def __init__(self, outputs: Outputs | None = None, name: str = "", encoding: str = "") -> None:
        super().__init__()
        self._where = outputs, name, encoding

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        outputs, name, encoding = self._where
        if outputs and kind is None:
            outputs.put(name, self.getvalue().encode(encoding))
        super().__exit__(kind, error, trace)


class SafeStatics(StaticGenerator):
    """Copies static files as Pelican does, each whole and only where it has changed."""

    outputs: Outputs

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
            self.outputs.adopt(staticfile.save_as)
            return bool(super()._file_update_required(staticfile))
        return True

    def _copy_staticfile(self, sc: Any) -> None:  # noqa: ANN401  # Pelican's
        self._copy(Path(self.path, sc.source_path), Path(self.output_path, sc.save_as))

    def _copy(self, source: Path, target: Path) -> None:
        if not source.is_file():
            log.warning("%s is no file, and not copied", source)
            return
        try:
            self.outputs.copy(below(self.output_path, target), source)
        except OSError as error:
            log.error("%s cannot be copied to %s: %s", source, target, error.strerror)  # noqa: TRY400  # said in full
