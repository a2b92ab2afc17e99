"""The theme alone, and beside each plugin alone: it shows less, and breaks nowhere."""

import pytest

from tests.site import ROOT, Site
from tests.theme.conftest import SETTINGS
from tests.theme.page import Page


@pytest.mark.parametrize("plugin", ["", "afterword", "categories", "related", "feeds"])
def test_it_builds_with_any_plugin_missing(site: Site, plugin: str) -> None:
    site.post("first", category="Art", tags="one")
    site.write({"content/pages/about.md": "Title: About\n\nUs.\n"})
    plugins = f"PLUGINS = {[plugin] if plugin else []}\n"
    build = site.build(f"{SETTINGS}\n{plugins}")
    assert build.status == 0, build.log
    page = Page.parse(build.read("first/index.html"))
    assert page.text(class_="posted-in") == (
        "This entry was posted in Art and tagged one. Bookmark the permalink."
    )
    announced = [each.get("title") for each in page.all("link", type="application/rss+xml")]
    assert announced == {
        "feeds": ["A Blog » Feed"],
        "afterword": ["A Blog » First Comments Feed"],
    }.get(plugin, [])
    assert (page.all("section", id="comments") != []) == (plugin == "afterword")
    for name in build.files():
        if name.endswith(".html"):
            Page.parse(build.read(name))


def test_it_builds_with_the_settings_of_a_new_blog(site: Site) -> None:
    site.write({"content/first.md": "Title: First\nDate: 2026-01-02\n\nText.\n"})
    (site.root / "new.py").write_text(
        f"PATH = 'content'\nPLUGINS = []\nTHEME = {str(ROOT / 'theme')!r}\n",
        encoding="utf-8",
    )
    build = site.build_with("new.py")
    assert build.status == 0, build.log
    assert Page.parse(build.read("first.html")).text("h1") == "First"
