"""Old addresses of WordPress lead to the new ones, for each kind of server."""

from dataclasses import replace
from pathlib import Path

import pytest

from afterword.importers.redirects import Redirect, Server, find, lines, write_pages
from tests.afterword.importers.conftest import entry
from tests.afterword.importers.wxr.conftest import document, item

OLD = "https://old.example/blog"
BEFORE = (
    "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key>"
    "<wp:meta_value>frist</wp:meta_value></wp:postmeta>"
)
SOME = (
    Redirect("/blog/2012/03/first/", "", "", "/first/"),
    Redirect("/blog/ä", "", "", "/%C3%A4/"),
    Redirect("/blog/", "p", "7", "/first/"),
    Redirect("/blog/", "page_id", "8", "/about/"),
)


def export(tmp_path: Path, *items: str) -> list[Path]:
    file = tmp_path / "blog.xml"
    file.write_text(document(*items), encoding="utf-8")
    return [file]


def test_permalinks_slugs_from_before_and_numbers_lead_on(tmp_path: Path) -> None:
    files = export(
        tmp_path,
        item(7, more=BEFORE),
        item(8, post_type="page", post_name="about", link=f"{OLD}/%C3%A4/"),
        item(9, post_name="same", link="https://old.example/same/"),
        item(10, post_name="plain", link=f"{OLD}/?p=10"),
        item(11, post_name="gone", link=f"{OLD}/gone/"),
        item(12, post_name="secret", link=f"{OLD}/secret/", status="private"),
        item(13, post_name="odd", link=f"{OLD}/a;b%20c/"),
    )
    keys = ("first", "about", "same", "plain", "odd")
    found = find(files, {key: entry(key) for key in keys})
    assert {(each.path, each.number): each.target for each in found.redirects} == {
        ("/blog/2012/03/first/", ""): "/first/",
        ("/blog/2012/03/frist/", ""): "/first/",
        ("/blog/", "7"): "/first/",
        ("/blog/ä/", ""): "/about/",
        ("/blog/", "8"): "/about/",
        ("/blog/", "9"): "/same/",
        ("/blog/", "10"): "/plain/",
        ("/blog/", "13"): "/odd/",
    }
    assert [each.name for each in found.redirects if each.number] == ["p", "page_id", "p", "p", "p"]
    assert found.missing == (
        (f"{OLD}/gone/", "no post or page has this address or slug"),
        ("/blog/a;b c/", "cannot stand in a server's configuration"),
    )


def test_a_page_that_is_there_is_not_led_away(tmp_path: Path) -> None:
    entries = {"first": entry("first"), "other": entry("other")}
    files = export(tmp_path, item(7, link="https://old.example/other/"))
    entries["first"] = replace(entries["first"], url="https://blog.example/a/first/")
    found = find(files, entries)
    assert [each.path for each in found.redirects if not each.number] == []


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (
            Server.NETLIFY,
            [
                "/blog/2012/03/first/ /first/ 301",
                "/blog/%C3%A4 /%C3%A4/ 301",
                "/blog/ p=7 /first/ 301!",
                "/blog/ page_id=8 /about/ 301!",
            ],
        ),
        (
            Server.CADDY,
            [
                '\t"/blog/2012/03/first" "/first/"',
                '\t"/blog/ä/" "/%C3%A4/"',
                'map "{path} {query.p}" {old_p} {',
                '\t"/blog/ 8" "/about/"',
                "redir @old_page_id {old_page_id} permanent",
            ],
        ),
        (
            Server.NGINX,
            [
                '\t"/blog/2012/03/first" "/first/";',
                'map "$uri $arg_page_id" $old_page_id {',
                'map "$uri $arg_p" $old_address {',
                '\t"/blog/ 7" "/first/";',
                "\tdefault $old_page_id;",
            ],
        ),
    ],
)
def test_each_server_has_its_own_words(server: Server, expected: list[str]) -> None:
    made = list(lines(server, SOME))
    assert [each for each in expected if each not in made] == []


def test_pages_lead_on_and_lie_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    odd = (Redirect("/../x/", "", "", "/x/"), Redirect("/a.html", "", "", "/a/"))
    assert write_pages(folder, [*SOME, *odd], "https://blog.example") == 3
    written = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == {
        "pages/blog/2012/03/first/index.html",
        "pages/blog/ä/index.html",
        "pages/a.html",
    }
    page = (folder / "blog/2012/03/first/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=https://blog.example/first/"' in page
