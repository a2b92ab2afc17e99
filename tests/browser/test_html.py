"""Valid HTML on every page, by the W3C's own checker."""

from pathlib import Path

import pytest

from tests.browser.conftest import NuChecker, Served

pytestmark = pytest.mark.browser


def test_the_nu_checker_finds_nothing(demonstration: Served, nu_checker: NuChecker) -> None:
    assert nu_checker.complaints(demonstration.build.output) == []


def test_the_nu_checker_would_find_something(tmp_path: Path, nu_checker: NuChecker) -> None:
    page = "<!doctype html><html lang=en><title>x</title><p><div></p>"
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    assert len(nu_checker.complaints(tmp_path)) > 1
