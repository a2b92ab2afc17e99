"""The demonstration blog, built as `make html` and `make publish` build it."""

import json
import re

import pytest

from tests.site import ROOT, Build, Site

POST = "bad-career-advice-just-network"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demonstration blog in a folder of its own."""
    root = tmp_path_factory.mktemp("demonstration")
    for name in ("content", "theme", "plugins", "pelicanconf.py", "publishconf.py"):
        (root / name).symlink_to(ROOT / name)
    return Site(root)


@pytest.fixture(scope="module")
def published(demonstration: Site) -> Build:
    """The blog as it is published."""
    return demonstration.build_with("publishconf.py")


def test_it_builds_without_a_complaint(published: Build) -> None:
    assert published.status == 0
    assert published.log.startswith("Done: Processed"), published.log


def test_nothing_of_this_machine_is_published(published: Build) -> None:
    everything = b"".join(published.files().values())
    for trace in (b"127.0.0.1", b"localhost", str(ROOT).encode(), b"/tmp/"):
        assert trace not in everything


def test_no_address_of_a_reader_is_published(published: Build) -> None:
    everything = b"".join(published.files().values()).decode()
    assert re.findall(r"[\w.]+@[\w.]+\.\w+", everything) == []


def test_the_same_bytes_come_out_in_any_surroundings(demonstration: Site, published: Build) -> None:
    surroundings = [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "LANG": "de_DE"},
    ]
    for number, environment in enumerate(surroundings):
        again = demonstration.build_with(
            "publishconf.py", environment=environment, output=f"again-{number}"
        )
        assert again.files() == published.files()


def test_the_first_post_shows_what_the_page_this_began_with_showed(published: Build) -> None:
    page = published.read(f"{POST}/index.html")
    assert page.count('rel="category tag"') == 9
    assert page.count('rel="tag"') == 6
    for text in (
        "Skip to content",
        "Posted on",
        "Be sociable, share:",
        "This entry was posted in",
        "and tagged",
        "Bookmark the",
        "4 Responses to <cite>Bad Career Advice: Just Network!</cite>",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked",
        "Related posts",
    ):
        assert text in page, text
    assert page.count('<span class="says">says:</span>') == 4
    assert 'action="/comments/submit"' in page


def test_every_response_file_is_on_its_page(published: Build) -> None:
    files = list((ROOT / "content/comments").rglob("*.md"))
    assert len(files) > 40
    for path in files:
        pages = [
            published.output / path.parent.name / "index.html",
            published.output / "drafts" / path.parent.name / "index.html",
        ]
        page = next(page for page in pages if page.is_file())
        assert f'id="comment-{path.stem}"' in page.read_text(encoding="utf-8")


def test_drafts_are_in_no_list_feed_or_map(published: Build) -> None:
    draft = "never-burn-a-bridge"
    mentioning = [name for name, data in published.files().items() if draft.encode() in data]
    assert mentioning == ["drafts/bad-career-advice-never-burn-a-bridge/index.html"]


def test_hidden_posts_are_in_no_page_or_feed_but_their_own(published: Build) -> None:
    hidden = "the-number-i-asked-for"
    mentioning = {name for name, data in published.files().items() if hidden.encode() in data}
    own = {name for name in mentioning if name.startswith(hidden)}
    # The service has to know that it can be answered.
    assert mentioning - own == {"comments/entries.json"}
    keys = [
        each["entry"] for each in json.loads(published.read("comments/entries.json"))["entries"]
    ]
    assert hidden in keys
