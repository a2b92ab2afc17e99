"""What somebody looks at while he reads a file is noticed."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pelican
import pytest

from incremental.lookout import watching


def seen_of(action: Callable[[], object]) -> set[str]:
    with watching() as seen:
        action()
    return seen


def test_files_are_noticed_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    monkeypatch.chdir(tmp_path)
    assert seen_of(path.read_text) == {str(path)}
    assert seen_of(Path("a.txt").read_bytes) == {str(path)}
    assert seen_of(lambda: os.close(os.open(b"a.txt", os.O_RDONLY))) == {str(path)}


def test_so_are_folders_programs_and_whatever_changes_something(tmp_path: Path) -> None:
    place = tmp_path / "a"
    assert seen_of(lambda: os.listdir(tmp_path)) == {"[os.listdir]"}  # noqa: PTH208  # as somebody may
    assert seen_of(lambda: place.write_text("a")) == {"[write]"}
    assert seen_of(lambda: os.close(os.open(place, os.O_RDWR))) == {"[write]"}
    assert "[os.rename]" in seen_of(lambda: place.rename(tmp_path / "b"))
    run = partial(subprocess.run, [sys.executable, "-V"], check=True)
    assert "[subprocess.Popen]" in seen_of(run)


def test_code_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lately.py").write_text("X = 1")
    monkeypatch.syspath_prepend(tmp_path)
    assert seen_of(lambda: importlib.import_module("lately")) == set()
    template = Path(pelican.__file__).parent / "themes/simple/templates/base.html"
    assert seen_of(template.read_text) == set()


def test_before_and_after_nobody_looks(tmp_path: Path) -> None:
    with watching() as seen:
        pass
    (tmp_path / "a").write_text("a")
    assert seen == set()


def test_one_reading_within_another_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    with watching() as outer:
        assert seen_of(path.read_text) == {str(path)}
    assert outer == set()
