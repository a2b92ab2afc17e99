"""The page that all this began with: its text and its responses come out whole."""

import html.parser
import re
from pathlib import Path

import pytest

from tests.site import Site


class Text(html.parser.HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> str:
    """The words of a text, whatever stands between them."""
    return " ".join(re.findall(r"\w+", text))


@pytest.fixture
def first_page(corpora: Path) -> str:
    """What was visible on it, as plain text; it lies beside the corpora."""
    found = sorted((corpora.parent / "seeds").glob("*.txt"))
    if not found:
        pytest.skip("the first page is not here")
    return found[0].read_text(encoding="utf-8")


def test_every_line_of_the_post_and_of_its_responses_is_shown(site: Site, first_page: str) -> None:
    title, _, rest = first_page.partition("\n")
    post, _, below = rest.partition("Be Sociable")
    numbered = re.split(r"\n  (\d)\. (.+) says:\n", below.partition("Leave a Reply")[0])[1:]
    responses = list(zip(numbered[::3], numbered[1::3], numbered[2::3], strict=True))
    assert len(responses) == 4
    site.post("first", post.strip(), title=title.strip())
    for number, author, text in responses:
        body = re.sub(r"^ {1,4}", "", text, flags=re.MULTILINE).strip()
        site.response("first", number, body, author=author)
    build = site.build()
    assert build.status == 0, build.log
    page = Text()
    page.feed(build.read("first/index.html"))
    shown = words(page.text)
    lines = [title, *post.splitlines(), *(line for r in responses for line in r[2].splitlines())]
    assert [line for line in lines if words(line) not in shown] == []
    assert shown.count("Dave says") == 3
