"""A service that the tests of one module share, each with names of its own."""

from collections.abc import Iterator

import pytest

from tests.service import Service, blog, intake
from tests.site import Site


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The production service over a blog with one post; nobody sends too much to it."""
    site = blog(Site(tmp_path_factory.mktemp("blog")), "COMMENTS_FLOOD_LIMIT = 0\n")
    with intake(site, {"AFTERWORD_PULL_TOKEN": "p" * 32}) as running:
        running.crowd = True
        yield running
