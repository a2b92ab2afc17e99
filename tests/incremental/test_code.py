"""What a build is made by: when anything of it changes, so does its digest."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from markdown.extensions.toc import TocExtension
from pelican.settings import DEFAULT_CONFIG

from incremental import code


@pytest.fixture(autouse=True)
def _loaded_anew() -> Iterator[None]:
    """Nothing was looked at before, as in a new process."""
    code._source.cache_clear()
    yield
    code._source.cache_clear()


def module(name: str, path: Path) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = str(path)
    return made


def package(folder: Path) -> list[ModuleType]:
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "part.py").write_text("X = 1\n")
    return [module("package", folder / "__init__.py"), module("package.part", folder / "part.py")]


def test_code_counts_by_its_text(tmp_path: Path) -> None:
    modules = package(tmp_path / "package")
    before = code.digest(modules)
    (tmp_path / "package/part.py").write_text("X = 2\n")
    assert code.digest(modules) == before  # what was loaded is what runs
    code._source.cache_clear()
    assert code.digest(modules) != before


def test_what_is_not_imported_yet_counts_already(tmp_path: Path) -> None:
    modules = package(tmp_path / "package")
    before = code.digest(modules[:1])
    assert code.digest(modules) == before
    (tmp_path / "package/later.py").write_text("")
    code._source.cache_clear()
    assert code.digest(modules[:1]) != before


def test_a_lone_module_counts_without_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "settings.py"
    path.write_text("A = 1\n")
    before = code.digest([module("settings", path)])
    (tmp_path / "other.py").write_text("")
    code._source.cache_clear()
    assert code.digest([module("settings", path)]) == before
    path.unlink()
    code._source.cache_clear()
    assert code.digest([module("settings", path)]) != before


def test_what_is_installed_counts_by_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code.digest([pytest, sys.modules["json"]])
    assert code.digest([]) == before
    (tmp_path / "thing-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert code.digest([]) != before


def settings(**changed: object) -> dict[str, Any]:
    return {**DEFAULT_CONFIG, "MARKDOWN": {"extensions": [], "extension_configs": {}}, **changed}


def function() -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    "changed",
    [
        {"SITENAME": "Another"},
        {"JINJA_FILTERS": {"f": function}},
        {"TAGS": {"a", "b"}},
        {"MARKDOWN": {"extensions": ["markdown.extensions.toc"]}},
        {"MARKDOWN": {"extension_configs": {"markdown.extensions.toc": {"permalink": True}}}},
    ],
)
def test_every_setting_counts(changed: dict[str, object]) -> None:
    told = code.told(settings(**changed))
    assert told is not None
    assert told != code.told(settings())
    assert told == code.told(settings(**changed)) == code.circumstances(settings(**changed))


def test_where_a_site_is_built_to_does_not() -> None:
    assert code.told(settings(OUTPUT_PATH="/elsewhere")) == code.told(settings())


def test_a_setting_that_pelican_completes_is_what_it_was() -> None:
    given: dict[str, Any] = {"extension_configs": {"markdown.extensions.toc": {}}}
    completed = {**given, "extensions": ["markdown.extensions.toc"]}
    assert code.told(settings(MARKDOWN=given)) == code.told(settings(MARKDOWN=completed))


def test_the_time_zone_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code.told(settings())
    monkeypatch.setattr(time, "tzname", ("XST", "XDT"))
    assert code.told(settings()) != before


def test_of_an_object_nobody_knows_what_it_does() -> None:
    given = settings(MARKDOWN={"extensions": [TocExtension()]})
    assert code.told(given) is None
    assert code.circumstances(given) != code.circumstances(given)


def test_an_extension_counts_though_nobody_has_imported_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_extension.py").write_text("A = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    given = settings(MARKDOWN={"extensions": ["my_extension:Extension", "no.such.module"]})
    before = code.told(given)
    (tmp_path / "my_extension.py").write_text("A = 2\n")
    code._source.cache_clear()
    assert code.told(given) != before
    monkeypatch.delitem(sys.modules, "my_extension")
