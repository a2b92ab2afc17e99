"""Fixtures that several rooms of the tests share."""

import os
from pathlib import Path

import pytest

from tests.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty blog in a folder of its own."""
    return Site(tmp_path)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of hostile and real data that AFTERWORD_CORPORA names."""
    place = os.environ.get("AFTERWORD_CORPORA")
    if not place:
        pytest.skip("AFTERWORD_CORPORA is not set: no corpora to try")
    return Path(place)
