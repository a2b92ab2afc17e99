"""Fixtures for builds and releases."""

from pathlib import Path

import pytest

from tests.incremental.publishing import Blog


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A site that was never published."""
    return Blog(tmp_path)
