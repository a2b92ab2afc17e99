"""The service's pages in the site's frame, whatever frame there is and whoever says what."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markupsafe import escape

from afterword.intake import Pages
from afterword.render import CONTENT_SLOT, TITLE_SLOT

FRAME = f"<title>{TITLE_SLOT} | Blog</title><header>Blog</header>{CONTENT_SLOT}<footer>End</footer>"


def pages(frame: Path) -> Pages:
    templates = {"comments/word.html": "<h1>{{ title }}</h1><p>{{ word }}</p>"}
    environment = Environment(loader=DictLoader(templates), autoescape=True)
    return Pages(environment, lambda: pytest.fail("no view is asked for"), lambda: frame)


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frame of a site."""
    path = tmp_path_factory.mktemp("site") / "frame.txt"
    path.write_text(FRAME)
    return path


def test_what_is_said_stands_in_the_middle_and_the_title_in_its_place(frame: Path) -> None:
    page = pages(frame).page("word", "A & B", {"word": "Hello."})
    assert page == (
        "<title>A &amp; B | Blog</title><header>Blog</header>"
        "<h1>A &amp; B</h1><p>Hello.</p><footer>End</footer>"
    )


_text = st.lists(st.sampled_from([CONTENT_SLOT, TITLE_SLOT, "<b>", "{{ 7*7 }}", "\\1", "x"])).map(
    "".join
)


@given(_text, _text)
def test_nobodys_words_are_taken_for_a_slot(frame: Path, title: str, word: str) -> None:
    page = pages(frame).page("word", title, {"word": word})
    assert page == (
        f"<title>{escape(title)} | Blog</title><header>Blog</header>"
        f"<h1>{escape(title)}</h1><p>{escape(word)}</p><footer>End</footer>"
    )


@pytest.mark.parametrize("content", [None, b"", b"<p>An old theme's page</p>", b"\xff\xfe"])
def test_without_a_frame_a_plain_page_stands_in(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "frame.txt"
    if content is not None:
        path.write_bytes(content)
    page = pages(path).page("word", "A & B", {"word": "Hello."})
    assert page.startswith("<!doctype html>")
    assert "<title>A &amp; B</title>" in page
    assert "<main><h1>A &amp; B</h1><p>Hello.</p></main>" in page


def test_a_new_build_is_seen_at_once(tmp_path: Path) -> None:
    path = tmp_path / "frame.txt"
    one = pages(path)
    assert "Hello." in one.page("word", "T", {"word": "Hello."})
    path.write_text(FRAME.replace("End", "New end"))
    assert "New end" in one.page("word", "T", {"word": "Hello."})
