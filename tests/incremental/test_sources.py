"""What a process has loaded, and whether it is what is on disk."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

import incremental.sources
from incremental.sources import Sources

_LATER = 1 << 62  # nanoseconds since 1970


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    """A module of one's own."""
    path = tmp_path / "own.py"
    path.write_text("A = 1\n")
    spec = importlib.util.spec_from_file_location("own", path)
    assert spec
    return importlib.util.module_from_spec(spec)


def path_of(module: ModuleType) -> Path:
    assert module.__file__
    return Path(module.__file__)


def test_code_changes_by_its_bytes_and_not_by_its_date(module: ModuleType) -> None:
    sources, path = Sources(_LATER), path_of(module)
    sources.note([module])
    assert not sources.have_changed()
    os.utime(path, (0, 0))
    assert not sources.have_changed()
    path.write_text("A = 2\n")
    assert sources.have_changed()
    path.write_text("A = 1\n")
    assert not sources.have_changed()
    path.unlink()
    assert sources.have_changed()


def test_what_was_loaded_first_counts(module: ModuleType) -> None:
    sources = Sources(_LATER)
    sources.note([module])
    path_of(module).write_text("A = 2\n")
    sources.note([module])
    assert sources.have_changed()


def test_of_a_file_younger_than_the_process_nobody_knows_what_was_loaded(
    module: ModuleType,
) -> None:
    sources = Sources(path_of(module).stat().st_mtime_ns)
    sources.note([module])
    assert sources.have_changed()


def test_only_code_of_ones_own_is_noted(module: ModuleType) -> None:
    sources = Sources(_LATER)
    sources.note([module, os, pytest, ModuleType("made"), incremental.sources])
    assert set(sources.files()) == {path_of(module), Path(incremental.sources.__file__)}
