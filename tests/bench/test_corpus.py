"""The corpus: any size, the same for the same seed, and what every tool can read."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from afterword import commentfile
from bench.corpus import CATEGORIES, LARGEST_THREAD, TAGS, Corpus, write
from bench.layouts import LAYOUTS
from tests.site import Site

SMALL = Corpus(60)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_the_same_seed_gives_the_same_files(layout: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        random.seed(name)
        write(Corpus(3), tmp_path / name, LAYOUTS[layout])
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_another_blog() -> None:
    assert replace(SMALL, seed=2).post(7) != SMALL.post(7)


def test_writing_a_site_leaves_nothing_of_the_last_one(tmp_path: Path) -> None:
    write(Corpus(4), tmp_path / "site", LAYOUTS["pelican"])
    write(Corpus(3), tmp_path / "site", LAYOUTS["pelican"])
    assert len(list((tmp_path / "site" / "content" / "posts").iterdir())) == 3


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "site" / "novel.txt"
    mine.parent.mkdir()
    mine.write_text("Chapter 1")
    with pytest.raises(OSError, match="not empty"):
        write(Corpus(3), tmp_path / "site", LAYOUTS["pelican"])
    assert mine.read_text() == "Chapter 1"


def test_there_are_as_many_posts_as_asked_for_over_ten_years() -> None:
    posts = list(SMALL.posts())
    assert len({post.slug for post in posts}) == SMALL.size
    assert [post.date for post in posts] == sorted(post.date for post in posts)
    assert timedelta(days=3500) < posts[-1].date - posts[0].date < timedelta(days=3653)


def test_a_post_has_400_to_900_words_a_category_and_three_tags() -> None:
    for post in SMALL.posts():
        assert 400 <= len(post.body.split()) <= 900
        assert post.category in CATEGORIES
        assert len(set(post.tags)) == 3
        assert set(post.tags) <= set(TAGS)
    text = "\n".join(post.body for post in SMALL.posts())
    assert all(mark in text for mark in ("\n## ", "\n- ", "\n1. ", "\n> ", "\n```python\n", "]("))


def test_there_are_12_categories_and_200_tags() -> None:
    assert (len(set(CATEGORIES)), len(set(TAGS))) == (12, 200)


def test_responses_are_about_five_a_post_and_300_in_one() -> None:
    sizes = sorted(len(Corpus(1000).post(number).responses) for number in range(1000))
    assert sizes[-1] == LARGEST_THREAD
    assert sizes[-2] > 40
    assert 4 < sum(sizes) / 1000 < 6


def test_each_reply_answers_an_earlier_response_of_its_thread() -> None:
    replies = 0
    for post in SMALL.posts():
        before: set[str | None] = {None}
        for each in post.responses:
            assert each.replyto in before
            replies += each.replyto is not None
            before.add(each.id)
    assert replies > SMALL.size


def test_the_post_to_change_is_in_the_middle_and_like_most() -> None:
    post = SMALL.ordinary()
    assert int(post.slug.rpartition("-")[2]) >= SMALL.size // 2
    assert 3 <= len(post.responses) <= 7


def test_responses_read_as_they_were_meant() -> None:
    post = SMALL.post(20)
    *_, (name, text) = LAYOUTS["pelican"].files(post)
    found = commentfile.parse(text.encode(), Path(name), post.slug)
    last = post.responses[-1]
    assert (found.author, found.date, found.website) == (last.author, last.date, last.website)
    assert (found.id, found.replyto, found.body) == (last.id, last.replyto, last.body)


def test_both_settings_build_the_same_site(tmp_path: Path) -> None:
    write(Corpus(3), tmp_path / "site", LAYOUTS["pelican"])
    site = Site(tmp_path / "site")
    ours = site.build_with("pelicanconf.py", output="ours")
    stock = site.build_with("stock.py", output="stock")
    assert (ours.status, stock.status) == (0, 0)
    assert "WARNING" not in ours.log + stock.log
    assert ours.files() == stock.files()
    assert (site.root / "var").exists()
