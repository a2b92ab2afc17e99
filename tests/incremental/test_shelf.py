"""The link to the live release: where it leads, and what else may be in its place."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from incremental.shelf import Refused
from tests.incremental.publishing import ONE, TWO, Blog, read, write


def test_the_folder_may_be_moved(blog: Blog, tmp_path: Path) -> None:
    blog.publish(ONE)
    (tmp_path / "moved").mkdir()
    for name in ("public", "public.releases"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    assert read(tmp_path / "moved/public") == ONE


def test_names_sort_as_they_were_made_even_if_the_clock_is_put_back(blog: Blog) -> None:
    blog.minutes = count(60)
    blog.publish(ONE)
    blog.minutes = count(0)
    blog.publish(TWO)
    blog.publish(ONE)
    assert blog.shelf.names() == [f"2026-11-25T01000{second}Z" for second in range(3)]
    assert blog.live() == ONE


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_in_the_links_place_is_named_and_kept(blog: Blog, kind: str) -> None:
    if kind == "folder":
        write(blog.link, ONE)
    elif kind == "file":
        blog.link.write_text("Hers.")
    else:
        write(blog.root / "elsewhere", ONE)
        blog.link.symlink_to("elsewhere")
    before = {path: path.lstat().st_ino for path in blog.root.rglob("*")}
    for act in (blog.publish, blog.renew):
        with pytest.raises(Refused, match=f"{blog.link} is a {kind}"):
            act(TWO)
    assert {path: path.lstat().st_ino for path in blog.root.rglob("*")} == before


@pytest.mark.parametrize("act", ["publish", "renew"])
def test_a_link_that_leads_nowhere_any_more_is_put_right(blog: Blog, act: str) -> None:
    again = blog.publish if act == "publish" else blog.renew
    blog.publish(ONE)
    shutil.rmtree(blog.release(0))
    assert blog.shelf.live() is None
    again(ONE)
    assert blog.live() == ONE
    blog.link.unlink()
    again(ONE)
    assert blog.live() == ONE
    assert len(blog.shelf.names()) == 1
