"""Fixtures for builds and releases."""

import threading
from pathlib import Path

import pytest

from tests.incremental.publishing import Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A site that was never published."""
    return Blog(tmp_path)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no threads of pytest's own: they hold nothing of ours."""
    monkeypatch.setattr(threading, "enumerate", list)
