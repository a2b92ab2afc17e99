"""Built sites, as far as old addresses lead to them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from afterword.importers.redirects.built import Built
from afterword.importers.redirects.finding import Found, find
from tests.afterword.importers.conftest import entry
from tests.afterword.importers.wxr.conftest import CHANNEL, document

ARCHIVES = ("", "archives/{date:%Y}/{date:%m}/", "archives/{date:%Y}/", "archives/")

Making = Callable[..., Built]


@pytest.fixture
def make(tmp_path: Path) -> Making:
    """Make a site's output, of files by their names and of groups by the stems of their feeds."""

    def make(*names: str, siteurl: str = "https://new.example", **groups: str) -> Built:
        output = tmp_path / "output"
        for name in names:
            put(output / name, "")
        titles = {stem: f"A » Blog » {name}" for stem, name in groups.items()}
        for stem, title in {"all": "A » Blog", **titles}.items():
            place = stem.replace("__", "/")
            page = f"{siteurl}/{place}/"
            feed = {"title": title, "home_page_url": page, "items": [{"title": "no"}]}
            put(output / f"feeds/{place}.json", json.dumps(feed))
            put(output / f"feeds/{place}.rss.xml", "")
            put(output / f"feeds/{place}.atom.xml", "")
        return Built.read(output, siteurl, ARCHIVES)

    return make


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def found(  # noqa: PLR0913  # what a test may want otherwise
    folder: Path,
    built: Built,
    items: Sequence[str],
    *,
    keys: Sequence[str] = ("first",),
    channel: str = CHANNEL,
    other_host: bool = False,
) -> Found:
    """Look for redirects from an export of these items to posts with these slugs."""
    file = folder / "blog.xml"
    file.write_text(document(*items, channel=channel), encoding="utf-8")
    return find([file], {key: entry(key) for key in keys}, built, other_host=other_host)


def led(found: Found) -> dict[str, str]:
    """Targets by old address."""
    return {
        each.path + "".join(f"?{name}={value}" for name, value in each.asked): each.target
        for each in found.redirects
    }
