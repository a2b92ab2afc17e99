"""Fixtures that several rooms of the tests share."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.site import Site

# Loggers that are made after Pelican was imported say nothing twice. The service runs without it,
# and here some room or other has imported it first.
for name in ("afterword.access", "afterword.upkeep"):
    logging.getLogger(name)

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
