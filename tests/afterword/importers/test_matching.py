"""Which entry a thread belongs to."""

from collections.abc import Mapping

import pytest

from afterword.importers.findings import Thread
from afterword.importers.matching import match, path_of
from afterword.model import check_entry_key
from tests.afterword.importers.conftest import entry

ENTRIES = {key: entry(key) for key in ("first", "second", "2012/third")}


def keys(*threads: Thread, keep: bool = False, said: Mapping[str, str] | None = None) -> list[str]:
    found = match(threads, ENTRIES, said or {}, keep=keep)
    return [found[each.id].key for each in threads]


@pytest.mark.parametrize(
    "thread",
    [
        Thread("1", "", url="https://old.example/first/"),
        Thread("1", "", url="http://blog.example/first/index.html?replytocom=3#comment-3"),
        Thread("1", "", url="/first.html"),
        Thread("1", "", url="https://old.example/2012/03/first/"),
        Thread("1", "", key="first"),
        Thread("first", ""),
        Thread("https://old.example/first/", "", url=""),
        Thread("/posts/first.php", ""),
        Thread("1", "", url="https://old.example/?p=12", alias="first"),
        Thread("1", "", url="https://old.example/?p=12", alias="12 https://old.example/first/"),
    ],
)
def test_a_thread_is_matched_by_address_slug_or_id(thread: Thread) -> None:
    assert keys(thread) == ["first"]


@pytest.mark.parametrize(
    "url",
    ["", "/", "https://old.example/?p=12", "https://old.example/first/?p=12", "/other/", "//["],
)
def test_an_address_that_says_nothing_matches_nothing(url: str) -> None:
    assert keys(Thread("12", "", url=url)) == [""]


def test_an_entry_is_not_several_threads_whose_slugs_are_alike() -> None:
    one, other = Thread("1", "", url="/2011/first/"), Thread("2", "", url="/2013/first/")
    assert keys(one, other) == ["", ""]
    assert keys(one, Thread("3", "", url="http://www.old.example/2011/first")) == ["first", "first"]
    assert keys(one, Thread("3", "", url="/first/")) == ["", "first"]


def test_what_the_owner_says_counts_most() -> None:
    assert keys(Thread("1", "", url="/first/"), said={"/first/": "second"}) == ["second"]
    assert keys(Thread("1", "", url="/first/"), said={"1": "second"}) == ["second"]


@pytest.mark.parametrize(
    "name",
    [
        "/",
        "../../x",
        "/a/../b",
        "C:\\x",
        "\0",
        "/" + "é" * 300,
        "/.git/",
        "/?p=3",
        "/first/x",
        "///",
    ],
)
def test_a_key_made_from_an_address_is_always_usable(name: str) -> None:
    (key,) = keys(Thread(name, "", url=name), keep=True)
    check_entry_key(key)
    assert ".." not in key


def test_a_key_made_from_an_address_is_no_entrys() -> None:
    one, other = Thread("1", "", url="/2011/first/"), Thread("2", "", url="/x/first/")
    assert keys(one, other, keep=True) == ["2011/first", "x/first"]
    assert keys(Thread("1", "", url="/2011/third/"), keep=True) == ["2011/third"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://x.example/a%20b/", "a b"),
        ("/index.php", ""),
        ("a/index.html", "a"),
        ("x.HTML", "x"),
    ],
)
def test_paths_are_compared_as_people_read_them(url: str, path: str) -> None:
    assert path_of(url) == path
