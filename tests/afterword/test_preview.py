"""What browsers are shown of a site that is being built."""

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from afterword.preview import BUILDS_URL, Preview


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the builds go."""
    return tmp_path / "output"


def build(folder: Path) -> None:
    """Leave a page and a picture."""
    (folder / "a").mkdir(parents=True)
    (folder / "a/index.html").write_text("<p>A page.</p>")
    (folder / "b.svg").write_text("<svg/>")


def test_of_the_first_build_nothing_is_shown_before_its_end(folder: Path) -> None:
    preview = Preview(folder)
    client = TestClient(preview)
    build(folder)
    for path in ("/a/", "/b.svg", "/c/"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert BUILDS_URL in answer.text
    preview.finished()
    assert "A page." in client.get("/a/").text


def test_what_an_earlier_preview_has_built_is_shown_at_once(folder: Path) -> None:
    build(folder)
    assert "A page." in TestClient(Preview(folder)).get("/a/").text


def test_pages_know_of_which_build_they_are_and_other_files_are_as_they_are(folder: Path) -> None:
    build(folder)
    preview = Preview(folder)
    client = TestClient(preview)
    assert f'"{preview.number}"' in client.get("/a/").text
    before = preview.number
    preview.finished()
    assert preview.number != before
    assert f'"{preview.number}"' in client.get("/a/").text
    picture = client.get("/b.svg")
    assert picture.text == "<svg/>"
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_page_that_is_not_there_waits_for_one_that_is(folder: Path) -> None:
    build(folder)
    client = TestClient(Preview(folder))
    answer = client.get("/c/")
    assert answer.status_code == 404
    assert BUILDS_URL in answer.text
    (folder / "404.html").write_text("Our own words.")
    answer = client.get("/c/")
    assert answer.status_code == 404
    assert answer.text.startswith("Our own words.")
    assert BUILDS_URL in answer.text


def test_files_are_only_read(folder: Path) -> None:
    build(folder)
    app = Starlette(routes=[Mount("/", Preview(folder))])
    assert TestClient(app).post("/a/").status_code == 405


def test_who_listens_is_told_of_each_build_and_of_the_end(folder: Path) -> None:
    async def listening() -> list[int]:
        preview = Preview(folder)
        heard = []
        async for number in preview.numbers():
            heard.append(number)
            # While this one is still being told of the last.
            preview.finished() if len(heard) < 3 else preview.end()
        return heard

    first, *more = asyncio.run(listening())
    assert more == [first + 1, first + 2]
