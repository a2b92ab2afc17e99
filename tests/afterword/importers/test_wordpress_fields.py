"""What WordPress and its plugins keep beside a post, as lines of its file."""

from pathlib import Path

import pytest

from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.conftest import document, item

UPLOADS = "https://old.example/wp-content/uploads"


def meta(name: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{name}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def picture(number: int, address: str) -> str:
    return item(
        number, post_type="attachment", status="inherit", post_name="x", attachment_url=address
    )


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads/2012"
    folder.mkdir(parents=True)
    for name in ("my cät.png", "one.mp3", "two.mp3", "slides.pdf"):
        (folder / name).write_bytes(name.encode())
    return folder.parent


def taken(target: Target, uploads: Path, *items: str) -> tuple[dict[str, str], str, list[str]]:
    """Import posts, and return the lines and the text of the first, and what was said of it."""
    target.entries = {}
    file = uploads.parent / "blog.xml"
    file.write_text(document(*items), encoding="utf-8")
    source = WordPress((file,), Desk({"post": "posts", "page": "pages"}, uploads))
    report = target.take_from(source)
    head, _, body = (
        (target.root / "content/posts/first.md").read_text(encoding="utf-8").partition("\n\n")
    )
    lines = dict(line.split(": ", 1) for line in head.split("\n"))
    assert target.take_from(source).already == report.entries
    return lines, body, [each.why for each in report.changed]


def copied(target: Target) -> set[str]:
    folder = target.root / "content/images"
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()}


def test_a_featured_image_is_that_of_link_previews(target: Target, uploads: Path) -> None:
    lines, _, told = taken(
        target,
        uploads,
        item(7, more=meta("_thumbnail_id", "8")),
        picture(8, f"{UPLOADS}/2012/my c%C3%A4t.png"),
    )
    assert lines["Image"] == "images/2012/my%20c%C3%A4t.png"
    assert copied(target) == {"2012/my cät.png"}
    assert told == []


def test_a_featured_image_that_is_not_there_stays_where_it_is(
    target: Target, uploads: Path
) -> None:
    address = f"{UPLOADS}/2013/gone.png"
    lines, _, told = taken(
        target, uploads, item(7, more=meta("_thumbnail_id", "8")), picture(8, address)
    )
    assert lines["Image"] == address
    assert told == [f"needs {address}, which stays where it is"]


@pytest.mark.parametrize("number", ["", "7", "99", "-1"])
def test_a_featured_image_that_is_none_says_nothing(
    target: Target, uploads: Path, number: str
) -> None:
    lines, _, _ = taken(target, uploads, item(7, more=meta("_thumbnail_id", number)))
    assert "Image" not in lines


@pytest.mark.parametrize(
    "name",
    [
        "_yoast_wpseo_metadesc",
        "rank_math_description",
        "_aioseo_description",
        "_aioseop_description",
    ],
)
def test_what_search_engines_were_told_is_the_summary(
    target: Target, uploads: Path, name: str
) -> None:
    post = item(7, content="Begin.\n<!--more-->\nEnd.", more=meta(name, "Tom & *Jerry* &lt;3"))
    lines, _, told = taken(target, uploads, post)
    assert lines["Summary"] == r"Tom & \*Jerry\* &lt;3"
    assert told == []


def test_an_excerpt_is_the_summary_all_the_same(target: Target, uploads: Path) -> None:
    post = item(7, excerpt="In short.", more=meta("_yoast_wpseo_metadesc", "For others."))
    lines, _, told = taken(target, uploads, post)
    assert lines["Summary"] == "In short."
    assert told == ["has an excerpt, and words for search engines, which stay out"]


@pytest.mark.parametrize("text", ["%%excerpt%%", "%title% %sep% x", "#post_title on it", " "])
def test_what_a_plugin_would_have_filled_in_is_no_summary(
    target: Target, uploads: Path, text: str
) -> None:
    lines, _, _ = taken(target, uploads, item(7, more=meta("_aioseo_description", text)))
    assert "Summary" not in lines


def test_episodes_of_a_podcast_are_brought_along_by_feeds(target: Target, uploads: Path) -> None:
    first, second = f"{UPLOADS}/2012/one.mp3", f"{UPLOADS}/2012/t wo.mp3"
    (uploads / "2012/two.mp3").rename(uploads / "2012/t wo.mp3")
    other, missing = "https://cast.example/three.mp3?a=1&b=2", f"{UPLOADS}/2012/no.mp3"
    enclosed = (
        f"{first}\n123\naudio/mpeg\n",
        f"{first}\n123\naudio/mpeg\n",
        f"{second}\n0\naudio/mpeg\na:1:{{}}",
        f"{other}\r\n45\r\naudio/mpeg",
        f'{missing}\nmuch\n"x"',
        "nonsense",
        "javascript:alert(1)",
    )
    _, body, told = taken(
        target,
        uploads,
        item(
            7,
            content=f"Listen.\n\n[audio {first}]",
            more="".join(meta("enclosure", each) for each in enclosed),
        ),
    )
    assert body == "Listen.\n\n[one.mp3]({static}/images/2012/one.mp3)\n"
    text = (target.root / "content/posts/first.md").read_text(encoding="utf-8")
    assert [each[11:] for each in text.split("\n") if each.startswith("Enclosure: ")] == [
        "{static}/images/2012/one.mp3 123 audio/mpeg",
        "{static}/images/2012/t%20wo.mp3 audio/mpeg",
        f"{other} 45 audio/mpeg",
        missing,
    ]
    assert copied(target) == {"2012/one.mp3", "2012/t wo.mp3"}
    assert told == [f"needs {each}, which stays where it is" for each in (other, missing)]


@pytest.mark.parametrize(
    "address",
    [
        "https://x.files.wordpress.com/2012/one.mp3",
        "http://X.Files.Wordpress.com/2012/one.mp3?w=300",
        "https://i2.wp.com/x.files.wordpress.com/2012/one.mp3",
        "https://i2.wp.com/old.example/wp-content/uploads/2012/one.mp3",
        "https://i2.wp.com/i1.wp.com/x.files.wordpress.com/2012/one.mp3",
    ],
)
def test_uploads_at_other_hosts_of_wordpress_are_linked_here(
    target: Target, uploads: Path, address: str
) -> None:
    _, body, told = taken(target, uploads, item(7, content=f'<a href="{address}">One</a>'))
    assert body == "[One]({static}/images/2012/one.mp3)\n"
    assert (copied(target), told) == ({"2012/one.mp3"}, [])


@pytest.mark.parametrize("host", ["i2.wp.com", "i2.wp.com/else.example", "else.example"])
def test_what_lies_elsewhere_stays_there(target: Target, uploads: Path, host: str) -> None:
    address = f"https://{host}/2012/one.mp3"
    _, body, _ = taken(target, uploads, item(7, content=f'<a href="{address}">One</a>'))
    assert body == f"[One]({address})\n"


def test_what_is_linked_is_copied_as_well(target: Target, uploads: Path) -> None:
    content = f'<a href="{UPLOADS}/2012/slides.pdf">Slides</a> <a href="{UPLOADS}/no.pdf">None</a>'
    _, body, told = taken(target, uploads, item(7, content=content))
    assert body == (f"[Slides]({{static}}/images/2012/slides.pdf) [None]({UPLOADS}/no.pdf)\n")
    assert copied(target) == {"2012/slides.pdf"}
    assert told == [f"needs {UPLOADS}/no.pdf, which stays where it is"]


def test_a_link_to_the_page_of_an_upload_leads_to_the_upload(target: Target, uploads: Path) -> None:
    content = '<a href="/first/slides/">1</a> <a href="/?attachment_id=8">2</a>'
    slides = item(
        8,
        post_type="attachment",
        status="inherit",
        link="https://old.example/first/slides/",
        attachment_url=f"{UPLOADS}/2012/slides.pdf",
    )
    _, body, told = taken(target, uploads, item(7, content=content), slides)
    assert body == "[1]({static}/images/2012/slides.pdf) [2]({static}/images/2012/slides.pdf)\n"
    assert told == []


def test_what_is_called_oddly_is_found_all_the_same(target: Target, uploads: Path) -> None:
    (uploads / "50%#1?.png").write_bytes(b"odd")
    content = f'<img src="{UPLOADS}/50%25%231%3F.png" alt="">'
    lines, body, _ = taken(
        target,
        uploads,
        item(7, content=content, more=meta("_thumbnail_id", "8")),
        picture(8, f"{UPLOADS}/50%25%231%3F.png"),
    )
    assert body == "![]({static}/images/50%25%231%3F.png)\n"
    assert lines["Image"] == "images/50%25%231%3F.png"
