"""Fixtures that several rooms of the tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.site import Site

# Where a change is judged, the same examples every time; elsewhere, ever new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "search")


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
